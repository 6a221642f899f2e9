import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processorTime } from '../../main/testing/processor-time.ts';
import { unwrap } from '../result.ts';
import { parseCalendarDate, parseMachineUuid } from './ids.ts';
import { NOTE_TEXT_LIMIT } from './log-entry.ts';
import { noteEntries, type NoteContext } from './log-notes.ts';
import { NOTE_LIMIT, SECTION_LIMIT } from './log-text/log-reader.ts';
import { readNoteHeading } from './log-text/note-heading.ts';
import { readLogText } from './log-text.ts';

const PATH = '2026-06-05-mike-dns.md';
const DAILY = 'SESSION-LOG-2026-06-05.md';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const context: NoteContext = {
  machine: unwrap(parseMachineUuid('11111111-2222-3333-4444-555555555555')),
  date: unwrap(parseCalendarDate('2026-06-05')),
  fallbackFrom: 'kali',
  sha256,
};

const SESSION_LOG = `# Session Log \u2014 DNS move

## User

- **User:** Mike Swanson (mike)
- **Machine:** GURU-KALI
- **Role:** admin
- **Session span:** 09:00 to 11:00

## Session Summary

Moved the zone.

## Note for Howard

Please check \`mx2\`.

\`\`\`
## Note for nobody
\`\`\`

### Details

More.

## Reference Information

None.
`;

describe('a session log', () => {
  const log = readLogText(SESSION_LOG, PATH);

  it('gives its title and its User block', () => {
    expect(log).toMatchObject({
      title: 'DNS move',
      author: 'Mike Swanson',
      user: 'mike',
      machineName: 'GURU-KALI',
      role: 'admin',
      sessions: 1,
      openFence: null,
    });
  });

  it('lists headings with their lines, without those inside a fence', () => {
    expect(log.sections).toEqual([
      { title: 'Session Log \u2014 DNS move', level: 1, line: 1 },
      { title: 'User', level: 2, line: 3 },
      { title: 'Session Summary', level: 2, line: 10 },
      { title: 'Note for Howard', level: 2, line: 14 },
      { title: 'Details', level: 3, line: 22 },
      { title: 'Reference Information', level: 2, line: 26 },
    ]);
  });

  it('ends a note at the next heading of its level and keeps deeper ones in it', () => {
    expect(log.notes).toEqual([
      {
        to: 'Howard',
        kind: 'note',
        line: 14,
        endLine: 25,
        text: 'Please check `mx2`.\n\n```\n## Note for nobody\n```\n\n### Details\n\nMore.',
        entry: null,
        session: null,
      },
    ]);
  });

  it('says the same with CRLF and a byte order mark, down to the hash of the note', () => {
    const windows = readLogText(`\ufeff${SESSION_LOG.replaceAll('\n', '\r\n')}`, PATH);
    expect(windows).toEqual(log);
    expect(noteEntries(windows, context)).toEqual(noteEntries(log, context));
  });
});

describe('a title', () => {
  it.each([
    ['---\ntitle: "From front matter" # why\ndate: 2026-06-05\n---\n## Second\n# First\n', 'First'],
    ['---\ntitle: "From front matter" # why\n---\n## Second\n', 'From front matter'],
    ['text\n### Third ###\n## Second\n', 'Third'],
    ['#\n## \nno heading with words\n', null],
    ['', null],
    ['#hashtag\n####### seven\n    # code\n', null],
    ['<!-- # hidden\n# also -->\n# Seen\n', 'Seen'],
    ['<!-- never closed\n# Seen\n', 'Seen'],
    ['# a\u0000b\u202ec\u001b[31m\td\n', 'a bc [31m d'],
  ])('of %j is %j', (text, title) => {
    expect(readLogText(text, PATH).title).toBe(title);
  });

  it('reads front matter only at the top and only when it ends', () => {
    expect(
      readLogText('---\ntitle: x\ncreated: 2026-01-02\nupdated: 2026-01-03\ndate: 2026-01-04\n...\n', 'a.md')
        .frontMatter,
    ).toEqual({
      title: 'x',
      created: '2026-01-02',
      updated: '2026-01-03',
      date: '2026-01-04',
    });
    expect(readLogText('---\ntitle: x\n', 'a.md').frontMatter.title).toBeNull();
    expect(readLogText('\n---\ntitle: x\n---\n', 'a.md').frontMatter.title).toBeNull();
  });

  it('counts lines from the top of the file, front matter included', () => {
    expect(readLogText('---\ntitle: x\n---\n\n# A\n', 'a.md').sections).toEqual([
      { title: 'A', level: 1, line: 5 },
    ]);
  });
});

