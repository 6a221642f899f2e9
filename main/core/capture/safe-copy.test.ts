import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appError, type ErrorCode } from '../../../shared/app-error.ts';
import { err, unwrap } from '../../../shared/result.ts';
import { createCopyWorld, type CopyWorld } from '../../testing/copy-world.ts';
import type { Files } from '../ports/files.ts';
import { copiedFiles, readCopy } from './copy-record.ts';
import { restoreCopy } from './restore-copy.ts';
import { copiedBytes, copySession } from './safe-copy.ts';

let world: CopyWorld;
beforeEach(() => {
  world = createCopyWorld();
});
afterEach(() => world.end());

const MAIN = 'projects/-p/s-1.jsonl';
const SUB = 'projects/-p/s-1/subagents/agent-a.jsonl';
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, n) => `{"n":${from + n},"text":"${'word '.repeat(20)}"}\n`).join('');

/** What the copy has of a file, joined. */
async function copyOf(name: string): Promise<string> {
  const file = copiedFiles(unwrap(await readCopy(world.deps.files, world.folder))).find(
    (one) => one.file === name,
  );
  const parts: Uint8Array[] = [];
  if (file) for await (const piece of copiedBytes(world.deps, world.folder, file)) parts.push(unwrap(piece));
  return Buffer.concat(parts).toString();
}

const pieces = (): readonly string[] => readdirSync(world.folder).filter((name) => name.endsWith('.gz'));

