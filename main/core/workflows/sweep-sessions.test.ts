import { statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readLogText } from '../../../shared/domain/log-text.ts';
import { SECTIONS } from '../../../shared/domain/log-text/sections.ts';
import { unwrap } from '../../../shared/result.ts';
import { daysLeft } from '../../../shared/transcripts/countdown.ts';
import { claudePath, createCaptureWorld, type CaptureWorld } from '../../testing/capture-world.ts';
import { createSeededRandom } from '../../testing/seeded-random.ts';
import { claudeWriter } from '../../testing/transcripts/write-claude-code.ts';
import { restoreTranscript } from './restore-transcript.ts';
import { sweepSessions } from './sweep-sessions.ts';
import { conversationPlaces, outlineConversation, readConversation } from './read-conversation.ts';

let world: CaptureWorld;
beforeEach(() => {
  world = createCaptureWorld();
});
afterEach(() => world.end());

const idOf = (n: number): string => `6f9a1c1e-0000-4000-8000-${String(n).padStart(12, '0')}`;
const ID = idOf(1);
const HOSTILE = '## Note for all\n\n<!-- session-log: session=x saved=y text=z -->\n```\n# Title\n';

/** A session with two prompts; another `seed` gives another time. */
function session(id = ID, seed = 1) {
  const writer = claudeWriter(createSeededRandom(seed), '2.1.284', { session: id, cwd: '/home/ada/harbour' });
  writer.prompt('Fix the lookup of internal names.');
  writer.command('npm test', 'FAIL resolve', { exit: 1 });
  writer.edit('/home/ada/harbour/src/resolve.ts', 'old', 'new');
  writer.command('npm test', 'ok');
  writer.reply('The lookup works.');
  writer.prompt('Write a test for it.');
  writer.write('/home/ada/harbour/src/resolve.test.ts', 'it();');
  writer.reply('Shall I commit it?');
  return writer;
}

/** The text of the only log there is. */
function onlyLog(): string {
  const logs = [...world.logs().values()];
  expect(logs).toHaveLength(1);
  return logs[0]!;
}

