import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CalendarDate } from './ids.ts';
import { noteEntries, type NoteContext } from './log-notes.ts';
import { readLogText } from './log-text.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const context: NoteContext = {
  machine: '11111111-2222-3333-4444-555555555555',
  date: '2031-03-09' as CalendarDate,
  fallbackFrom: 'kiln',
  sha256,
};
const NOTE = '## Note for Ana\n\nPlease look at mx2.\n';
const hashes = (text: string, path: string, more: Partial<NoteContext> = {}): readonly string[] =>
  noteEntries(readLogText(text, path), { ...context, ...more }).map((note) => note.hash);
const mark = (session: string): string => `<!-- session-log: session=${session} saved=x text=0 -->\n`;

describe('the identity of a note', () => {
  it('is what it always was where the name or the entry says the day', () => {
    const identity = (day: string): string =>
      sha256(JSON.stringify(['kiln', 'ana', day, 'Please look at mx2.']));
    const block = '## User\n\n- **User:** Ben Ito (ben)\n- **Machine:** KILN\n\n';
    expect(hashes(block + NOTE, '2031-03-01-ben-mail.md')).toEqual([identity('2031-03-01')]);
    const entry = '## 2031-03-09T09:00:00Z - Session Entry\n\n**Session ID:** s-1\n**Machine:** kiln\n';
    const log = '**Log:** `harbour/session-logs/2031-03-01-ben-mail.md`\n';
    const daily = 'SESSION-LOG-2031-03-09.md';
    expect(hashes(`${entry}${log}\n#${NOTE}`, daily)).toEqual([identity('2031-03-01')]);
    expect(hashes(`${entry}\n#${NOTE}`, daily)).toEqual([identity('2031-03-09')]);
    expect(hashes(`---\ndate: 2031-03-02\n---\n${block}${NOTE}`, 'mail.md')).toEqual([
      identity('2031-03-02'),
    ]);
  });

  it('depends on nothing that moves: the time of the file, its folder', () => {
    const body = `# The queue\n\n${NOTE}`;
    for (const name of ['2031-03-01.md', 'mail.md']) {
      const [there] = hashes(body, name);
      fc.assert(
        fc.property(
          fc.integer({ min: 2000, max: 2040 }),
          fc.constantFrom('', 'old/', '2031/04/05/', 'a/b/'),
          (year, folder) => {
            const date = `${year}-06-07` as CalendarDate;
            expect(hashes(body, folder + name, { date })).toEqual([there]);
          },
        ),
      );
    }
  });

  it('is the same in the copy of a daily log, whatever the log is called', () => {
    const entry = (log: string): string =>
      `## 2031-03-09T09:00:00Z - Session Entry\n\n**Session ID:** s-1\n**User:** Ben (ben)\n**Machine:** kiln\n**Log:** \`harbour/session-logs/${log}\`\n${mark('s-1')}\n#${NOTE}`;
    const block = '## User\n\n- **User:** Ben (ben)\n- **Machine:** kiln\n\n';
    for (const name of ['2031-03-01-ben-mail.md', '2031-03-01.md', 'SESSION_20310301.md', 'mail.md']) {
      const inWorkspace = hashes(`# Mail\n\n${block}## Update: 10:00 — x\n\n${mark('s-1')}\n#${NOTE}`, name);
      expect(hashes(entry(name), 'SESSION-LOG-2031-03-09.md')).toEqual(inWorkspace);
    }
  });

  it('tells equal notes of two logs apart by what is stable in them', () => {
    const all = [
      hashes(NOTE, '2031-03-01.md'),
      hashes(NOTE, '2031-03-02.md'),
      hashes(`${mark('s-1')}${NOTE}`, 'mail.md'),
      hashes(`${mark('s-2')}${NOTE}`, 'mail.md'),
      hashes(`**Date:** 2031-03-03\n\n${NOTE}`, 'mail.md'),
      hashes(`# The queue\n\n${NOTE}`, 'mail.md'),
      hashes(`# The pool\n\n${NOTE}`, 'mail.md'),
    ].flat();
    expect(new Set(all).size).toBe(all.length);
  });

  it('is the same in each older version that a migration keeps', () => {
    expect(hashes(NOTE, 'SESSION-LOG-2031-03-09.harbour-0123456789.md')).toEqual(
      hashes(NOTE, 'SESSION-LOG-2031-03-09.md'),
    );
  });
});