describe('a safe copy', () => {
  it('holds every file byte for byte and costs its growth alone', async () => {
    world.write(MAIN, lines(0, 2_000));
    world.write(SUB, lines(0, 3));
    const first = await world.copy(MAIN, SUB);
    expect(first.copied).toBe(world.bytes(MAIN).length + world.bytes(SUB).length);
    const before = pieces().map((name) => readFileSync(join(world.folder, name)).toString('base64'));

    world.append(MAIN, lines(2_000, 2_010));
    const second = await world.copy(MAIN, SUB);
    expect(second.copied).toBe(lines(2_000, 2_010).length);
    expect(await copyOf(MAIN)).toBe(world.bytes(MAIN).toString());
    expect(await copyOf(SUB)).toBe(world.bytes(SUB).toString());
    // What was there before is untouched.
    expect(
      pieces()
        .slice(0, 2)
        .map((name) => readFileSync(join(world.folder, name)).toString('base64')),
    ).toEqual(before);
    expect((await world.copy(MAIN, SUB)).copied).toBe(0);
  });

  it('leaves the agent its files and their times (17)', async () => {
    world.write(MAIN, lines(0, 5));
    utimesSync(join(world.root, MAIN), 1_000, 2_000);
    await world.copy(MAIN);
    expect(statSync(join(world.root, MAIN)).mtimeMs).toBe(2_000_000);
  });

  it.each([
    ['was cut', () => world.write(MAIN, lines(0, 50))],
    ['was replaced by a longer one', () => world.write(MAIN, lines(500, 1_000))],
    ['was changed at its end and grew', () => world.write(MAIN, `${lines(0, 199)}other\n${lines(0, 9)}`)],
  ])('copies a file that %s anew, and keeps what it was', async (_, change) => {
    world.write(MAIN, lines(0, 200));
    const old = world.bytes(MAIN).toString();
    await world.copy(MAIN);
    change();
    await world.copy(MAIN);
    expect(await copyOf(MAIN)).toBe(world.bytes(MAIN).toString());
    const all = unwrap(await readCopy(world.deps.files, world.folder));
    const [first] = copiedFiles(all.filter(({ version }) => version === 0));
    const kept: Uint8Array[] = [];
    for await (const piece of copiedBytes(world.deps, world.folder, first!)) kept.push(unwrap(piece));
    expect(Buffer.concat(kept).toString()).toBe(old);
  });

  it('goes on with a file that the agent has moved', async () => {
    world.write(MAIN, lines(0, 300));
    await world.copy(MAIN);
    const moved = 'projects/-q/s-1.jsonl';
    world.write(moved, lines(0, 301));
    world.remove(MAIN);
    expect((await world.copy(moved)).copied).toBe(lines(300, 301).length);
    expect(await copyOf(moved)).toBe(world.bytes(moved).toString());
    expect(await copyOf(MAIN)).toBe('');
    // Moved and not grown: where it belongs is recorded all the same.
    world.write(MAIN, world.bytes(moved).toString());
    world.remove(moved);
    expect((await world.copy(MAIN)).copied).toBe(0);
    expect(await copyOf(MAIN)).toBe(world.bytes(MAIN).toString());
  });

  it('cuts what is large into pieces and keeps empty files', async () => {
    const large = 'x'.repeat(9 * 1024 * 1024);
    world.write(MAIN, large);
    world.write(SUB, '');
    await world.copy(MAIN, SUB);
    expect(pieces()).toHaveLength(4);
    expect(await copyOf(MAIN)).toBe(large);
    await world.copy(MAIN, SUB);
    expect(pieces()).toHaveLength(4);
    world.append(SUB, 'a');
    await world.copy(MAIN, SUB);
    expect(await copyOf(SUB)).toBe('a');
  });

  it('keeps what it has of a file that is gone, and passes it over', async () => {
    world.write(MAIN, lines(0, 5));
    await world.copy(MAIN);
    const session = world.session(MAIN);
    world.remove(MAIN);
    const report = unwrap(await copySession(world.deps, world.source, world.folder, session));
    expect(report).toMatchObject({ copied: 0, gone: [MAIN] });
    expect(await copyOf(MAIN)).toBe(lines(0, 5));
  });

  it('copies a file that is written as a whole anew only when it is another', async () => {
    world.end();
    world = createCopyWorld('rewritten');
    world.write(MAIN, '{"messages":[1]}');
    await world.copy(MAIN);
    expect((await world.copy(MAIN)).copied).toBe(0);
    world.write(MAIN, '{"messages":[1,2]}');
    await world.copy(MAIN);
    expect(await copyOf(MAIN)).toBe('{"messages":[1,2]}');
  });

  it('lets go of older versions of a file that is written as a whole, once a newer one is complete and no shorter', async () => {
    world.end();
    world = createCopyWorld('rewritten');
    const versions = ['{"messages":[1]}', '{"messages":[1,2]}', '{"messages":[1,2,3]}'];
    for (const content of versions) {
      world.write(MAIN, content);
      expect((await world.copy(MAIN)).stored).toBeLessThan(60);
      expect(pieces()).toHaveLength(1);
      expect(await copyOf(MAIN)).toBe(content);
    }
    // An agent that takes something out has not told that again: what it was stays.
    world.write(MAIN, '{"summary":1}');
    await world.copy(MAIN);
    expect(pieces()).toEqual(['000003.gz', '000004.gz']);
    expect(await copyOf(MAIN)).toBe('{"summary":1}');
    world.write(MAIN, `{"summary":1,"messages":${JSON.stringify('x'.repeat(50))}}`);
    await world.copy(MAIN);
    expect(pieces()).toEqual(['000005.gz']);
  });

  it('keeps the older version while the newer one is not complete, and lets go of it the next time', async () => {
    world.end();
    world = createCopyWorld('rewritten');
    world.write(MAIN, '{"messages":[1]}');
    await world.copy(MAIN);
    world.write(MAIN, '{"messages":[1,2]}');
    const { files } = world.deps;
    const failing: Files = { ...files, remove: async () => err(appError('io', 'Killed here.', 'None.')) };
    const session = world.session(MAIN);
    await copySession({ ...world.deps, files: failing }, world.source, world.folder, session);
    expect(pieces()).toHaveLength(2);
    await world.copy(MAIN);
    expect(pieces()).toEqual(['000002.gz']);
  });

  it('passes over lines of its record that are torn or none of its own', async () => {
    world.write(MAIN, lines(0, 5));
    await world.copy(MAIN);
    const record = join(world.folder, 'copy.jsonl');
    writeFileSync(record, `${readFileSync(record, 'utf8')}{"file":"x","from":-1}\nno json\n{"fi`);
    expect(await copyOf(MAIN)).toBe(lines(0, 5));
    world.append(MAIN, 'more\n');
    await world.copy(MAIN);
    expect(await copyOf(MAIN)).toBe(`${lines(0, 5)}more\n`);
  });

  it('stops where it is told to', async () => {
    world.write(MAIN, lines(0, 5));
    const stop = AbortSignal.abort();
    const result = await copySession(world.deps, world.source, world.folder, world.session(MAIN), stop);
    expect(result.ok ? null : result.error.code).toBe('cancelled');
  });
});

