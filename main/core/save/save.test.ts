import { mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseCalendarDate, parseMachineUuid } from '../../../shared/domain/ids.ts';
import { noteEntries } from '../../../shared/domain/log-notes.ts';
import { readLogText } from '../../../shared/domain/log-text.ts';
import { unwrap } from '../../../shared/result.ts';
import { createSaveWorld, type SaveWorld } from '../../testing/save-world.ts';
import { SECTIONS } from '../../../shared/domain/log-text/sections.ts';

let world: SaveWorld;
beforeEach(() => {
  world = createSaveWorld();
  world.now = Date.UTC(2026, 5, 5, 17, 3, 0);
});
afterEach(() => world.end());

describe('the first save of a session', () => {
  it('makes a log with title, mark, block and the ten sections in order', async () => {
    const report = await world.save(
      '# Session Log \u2014 DNS move\n\nMoved the zone.\n\n## Key Decisions\n\n- kept the TTL\n\n## Session Summary\n\nAll done.\n',
      { session: 's-1' },
    );
    expect(report).toMatchObject({
      path: 'session-logs/2026-06-05-mike-dns-move.md',
      action: 'created',
      session: 's-1',
      topic: 'DNS move',
      problem: null,
      warnings: [],
    });
    expect(world.headings(report.path)).toEqual([
      '# Session Log \u2014 DNS move',
      ...SECTIONS.map((name) => `## ${name}`),
    ]);
    expect(world.read(report.path)).toBe(`# Session Log \u2014 DNS move

<!-- session-log: session=s-1 saved=2026-06-05T10:03:00.000-07:00 text=${/text=([0-9a-f]{16})/.exec(world.read(report.path))?.[1]} -->

## User

- **User:** Mike Swanson (mike)
- **Machine:** GURU-KALI
- **Role:** admin

## Session Summary

Moved the zone.

All done.

## Key Decisions

- kept the TTL

## Problems Encountered

None.

## Configuration Changes

_Not recorded._

## Credentials & Secrets

_Not recorded._

## Infrastructure & Servers

_Not recorded._

## Commands & Outputs

_Not recorded._

## Pending / Incomplete Tasks

_Not recorded._

## Reference Information

_Not recorded._
`);
    expect(report.lines).toBe(world.read(report.path).split('\n').length - 1);
  });

  it('writes the daily entry into the data folder, with the focus, the summary, what is pending and the notes', async () => {
    const report = await world.save(
      'Moved the zone.\n\n## Pending / Incomplete Tasks\n\n- mx2\n\n## Credentials\n\nhunter2\n\n## Note for Howard\n\nPlease check.\n\n### Where\n\nmx2\n',
      { topic: 'DNS', session: 's-1' },
    );
    expect(report.daily).toMatchObject({ path: 'SESSION-LOG-2026-06-05.md', action: 'appended' });
    const daily = readFileSync(report.daily!.file, 'utf8');
    expect(
      daily
        .split('\n')
        .filter((line) => !line.startsWith('<!--'))
        .join('\n'),
    ).toBe(`---
created: 2026-06-05T17:03:00.000Z
date: 2026-06-05
machine: "GURU-KALI"
---

## 2026-06-05T17:03:00.000Z - Session Entry

**Session ID:** s-1
**Focus:** DNS
**User:** Mike Swanson (mike)
**Machine:** GURU-KALI
**Log:** \`claudetools/session-logs/2026-06-05-mike-dns.md\`

Moved the zone.

### Pending / Incomplete Tasks

- mx2

### Note for Howard

Please check.

#### Where

mx2
`);
    expect(daily).not.toContain('hunter2');
  });

  it('gives one note one hash, whether it arrives in the workspace log or in the daily one', async () => {
    const first = await world.save('x\n\n## Note for Howard\n\nPlease check.\n\n### Where\n\nmx2\n', {
      topic: 'DNS',
      session: 's-1',
    });
    world.now = Date.UTC(2026, 5, 6, 17, 3, 0);
    await world.save('y\n\n## Message for all\n\nIt moved.\n', { topic: 'DNS', session: 's-1' });
    const context = {
      machine: unwrap(parseMachineUuid('11111111-2222-3333-4444-555555555555')),
      fallbackFrom: 'x',
      sha256: (text: string) => world.deps.bytes.sha256(new TextEncoder().encode(text)),
    };
    const notesOf = (text: string, path: string, date: string): readonly string[] =>
      noteEntries(readLogText(text, path), { ...context, date: unwrap(parseCalendarDate(date)) }).map(
        (note) => `${note.to} ${note.hash}`,
      );
    const inLog = notesOf(world.read(first.path), first.path, '2026-06-05');
    const days = ['2026-06-05', '2026-06-06'].flatMap((day) =>
      notesOf(
        readFileSync(join(world.home, 'session-logs', `SESSION-LOG-${day}.md`), 'utf8'),
        `SESSION-LOG-${day}.md`,
        day,
      ),
    );
    expect(inLog.map((line) => line.split(' ')[0])).toEqual(['Howard', 'all']);
    expect(days).toEqual(inLog);
  });

  it('keeps custom sections, front matter and two halves of one section, and closes an open fence', async () => {
    const report = await world.save(
      '---\ntags: [dns]\n---\n## Custom\n\nmine\n\n## Commands\n\na\n\n## Commands & Outputs (Ollama)\n\n```sh\nb\n',
      { topic: 'x' },
    );
    const text = world.read(report.path);
    expect(text.startsWith('---\ntags: [dns]\n---\n\n# Session Log \u2014 x\n')).toBe(true);
    expect(world.headings(report.path).at(-1)).toBe('## Custom');
    expect(text).toContain('## Commands & Outputs\n\na\n\n```sh\nb\n```\n\n## Pending');
    expect(report.warnings).toEqual(['A code fence was never closed; it was closed at the end.']);
  });

  it('never takes the attribution from the text, but keeps what else its block says', async () => {
    const report = await world.save(
      '## User\n\n- **User:** Eve (eve)\n- **Machine:** EVIL\n- **Session span:** 9 to 11\n\n## Session Summary\n\nx\n',
      { topic: 'x' },
    );
    expect(world.read(report.path)).toContain(
      '## User\n\n- **User:** Mike Swanson (mike)\n- **Machine:** GURU-KALI\n- **Role:** admin\n- **Session span:** 9 to 11\n',
    );
    expect(world.read(report.path)).not.toMatch(/eve|EVIL/);
    expect(report.warnings).toHaveLength(2);
  });

  it('drops marks pasted from another log: they would claim its session', async () => {
    const other = await world.save('one', { topic: 'one', session: 's-1' });
    const report = await world.save(`${world.read(other.path)}\nmore`, { topic: 'two', session: 's-2' });
    expect(world.read(report.path).match(/session=\S+/g)).toEqual(['session=s-2']);
  });
});