describe('the heading of a note', () => {
  it.each([
    ['Note for Mike', 'Mike', 'note'],
    ['MESSAGE FOR ALL', 'ALL', 'message'],
    ['note for **Mike Swanson**:', 'Mike Swanson', 'note'],
    ['Note for @howard \u2014 the DNS move', 'howard', 'note'],
    ['Note for Mike: the DNS move', 'Mike', 'note'],
    ['Note for Mike (urgent)', 'Mike', 'note'],
    ['Note for jean-luc', 'jean-luc', 'note'],
    ['Note for Mike and Howard', 'Mike and Howard', 'note'],
  ])('%j addresses %j', (title, to, kind) => {
    expect(readNoteHeading(title)).toEqual({ to, kind });
  });

  it.each(['Note for', 'Note for :', 'Notes for Mike', 'A note for Mike', 'Notefor Mike', 'Message'])(
    '%j is none',
    (title) => {
      expect(readNoteHeading(title)).toBeNull();
    },
  );

  it('counts from level 2 on', () => {
    const log = readLogText('# Note for A\nx\n###### Note for B\ny\n', PATH);
    expect(log.notes.map((note) => note.to)).toEqual(['B']);
  });
});

describe('a daily log', () => {
  const daily = `---
created: 2026-06-05
---
## 2026-06-05T09:00:00Z - Session Entry

**Session ID:** s-1
**Focus:** DNS

### 2026-06-05T09:30:00Z - fix

## 2026-06-05T10:00:00.123Z - Session Entry

**Session ID:** s-2
**User:** Howard Enos (howard)
**Machine:** ACG-5070
**Log:** \`session-logs/2026-06-04-howard-backup.md\`

### Note for mike

Take over.

## 2026-06-05T11:00:00Z - Session Entry

**Session ID:** S-1
`;

  it('counts distinct sessions', () => {
    expect(readLogText(daily, DAILY).sessions).toBe(2);
    expect(readLogText(daily, 'other.md').sessions).toBe(1);
    expect(readLogText('', DAILY).sessions).toBe(1);
    expect(readLogText('## 2026-06-05T09:00:00Z - Session Entry\n'.repeat(3), DAILY).sessions).toBe(3);
  });

  it('attributes a note to its own entry, so that it hashes like the same note in the log of that session', () => {
    const [inDaily] = noteEntries(readLogText(daily, DAILY), context);
    const session =
      '## User\n- **User:** Howard Enos (howard)\n- **Machine:** acg-5070\n## Note for Mike\nTake over.\n';
    const [inSession] = noteEntries(readLogText(session, '2026-06-04-howard-backup.md'), {
      ...context,
      machine: unwrap(parseMachineUuid('99999999-2222-3333-4444-555555555555')),
      date: unwrap(parseCalendarDate('2026-06-04')),
    });
    expect(inDaily).toMatchObject({
      from: 'Howard Enos',
      to: 'mike',
      date: '2026-06-04',
      text: 'Take over.',
      truncated: false,
    });
    expect(inSession?.hash).toBe(inDaily?.hash);
  });
});

describe('entries of notes', () => {
  it('tell machines, addressees, days and texts apart, and fold a repeated note', () => {
    const of = (text: string, more: Partial<NoteContext> = {}, path = PATH): readonly string[] =>
      noteEntries(readLogText(text, path), { ...context, ...more }).map((note) => note.hash);
    const base = of('## Note for a\nx\n');
    const variants = [
      of('## Note for b\nx\n'),
      of('## Note for a\ny\n'),
      of('## Note for a\nx\n', {}, '2026-06-06-mike-dns.md'),
      of('## Note for a\nx\n', { machine: unwrap(parseMachineUuid('99999999-2222-3333-4444-555555555555')) }),
      of('## User\n- **Machine:** M\n## Note for a\nx\n'),
    ];
    expect(new Set([base, ...variants].flat()).size).toBe(6);
    expect(of('## Note for A\nx\n## Message for a\n\nx\n')).toEqual(base);
  });

  it('fall back to the host name and cut at the limit without splitting a character', () => {
    const long = `## Note for a\n${'x'.repeat(NOTE_TEXT_LIMIT - 1)}\u{1f600} end\n`;
    const [note] = noteEntries(readLogText(long, PATH), context);
    expect(note).toMatchObject({ from: 'kali', truncated: true, line: 1 });
    expect(note?.text).toBe('x'.repeat(NOTE_TEXT_LIMIT - 1));
  });
});

