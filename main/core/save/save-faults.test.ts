import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appError, type ErrorCode } from '../../../shared/app-error.ts';
import { err, unwrap } from '../../../shared/result.ts';
import { createSaveWorld, type SaveWorld } from '../../testing/save-world.ts';
import type { Files } from '../ports/files.ts';
import { save } from './save.ts';

let world: SaveWorld;
beforeEach(() => {
  world = createSaveWorld();
  world.now = Date.UTC(2026, 5, 5, 17, 3, 0);
});
afterEach(() => world.end());

const WRITES = ['replace', 'create', 'append', 'makeFolder', 'remove'] as const;
const READS = ['read', 'readHead', 'stat', 'names'] as const;

/** The real disk, whose calls from the `nth` on (or only that one) fail. Counts those it was asked for. */
function failingFiles(
  files: Files,
  methods: readonly (keyof Files)[],
  code: ErrorCode,
  nth: number,
  forGood: boolean,
) {
  const counted = { calls: 0 };
  const wrapped = { ...files } as Record<string, unknown>;
  for (const method of methods) {
    wrapped[method] = async (...args: unknown[]) => {
      counted.calls++;
      const fails = forGood ? counted.calls >= nth : counted.calls === nth;
      if (fails) return err(appError(code, `${method} failed`, 'Try again.'));
      return (files[method] as (...all: unknown[]) => unknown)(...args);
    };
  }
  return { files: wrapped as unknown as Files, counted };
}

const count = (text: string, part: string): number => text.split(part).length - 1;

describe.each([
  ['a full disk', WRITES, 'disk-full', true],
  ['one failing write', WRITES, 'io', false],
  ['a disk that goes away', [...WRITES, ...READS], 'io', true],
  ['one failing read', READS, 'denied', false],
] as const)('%s at every call of a save', (_, methods, code, forGood) => {
  it.each(['first', 'further'])(
    'leaves a %s save whole or absent, keeps its text, and lets it be repeated',
    async (which) => {
      let nth = 1;
      for (let reached = true; reached; nth++) {
        const fresh = createSaveWorld();
        fresh.now = world.now;
        const session = { topic: 'DNS', session: 's-1' };
        const before = which === 'further' ? await fresh.save('earlier words', session) : null;
        const old = before === null ? '' : fresh.read(before.path);
        const { files, counted } = failingFiles(fresh.deps.files, methods, code, nth, forGood);
        const result = await save({ ...fresh.deps, files }, fresh.place, fresh.request('new words', session));
        reached = counted.calls >= nth;

        const present = (await fresh.list()).workspace;
        for (const path of present) {
          const text = fresh.read(path);
          expect(text.startsWith(old)).toBe(true);
          // The log as it was, or with the whole text: never a part of it.
          expect(
            text === old ||
              text.endsWith(
                which === 'first' ? '## Reference Information\n\n_Not recorded._\n' : 'new words\n',
              ),
          ).toBe(true);
        }
        if (!result.ok) {
          const keptAt = result.error.details?.['keptAt'];
          if (typeof keptAt === 'string') expect(readFileSync(keptAt, 'utf8')).toBe('new words');
          else expect(result.error.remedy).toContain('standard error');
        }

        const again = unwrap(await save(fresh.deps, fresh.place, fresh.request('new words', session)));
        expect(again.problem).toBeNull();
        expect((await fresh.list()).workspace).toEqual([again.path]);
        const daily = readFileSync(join(fresh.home, 'session-logs', 'SESSION-LOG-2026-06-05.md'), 'utf8');
        expect([count(fresh.read(again.path), 'new words'), count(daily, 'new words')]).toEqual([1, 1]);
        fresh.end();
      }
      // As many calls as a save makes were really failed.
      expect(nth).toBeGreaterThan(3);
    },
  );
});

describe('two saves at once', () => {
  it('of different sessions and the same topic make different logs, each whole', async () => {
    const texts = Array.from({ length: 12 }, (_, n) => `words of ${n}.`);
    const reports = await Promise.all(
      texts.map((text, n) => world.save(text, { topic: 'DNS', session: `s-${n}` })),
    );
    expect(new Set(reports.map((report) => report.path)).size).toBe(12);
    const daily = readFileSync(reports[0]!.daily!.file, 'utf8');
    for (const [n, report] of reports.entries()) {
      expect(count(world.read(report.path), texts[n]!)).toBe(1);
      expect(count(daily, texts[n]!)).toBe(1);
    }
  });

  it('of the same session all end in its one log, each once', async () => {
    const texts = Array.from({ length: 12 }, (_, n) => `words of ${n}.`);
    const reports = await Promise.all(
      [...texts, ...texts].map((text) => world.save(text, { topic: 'DNS', session: 's-1' })),
    );
    expect(new Set(reports.map((report) => report.path)).size).toBe(1);
    const [log, daily] = [world.read(reports[0]!.path), readFileSync(reports[0]!.daily!.file, 'utf8')];
    for (const text of texts) expect([count(log, text), count(daily, text)]).toEqual([1, 1]);
  });

  it('does not lose what an editor writes meanwhile', async () => {
    const first = await world.save('one', { topic: 'DNS', session: 's-1' });
    let edits = 0;
    const files: Files = {
      ...world.deps.files,
      // Between reading the log and looking again an editor saves it, twice.
      stat: async (path) => {
        if (path === first.file && edits < 2)
          world.write(first.path, `${world.read(first.path)}edit ${++edits}\n`);
        return world.deps.files.stat(path);
      },
    };
    unwrap(
      await save(
        { ...world.deps, files },
        world.place,
        world.request('two', { topic: 'DNS', session: 's-1' }),
      ),
    );
    const log = world.read(first.path);
    for (const part of ['one', 'edit 1', 'edit 2', 'two']) expect(count(log, `${part}\n`)).toBe(1);
  });

  it('gives up on a file that never stands still, and says so', async () => {
    const first = await world.save('one', { topic: 'DNS', session: 's-1' });
    let edits = 0;
    const files: Files = {
      ...world.deps.files,
      stat: async (path) => {
        if (path === first.file) world.write(first.path, `${world.read(first.path)}edit ${++edits}\n`);
        return world.deps.files.stat(path);
      },
    };
    const result = await save(
      { ...world.deps, files },
      world.place,
      world.request('two', { topic: 'DNS', session: 's-1' }),
    );
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'attention', details: { keptAt: expect.any(String) } },
    });
    expect(count(world.read(first.path), 'edit ')).toBe(edits);
  });
});

it('what a killed save left beside the log goes with the next save once it is a day old', async () => {
  const first = await world.save('words', { topic: 'DNS', session: 's-1' });
  const folder = dirname(first.file);
  const names = ['.old.md.0123456789ab.tmp', '.young.md.0123456789ab.tmp', '.notes.txt.0123456789ab.tmp'];
  for (const name of names) writeFileSync(join(folder, name), 'half');
  const [day, now] = [86_400, Date.UTC(2026, 5, 5, 17, 3) / 1_000];
  for (const [name = '', age = 0] of [
    [names[0], day + 1],
    [names[1], day - 60],
    [names[2], day + 1],
  ] as const)
    utimesSync(join(folder, name), now - age, now - age);
  await world.save('more words', { topic: 'DNS', session: 's-1' });
  expect(names.map((name) => existsSync(join(folder, name)))).toEqual([false, true, true]);
});