describe('a further save', () => {
  it('of the same session appends an update and leaves every earlier byte', async () => {
    const first = await world.save('one', { topic: 'DNS', session: 's-1' });
    const before = world.read(first.path);
    world.now! += 3_600_000;
    const second = await world.save(
      '# Session Log — DNS\n\n## User\n\n- **User:** Mike Swanson (mike)\n\n## Session Summary\n\ntwo\n\n### Detail\n\nx\n\n## Note for Howard\n\ny\n',
      { topic: 'Mail', session: 's-1' },
    );
    expect(second).toMatchObject({ path: first.path, action: 'appended', topic: 'Mail' });
    const after = world.read(first.path);
    expect(after.startsWith(before)).toBe(true);
    expect(after.slice(before.length)).toMatch(
      /^\n## Update: 11:03 PT — Mail\n\n<!-- session-log: [^\n]+ -->\n\n### Session Summary\n\ntwo\n\n#### Detail\n\nx\n\n### Note for Howard\n\ny\n$/,
    );
    expect(second.lines).toBe(after.split('\n').length - before.split('\n').length - 1);
  });

  it('of the same text changes nothing, in neither log, however often', async () => {
    const first = await world.save('one', { topic: 'DNS', session: 's-1' });
    await world.save('two', { topic: 'DNS', session: 's-1' });
    const [log, daily] = [world.read(first.path), readFileSync(first.daily!.file, 'utf8')];
    world.now! += 86_400_000;
    for (const text of ['one', 'two', '\ufeffone\r\n'.trimEnd()]) {
      expect(await world.save(text, { topic: 'other', session: 's-1' })).toMatchObject({
        action: 'unchanged',
        path: first.path,
        daily: { action: 'unchanged' },
        lines: 0,
      });
    }
    expect([world.read(first.path), readFileSync(first.daily!.file, 'utf8')]).toEqual([log, daily]);
    expect((await world.list()).home).toEqual(['session-logs/SESSION-LOG-2026-06-05.md']);
  });

  it('of the same text without a session id is known by its text', async () => {
    const first = await world.save('one', { topic: 'DNS' });
    expect(await world.save('one', { topic: 'DNS' })).toMatchObject({
      action: 'unchanged',
      path: first.path,
      session: first.session,
    });
    expect(await world.save('two', { topic: 'DNS' })).toMatchObject({
      action: 'created',
      path: 'session-logs/2026-06-05-mike-dns-2.md',
    });
  });

  it.each(['sessions.json deleted', 'sessions.json corrupt', 'the log moved into a month folder'])(
    'finds its log with %s',
    async (how) => {
      mkdirSync(join(world.workspace, 'projects/rmm'), { recursive: true });
      const first = await world.save('one', {
        topic: 'DNS',
        session: 's-1',
        scope: { kind: 'project', name: 'rmm' },
      });
      let path = first.path;
      if (how === 'sessions.json deleted') unlinkSync(world.place.paths.sessionHints);
      else if (how === 'sessions.json corrupt')
        writeFileSync(world.place.paths.sessionHints, '{"schema":1,"sessions":[{}]}');
      else {
        mkdirSync(join(world.workspace, 'projects/rmm/session-logs/2026-06'));
        path = 'projects/rmm/session-logs/2026-06/2026-06-05-mike-dns.md';
        renameSync(join(world.workspace, first.path), join(world.workspace, path));
      }
      expect(await world.save('two', { topic: 'Mail', session: 's-1' })).toMatchObject({
        action: 'appended',
        path,
      });
    },
  );

  it('remembers the name of the clock, which is costly to ask for, and takes no nonsense for one', async () => {
    const first = await world.save('one', { topic: 'DNS', session: 's-1' });
    await world.save('two', { topic: 'DNS', session: 's-1' });
    const memory = JSON.parse(readFileSync(world.place.paths.sessionHints, 'utf8')) as {
      labels: Record<string, string>;
    };
    expect(Object.values(memory.labels)).toEqual(['PT']);
    const key = Object.keys(memory.labels)[0]!;
    for (const [label, shown] of [
      ['XYZ', 'XYZ'],
      ['\u001b[2J', 'PT'],
      ['a\n## b', 'PT'],
    ] as const) {
      writeFileSync(world.place.paths.sessionHints, JSON.stringify({ ...memory, labels: { [key]: label } }));
      await world.save(`text ${label.length}`, { topic: 'DNS', session: 's-1' });
      expect(world.headings(first.path).at(-1)).toBe(`## Update: 10:03 ${shown} — DNS`);
    }
  });

  it('starts anew when its log is gone', async () => {
    const first = await world.save('one', { topic: 'DNS', session: 's-1' });
    unlinkSync(join(world.workspace, first.path));
    expect(await world.save('two', { topic: 'Mail', session: 's-1' })).toMatchObject({
      action: 'created',
      path: 'session-logs/2026-06-05-mike-mail.md',
    });
  });

  it('in UTF-16 stays in it, for whoever wrote the log with a Windows shell', async () => {
    const utf16 = (text: string): Buffer =>
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
    const first = await world.save('one', { topic: 'DNS', session: 's-1' });
    const file = join(world.workspace, first.path);
    const old = utf16(world.read(first.path).replaceAll('\n', '\r\n'));
    writeFileSync(file, old);
    await world.save('Zürich', { topic: 'DNS', session: 's-1' });
    const bytes = readFileSync(file);
    expect(bytes.subarray(0, old.length)).toEqual(old);
    const added = bytes.subarray(old.length).toString('utf16le');
    expect(added).toMatch(/^\r\n## Update: [\s\S]*Zürich\r\n$/);
  });

  it('knows sections and notes by their words, underlined ones too, and keeps all of them when they go deeper', async () => {
    const long = 'word '.repeat(100).trim();
    const text = `# Mail\n\nIntro.\n\n## 📌 **Key Decisions**\n\n- a\n\n## 3. Note for Howard\n\nLook.\n\nNote for Mara\n-------------\n\nLook too.\n\n${long}\n-----\n\nx\n`;
    const first = await world.save(text, { topic: 'DNS', session: 's-1' });
    expect(world.headings(first.path).slice(1)).toEqual([
      ...SECTIONS.map((name) => `## ${name}`),
      '## 3. Note for Howard',
      '## Note for Mara',
      `## ${long.slice(0, 300)}`,
    ]);
    expect(world.read(first.path)).toContain('## Key Decisions\n\n- a');
    const notes = readLogText(world.read(first.path), first.path).notes.map((note) => note.to);
    expect(notes).toEqual(['Howard', 'Mara']);
    const daily = readFileSync(join(world.home, 'session-logs', 'SESSION-LOG-2026-06-05.md'), 'utf8');
    expect(daily).toContain('### Note for Mara\n\nLook too.');
    const second = await world.save(text.replace('Intro', 'More'), { topic: 'DNS', session: 's-1' });
    expect(world.read(second.path)).toContain(`### ${long}\n`);
  });

  it('keeps CRLF, bytes that are no UTF-8, and a missing last line break', async () => {
    const first = await world.save('one', { topic: 'DNS', session: 's-1' });
    const file = join(world.workspace, first.path);
    const old = Buffer.concat([
      Buffer.from(world.read(first.path).replaceAll('\n', '\r\n').trimEnd()),
      Buffer.from([0x0d, 0x0a, 0x61, 0xff, 0x62]),
    ]);
    writeFileSync(file, old);
    await world.save('two', { topic: 'DNS', session: 's-1' });
    const bytes = readFileSync(file);
    expect(bytes.subarray(0, old.length)).toEqual(old);
    expect(bytes.subarray(old.length).toString().replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(bytes.subarray(old.length).toString()).toMatch(/^\r\n\r\n## Update: /);
  });

  it('closes a fence somebody left open, so that the update is not code', async () => {
    const first = await world.save('one', { topic: 'DNS', session: 's-1' });
    writeFileSync(join(world.workspace, first.path), `${world.read(first.path)}\n~~~~\nopen\n`);
    await world.save('two', { topic: 'Mail', session: 's-1' });
    expect(world.headings(first.path).at(-1)).toBe('## Update: 10:03 PT — Mail');
  });

  it('on the next day stays in its log, says the day, and enters the next daily log', async () => {
    const first = await world.save('one', { topic: 'DNS', session: 's-1' });
    world.now = Date.UTC(2026, 5, 6, 8, 0, 0);
    const second = await world.save('two', { session: 's-1', topic: 'Mail' });
    expect(second.path).toBe(first.path);
    expect(world.headings(first.path).at(-1)).toBe('## Update: 2026-06-06 01:00 PT — Mail');
    expect(second.daily?.path).toBe('SESSION-LOG-2026-06-06.md');
  });

  it('adds a task to its own daily entry while that is the last, else an entry of the same session', async () => {
    await world.save('one', { topic: 'A', session: 's-1' });
    await world.save('two', { topic: 'B', session: 's-1' });
    await world.save('three', { topic: 'C', session: 's-2' });
    const last = await world.save('four', { topic: 'D', session: 's-1' });
    const daily = readLogText(readFileSync(last.daily!.file, 'utf8'), last.daily!.path);
    expect(daily.sections.map((section) => [section.level, section.title.slice(25)])).toEqual([
      [2, '- Session Entry'],
      [3, '- B'],
      [2, '- Session Entry'],
      [2, '- Session Entry'],
    ]);
    expect(daily.sessions).toBe(2);
  });
});