describe('what a sweep makes of a session', () => {
  it('is a copy, and a log with the ten sections in order that says what was asked, done and left open', async () => {
    world.put(claudePath(ID), session().text());
    const report = await world.sweep();
    expect(report).toMatchObject({ found: 1, rescued: 1, failedTotal: 0 });
    const [[path, text]] = [...world.logs()] as [[string, string]];
    expect(path).toMatch(
      /^captured\/claude-code\/projects\/harbour\/2026-03\/2026-03-\d\d-ada-fix-the-lookup-of-internal-names\.md$/,
    );
    const parsed = readLogText(text, path);
    expect(parsed.sections.filter(({ level }) => level === 2).map(({ title }) => title)).toEqual(SECTIONS);
    expect(parsed).toMatchObject({ session: ID, author: 'Ada Byron', project: 'harbour' });
    for (const words of [
      '> Fix the lookup of internal names.',
      '> Write a test for it.',
      'changed `src/resolve.ts`',
      'created `src/resolve.test.ts`',
      '`npm test` failed, exit 1: FAIL resolve \u2014 went well at',
      '- [ ] The agent asked last: Shall I commit it?',
    ])
      expect(text).toContain(words);
  });

  it('is the same text when it is made again, in pieces, on another machine, and without what was known', async () => {
    const writer = session();
    const early = writer.text();
    world.put(claudePath(ID), early.slice(0, early.length / 2));
    await world.sweep();
    world.put(claudePath(ID), early);
    await world.sweep();
    const inPieces = onlyLog();
    world.forget();
    const again = await world.sweep();
    expect(again.logs).toEqual([]);
    expect(onlyLog()).toBe(inPieces);
    world.end();
    world = createCaptureWorld();
    world.put(claudePath(ID), early);
    await world.sweep();
    expect(onlyLog()).toBe(inPieces);
  });

  it('goes on in an update after a silence, and every earlier byte stays', async () => {
    const first = session();
    world.put(claudePath(ID), first.text());
    await world.sweep();
    const before = onlyLog();
    // The same session, an hour later.
    const later = first.text().trimEnd().split('\n').at(-1)!;
    const at = new Date(
      Date.parse((JSON.parse(later) as { timestamp: string }).timestamp) + 3_600_000,
    ).toISOString();
    first.prompt('Now deploy it.', { timestamp: at });
    world.put(claudePath(ID), first.text());
    await world.sweep();
    const after = onlyLog();
    expect(after.startsWith(before)).toBe(true);
    expect(after.slice(before.length)).toMatch(/^\n## Update: \d\d:\d\d UTC \u2014 Now deploy it\.\n/);
    world.end();
    world = createCaptureWorld();
    world.put(claudePath(ID), first.text());
    await world.sweep();
    expect(onlyLog()).toBe(after);
  });

  it('keeps what a person has added to it, and adds what came later', async () => {
    const writer = session();
    world.put(claudePath(ID), writer.text());
    await world.sweep();
    const [path] = [...world.logs().keys()];
    const file = join(world.sessionLogs, path!);
    const edited = `${onlyLog()}\n## Note for mara\n\nLook at this.\n`;
    unwrap(await world.deps.files.replace(file, new TextEncoder().encode(edited)));
    const last = JSON.parse(writer.text().trimEnd().split('\n').at(-1)!) as { timestamp: string };
    for (const [hours, words] of [
      [2, 'Go on.'],
      [4, 'And on.'],
    ] as const) {
      const at = new Date(Date.parse(last.timestamp) + hours * 3_600_000).toISOString();
      writer.prompt(words, { timestamp: at });
      world.put(claudePath(ID), writer.text());
      await world.sweep();
      expect(onlyLog().startsWith(edited)).toBe(true);
      expect(onlyLog().split(`\u2014 ${words}`)).toHaveLength(2);
    }
    // Nobody knows any more who wrote what: the person's words stay all the same.
    world.forget();
    await world.sweep();
    expect(onlyLog().startsWith(edited)).toBe(true);
  });

  it('never takes words of a transcript for parts of a log', async () => {
    const writer = claudeWriter(createSeededRandom(3), '2.1.284', { session: ID, cwd: '/home/ada/harbour' });
    writer.prompt(HOSTILE);
    writer.command(`echo '${HOSTILE}'`, `\u001b[31m${HOSTILE}\u001b[0m\u0007`);
    writer.command('rm -rf build', '```\n````\n');
    writer.prompt('And again.');
    writer.reply(HOSTILE);
    world.put(claudePath(ID), writer.text());
    await world.sweep();
    const text = onlyLog();
    const parsed = readLogText(text, 'x.md');
    expect(parsed.notes).toEqual([]);
    expect(parsed.session).toBe(ID);
    expect(
      parsed.sections
        .filter(({ level }) => level <= 2)
        .map(({ title }) => title)
        .slice(1),
    ).toEqual(SECTIONS);
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f]/);
  });

  it('holds no secret, and names what was withheld', async () => {
    world.withhold = async (make) =>
      make((text) => ({
        text: text.replaceAll('hunter2-hunter2', '[secret: password]'),
        labels: text.includes('hunter2-hunter2') ? ['[secret: password]'] : [],
      }));
    const writer = session();
    writer.prompt('The password is hunter2-hunter2.');
    writer.command('curl -u ada:hunter2-hunter2 https://db.example.com:5432/', 'hunter2-hunter2 ok', {
      exit: 7,
    });
    writer.reply('It is hunter2-hunter2.');
    world.put(claudePath(ID), writer.text());
    await world.sweep();
    const text = onlyLog();
    expect(text).not.toContain('hunter2');
    expect(text).toMatch(/## Credentials & Secrets\n\n- \[secret: password\]/);
    expect(text).toContain('`db.example.com:5432`');
  });
});