describe('hostile text', () => {
  const timed = (text: string, path = PATH): ReturnType<typeof readLogText> => {
    const before = processorTime();
    const log = readLogText(text, path);
    // The bound is for what is not linear: the slowest of these takes well under a second.
    expect(processorTime() - before).toBeLessThan(5_000);
    return log;
  };

  it('a note of 5 MB is one note', () => {
    const body = 'word '.repeat(1_000_000).trim();
    const log = timed(`## Note for all\n${body}\n## End\n`);
    expect(log.notes[0]?.text).toBe(body);
    expect(noteEntries(log, context)[0]).toMatchObject({ truncated: true });
  });

  it('10,000 headings are all there', () => {
    expect(timed('## Heading\n'.repeat(10_000)).sections.at(-1)).toEqual({
      title: 'Heading',
      level: 2,
      line: 10_000,
    });
  });

  it('a million note headings are cut to the bounds', () => {
    const log = timed('## Note for x\n'.repeat(1_000_000));
    expect([log.sections.length, log.notes.length]).toEqual([SECTION_LIMIT, NOTE_LIMIT]);
  });

  it('one line of 100 MB, heading or text, is bounded', () => {
    const line = 'a'.repeat(100_000_000);
    expect(timed(`# ${line}`).title).toHaveLength(300);
    expect(timed(`## User\n- **User:** ${line}\n# T`).title).toBe('T');
    expect(timed(`${'#'.repeat(1_000_000)} x`).title).toBeNull();
  });

  it('patterns have no slow path', () => {
    timed(`---\n${`k: "${'" '.repeat(10_000)}x\n`.repeat(1)}---\n`);
    timed(`## User\n${`- **Key**${' '.repeat(1_900)}\n`.repeat(5_000)}`);
    timed(`## User\n${`- **User:** ${'('.repeat(390)}\n`.repeat(5_000)}`);
    timed('<!--\n'.repeat(500_000));
    timed(`${'`'.repeat(5_000_000)}\n`);
    timed('```\n'.repeat(500_001));
    timed(`## Note for ${' -'.repeat(2_000)}\n`.repeat(2_000));
    timed('\n'.repeat(20_000_000));
    timed('-'.repeat(8_000_000));
    timed('---\n'.repeat(2_000_000));
    timed('x\n==\n\n'.repeat(200_000));
    timed(`---\n${'key: value\n'.repeat(500_000)}---\n`);
    timed(`# ${'*a* '.repeat(25_000)}\n`);
    timed(`## ${'*a'.repeat(140)}\n`.repeat(5_000));
    timed(`## ${'[a]('.repeat(70)}\n`.repeat(5_000));
    timed(`## ${'_a '.repeat(55)}\n`.repeat(5_000));
    timed(`## ${'- '.repeat(140)}note for x\n`.repeat(5_000));
    timed('<pre>\n'.repeat(500_000));
    timed(`${'| Date '.repeat(140)}\n`.repeat(5_000));
    timed(`**Date:** ${'5 may '.repeat(160)}\n`.repeat(5_000));
    timed(`## 2026-06-05T09:00:00Z - Session Entry\n**Log:** ${'(['.repeat(180)}\n`.repeat(5_000), DAILY);
  });

  it('NULs and lone surrogates pass through', () => {
    const log = readLogText('# a\n\u0000\ud800\n## Note for x\n\u0000\udfff\n', PATH);
    expect(log.notes[0]?.text).toBe('\u0000\udfff');
  });

  it('an open fence is named, because it hides what follows', () => {
    const log = readLogText('# A\n~~~\n## Note for x\n```\n', PATH);
    expect(log).toMatchObject({ openFence: 2, notes: [] });
  });

  it('whatever comes in, every place named exists', () => {
    const piece = fc.constantFrom(
      '## Note for a',
      '# ',
      '```',
      '~~~~',
      '<!--',
      '-->',
      '---',
      '\n',
      '\r\n',
      '- **User:** A (b)',
      '## User',
      'x',
      '\u0000',
      '   ',
      '\t',
      '===',
      '+++',
      '<pre>',
      '</pre>',
      '**Date:** 2026-06-05',
      '| Date | x |',
      'title: y',
      '## 2026-06-05T09:00:00Z - Session Entry',
      '**Session ID:** s-1',
      '<!-- session-log: session=s-1 saved=x text=0 -->',
      '## 3. *Note* for [b](c)',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        const lines = text.replace(/\n$/, '').split('\n').length;
        const log = readLogText(text, DAILY);
        for (const { ranges } of log.entries) {
          for (const [from, to] of ranges)
            expect([from > 0, from <= to, to <= lines]).toEqual([true, true, true]);
        }
        for (const section of log.sections) expect(section.line).toBeLessThanOrEqual(lines);
        for (const note of log.notes) {
          expect(note.endLine).toBeGreaterThanOrEqual(note.line);
          expect(note.endLine).toBeLessThanOrEqual(lines);
          expect(text.replaceAll('\r\n', '\n')).toContain(note.text);
        }
      }),
      { numRuns: 500 },
    );
  });
});