describe('a session that is put back', () => {
  const restore = () => restoreCopy(world.deps, world.source, world.folder);

  it('is byte for byte what it was, with the time of now', async () => {
    world.write(MAIN, lines(0, 2_000));
    world.write(SUB, lines(5, 9));
    utimesSync(join(world.root, MAIN), 1_000, 2_000);
    await world.copy(MAIN, SUB);
    const was = [world.bytes(MAIN), world.bytes(SUB)];
    world.remove(MAIN);
    world.remove(SUB);
    const before = Date.now();
    const report = unwrap(await restore());
    expect(report.map(({ action }) => action)).toEqual(['restored', 'restored']);
    expect([world.bytes(MAIN), world.bytes(SUB)]).toEqual(was);
    expect(statSync(join(world.root, MAIN)).mtimeMs).toBeGreaterThanOrEqual(before - 1_000);
    expect(readdirSync(join(world.root, 'projects/-p'))).not.toContain('s-1.jsonl.restoring');
  });

  it('leaves a file that goes on with what the copy holds', async () => {
    world.write(MAIN, lines(0, 5));
    await world.copy(MAIN);
    world.append(MAIN, lines(5, 6));
    expect(unwrap(await restore())).toMatchObject([{ action: 'there' }]);
    expect(world.bytes(MAIN).toString()).toBe(lines(0, 6));
  });

  it.each([
    ['is newer and something else', lines(7, 30)],
    ['is shorter', lines(0, 1)],
  ])('never writes over a file that %s, and restores nothing beside it', async (_, there) => {
    world.write(MAIN, lines(0, 5));
    world.write(SUB, lines(5, 9));
    await world.copy(MAIN, SUB);
    world.remove(SUB);
    world.write(MAIN, there);
    const result = await restore();
    expect(result.ok ? null : result.error.code).toBe('precondition');
    expect(world.bytes(MAIN).toString()).toBe(there);
    expect(statSync(join(world.root, SUB), { throwIfNoEntry: false })).toBeUndefined();
  });

  it('writes nothing from a copy with a damaged piece', async () => {
    world.write(MAIN, lines(0, 5));
    await world.copy(MAIN);
    world.remove(MAIN);
    writeFileSync(join(world.folder, pieces()[0]!), 'damaged');
    const result = await restore();
    expect(result.ok ? null : result.error.code).toBe('corrupt');
    expect(readdirSync(join(world.root, 'projects/-p'))).toEqual([]);
  });

  it('writes nothing outside the folders of the agent, whatever the record says', async () => {
    world.write(MAIN, lines(0, 5));
    await world.copy(MAIN);
    const record = join(world.folder, 'copy.jsonl');
    writeFileSync(record, readFileSync(record, 'utf8').replace(MAIN, '../outside.jsonl'));
    const result = await restore();
    expect(result.ok ? null : result.error.code).toBe('invalid-input');
  });
});

const WRITES = ['replace', 'append', 'makeFolder'] as const;
const READS = ['readHead', 'readRange', 'stat'] as const;

function failingFiles(
  files: Files,
  methods: readonly (keyof Files)[],
  code: ErrorCode,
  nth: number,
  after: boolean,
) {
  const counted = { calls: 0 };
  const wrapped = { ...files } as Record<string, unknown>;
  for (const method of methods)
    wrapped[method] = async (...args: unknown[]) => {
      counted.calls++;
      const act = (): unknown => (files[method] as (...all: unknown[]) => unknown)(...args);
      if (counted.calls < nth) return act();
      // The disk has done it and the process does not hear of it, as after a kill.
      if (after && counted.calls === nth) await act();
      return err(appError(code, `${method} failed`, 'Try again.'));
    };
  return { files: wrapped as unknown as Files, counted };
}

describe.each([
  ['a full disk', WRITES, 'disk-full', false],
  ['the end of the process after a write', WRITES, 'io', true],
  ['a disk that goes away', [...WRITES, ...READS], 'io', false],
] as const)('%s at every call of a copy', (_, methods, code, after) => {
  it.each(['first', 'further'])(
    'leaves the %s copy as it was or further, and the next run completes it',
    async (which) => {
      let nth = 1;
      for (let reached = true; reached; nth++) {
        const fresh = createCopyWorld();
        world.end();
        world = fresh;
        world.write(MAIN, lines(0, 100));
        world.write(SUB, lines(0, 100));
        if (which === 'further') {
          await world.copy(MAIN, SUB);
          world.append(MAIN, lines(100, 150));
          world.write(SUB, lines(7, 90));
        }
        const { files, counted } = failingFiles(world.deps.files, methods, code, nth, after);
        const session = world.session(MAIN, SUB);
        const result = await copySession({ ...world.deps, files }, world.source, world.folder, session);
        reached = counted.calls >= nth;
        expect(result.ok).toBe(!reached);
        // What the record names is there and proven, up to where it goes.
        for (const name of [MAIN, SUB])
          expect([world.bytes(name).toString(), lines(0, 100), '']).toContain(await copyOf(name));
        await world.copy(MAIN, SUB);
        expect(await copyOf(MAIN)).toBe(world.bytes(MAIN).toString());
        expect(await copyOf(SUB)).toBe(world.bytes(SUB).toString());
      }
      expect(nth).toBeGreaterThan(3);
    },
  );
});