describe('which sessions a sweep takes', () => {
  it('capture.mode says whether sessions are copied, made to logs, or left alone', async () => {
    for (const [mode, copies, logs] of [
      ['off', 0, 0],
      ['rescue', 1, 0],
      ['on', 1, 1],
    ] as const) {
      world.end();
      world = createCaptureWorld();
      world.capture = { ...world.capture, mode };
      world.put(claudePath(ID), session().text());
      const report = await world.sweep();
      expect([report.rescued, world.logs().size]).toEqual([copies, logs]);
      // Who asks gets a log whatever the setting says.
      await world.sweep({ asked: true });
      expect(world.logs().size).toBe(1);
    }
  });

  it('capture.quietMinutes: a session that goes on is copied, and gets its log when it has fallen quiet', async () => {
    world.put(claudePath(ID), session().text(), 3);
    expect(await world.sweep()).toMatchObject({ rescued: 1, logs: [] });
    world.capture = { ...world.capture, quietMinutes: 2 };
    expect((await world.sweep()).logs).toHaveLength(1);
  });

  it('capture.never: a session of such a folder is neither copied nor made to a log', async () => {
    world.capture = { ...world.capture, never: ['/home/ada/harbour'] };
    world.put(claudePath(ID), session().text());
    expect(await world.sweep({ asked: true })).toMatchObject({ rescued: 0, logs: [], failedTotal: 0 });
    expect((await world.list()).rows[0]).toMatchObject({ log: 'never', copy: 'none' });
  });

  /** How a fork says whose it is: by a line of its own, not at all, or in each line that it copied under another id. */
  const FORKS: Readonly<Record<string, (text: string, copied: number) => string>> = {
    'names its parent': (text) =>
      `${JSON.stringify({ type: 'fork-context-ref', parentSessionId: ID })}\n${text}`,
    'names nobody': (text) => text,
    'has copied lines under other ids': (text, copied) =>
      text
        .split('\n')
        .map((line, at): string => {
          if (at >= copied) return line;
          const all = JSON.parse(line) as { readonly uuid: string };
          const forkedFrom = { sessionId: ID, messageUuid: all.uuid };
          return JSON.stringify({ ...all, uuid: all.uuid.replace(/^./, 'f'), forkedFrom });
        })
        .join('\n'),
  };
  it.each(
    Object.keys(FORKS).flatMap((how) => [
      [how, 'its parent is there'] as const,
      [how, 'its parent is there as a copy alone'] as const,
      [how, 'both are met in one sweep'] as const,
    ]),
  )('is of a fork that %s only what it did itself, where %s', async (how, where) => {
    const parent = session();
    world.put(claudePath(ID), parent.text(), 90);
    if (where !== 'both are met in one sweep') await world.sweep();
    const fork = session();
    const copied = fork.text().trimEnd().split('\n').length;
    fork.prompt('Try it with a cache instead.');
    fork.edit('/home/ada/harbour/src/cache.ts', 'old', 'new');
    fork.prompt('Measure both.');
    const text = FORKS[how]!(fork.text().replaceAll(ID, idOf(2)), copied);
    if (where.endsWith('alone')) world.remove(claudePath(ID));
    world.put(claudePath(idOf(2)), text);
    await world.sweep();
    const logs = [...world.logs().values()];
    expect(logs).toHaveLength(2);
    const all = logs.join('\n');
    for (const words of [
      '> Fix the lookup of internal names.',
      '> Write a test for it.',
      '> Try it with a cache instead.',
      '> Measure both.',
    ])
      expect(all.split(words)).toHaveLength(2);
    const own = logs.find((log) => log.includes('Measure both.'))!;
    expect(own).toContain('src/cache.ts');
    expect(own).not.toContain('src/resolve.ts');
    expect((await world.list()).rows.map(({ prompts }) => prompts)).toEqual([2, 2]);
    // Made again it is the same, also where nobody remembers who told what.
    await world.sweep({ asked: true, sessions: [ID, idOf(2)].map((id) => ({ agent: 'claude-code', id })) });
    expect(new Set(world.logs().values())).toEqual(new Set(logs));
    world.forget();
    await world.sweep({ asked: true });
    expect(new Set(world.logs().values())).toEqual(new Set(logs));
  });

  it('capture.diskLimit: when the room is used up nothing more is copied, nothing goes, and it is said', async () => {
    world.put(claudePath(ID), session().text());
    await world.sweep();
    world.capture = { ...world.capture, diskLimit: 0 };
    world.put(claudePath(idOf(2)), session(idOf(2), 2).text());
    await expect(world.sweep()).rejects.toThrow('so no more is copied');
    const rows = (await world.list()).rows;
    expect(rows.map(({ copy }) => copy).sort()).toEqual(['none', 'whole']);
  });

  it('passes over what did not change without opening it', async () => {
    world.put(claudePath(ID), session().text());
    await world.sweep();
    const { sources } = world.deps;
    const opened = vi.fn();
    const watched = sources.map((source) => ({
      ...source,
      read: opened,
      describe: opened,
      parser: opened,
    }));
    const result = await sweepSessions(
      { ...world.deps, sources: watched },
      { sessions: 'all', asked: false },
    );
    expect(unwrap(result).report).toMatchObject({ found: 1, unchanged: 1 });
    expect(opened).not.toHaveBeenCalled();
  });

  it('leaves a session to the log that somebody wrote of it', async () => {
    world.written.add(ID);
    world.put(claudePath(ID), session().text());
    expect(await world.sweep()).toMatchObject({ rescued: 1, logs: [] });
    expect((await world.list()).rows[0]).toMatchObject({ log: 'written', copy: 'whole' });
  });

  it('lists a session in which nothing was done, and makes no log of it', async () => {
    const writer = claudeWriter(createSeededRandom(1), '2.1.284', { session: ID });
    writer.prompt('What is this?');
    writer.reply('A harbour.');
    world.put(claudePath(ID), writer.text());
    expect(await world.sweep()).toMatchObject({ rescued: 1, logs: [] });
    expect((await world.list()).rows[0]).toMatchObject({ log: 'short' });
  });

  it('stops when it is told to and continues where it stopped', async () => {
    for (let n = 0; n < 12; n++) world.put(claudePath(idOf(n)), session(idOf(n), n + 1).text());
    const stop = new AbortController();
    const result = unwrap(
      await sweepSessions(world.deps, {
        sessions: 'all',
        asked: false,
        signal: stop.signal,
        onProgress: () => stop.abort(),
      }),
    );
    expect(result.problem?.code).toBe('cancelled');
    expect(world.logs().size).toBeLessThan(12);
    await world.sweep();
    expect(world.logs().size).toBe(12);
  });
});

describe('the list of sessions', () => {
  it('counts the days by the time of the file and the settings that hold', async () => {
    world.put(claudePath(ID), session().text(), 10 * 1_440);
    const left = async (): Promise<unknown> => {
      const { countdown } = (await world.list()).rows[0]!;
      return countdown.state === 'due' ? daysLeft(countdown, Date.now()) : countdown.state;
    };
    expect(await left()).toBe(19);
    world.put('.claude/settings.json', '{"cleanupPeriodDays": 90}');
    expect(await left()).toBe(79);
    world.put('.claude/settings.json', '{"cleanupPeriodDays": 0}');
    expect(await left()).toBe('paused');
    world.put('.claude/settings.json', '{');
    expect(await left()).toBe('paused');
  });

  it('keeps a session whose transcript is gone, shows its conversation from the copy, and puts it back', async () => {
    const text = session().text();
    world.put(claudePath(ID), text);
    await world.sweep();
    world.remove(claudePath(ID));
    expect((await world.list()).rows[0]).toMatchObject({ countdown: { state: 'gone' }, copy: 'whole' });
    const key = { agent: 'claude-code' as const, id: ID };
    const places = conversationPlaces();
    const page = unwrap(await readConversation(world.deps, places, { ...key, from: 0, limit: 3 }));
    expect(page.from).toBe('copy');
    const rest = unwrap(await readConversation(world.deps, places, { ...key, from: page.next!, limit: 500 }));
    const outline = unwrap(await outlineConversation(world.deps, places, key));
    expect(outline.prompts.map((prompt) => prompt.text)).toEqual([
      'Fix the lookup of internal names.',
      'Write a test for it.',
    ]);
    const whole = unwrap(
      await readConversation(world.deps, conversationPlaces(), { ...key, from: 0, limit: 500 }),
    );
    expect([...page.events, ...rest.events]).toEqual(whole.events);
    // From the middle it is the same as what follows there.
    const middle = outline.prompts[1]!.offset;
    const from = unwrap(await readConversation(world.deps, places, { ...key, from: middle, limit: 500 }));
    expect(from.events).toEqual(whole.events.filter(({ place }) => place.offset >= middle));

    const before = Date.now();
    expect(unwrap(await restoreTranscript(world.deps, key))).toMatchObject([{ action: 'restored' }]);
    expect(world.read(claudePath(ID))).toBe(text);
    expect(statSync(join(world.user, claudePath(ID))).mtimeMs).toBeGreaterThanOrEqual(before - 1_000);
    // Its log is the same afterwards.
    const log = onlyLog();
    utimesSync(join(world.user, claudePath(ID)), 1_700_000_000, 1_700_000_000);
    await world.sweep();
    expect(onlyLog()).toBe(log);
  });

  it('says what was passed over and what nobody understands', async () => {
    world.put(claudePath(ID), 'no line of any agent\n');
    await world.sweep();
    expect((await world.list()).sums).toMatchObject({ notUnderstood: 1, copied: 1 });
  });
});
