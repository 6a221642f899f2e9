import { afterAll, describe, expect, it } from 'vitest';
import type { DiskCalls } from '../../../main/adapters/disk/disk.ts';
import { replaceSteps, type WriteContext } from '../../../main/adapters/disk/durable-write.ts';
import { call, runSync, type Steps } from '../../../main/adapters/disk/steps.ts';
import { modelDisk, type ModelDisk } from './model-disk.ts';
import { NEW, OLD, WRITERS, type Writer } from './writers.ts';

/**
 * The power goes after every call of every writer, and every disk that may then be found is looked at: old or new content, never
 * a third, and after success new content only.
 */
let looked = 0;
let states = 0;
let most = 0;
afterAll(() => {
  console.log(`power cut: ${looked} contents of ${states} possible disks, at most ${most} after one call`);
});

const FOLDER = '/data';

interface Findings {
  /** Contents that were neither old nor new. */
  readonly third: string[];
  /** Old contents that were possible after success was reported. */
  readonly lost: number;
  readonly result: unknown;
}

async function cutEverywhere(writer: Writer, failFsync?: number): Promise<Findings> {
  const third: string[] = [];
  let calls = 0;
  const look = (disk: ModelDisk): void => {
    calls += 1;
    const possible = disk.states();
    states += possible;
    most = Math.max(most, possible);
    for (const content of disk.afterPowerCut(`${FOLDER}/${writer.target}`)) {
      looked += 1;
      if (!writer.isOld(content) && !writer.isNew(content) && !writer.mayTear(content))
        third.push(`after call ${calls}: ${describeContent(content)}`);
    }
  };
  const disk = modelDisk({ onChange: look, ...(failFsync === undefined ? {} : { failFsync }) });
  disk.seed(`${FOLDER}/.keep`, new Uint8Array(0));
  for (const [path, bytes] of Object.entries(writer.before)) disk.seed(`${FOLDER}/${path}`, bytes);
  const result = await writer.run(FOLDER, disk.deps);
  let lost = 0;
  if (result.ok)
    for (const content of disk.afterPowerCut(`${FOLDER}/${writer.target}`))
      if (!writer.isNew(content)) lost += 1;
  return { third, lost, result };
}

function describeContent(content: Uint8Array | null): string {
  if (content === null) return 'nothing';
  return `${content.length} bytes, ${JSON.stringify(Buffer.from(content.subarray(0, 12)).toString('latin1'))}…`;
}

describe.each(WRITERS.map((writer) => [writer.name, writer] as const))('%s', (_, writer) => {
  it('survives a power cut after every call', async () => {
    const { third, lost, result } = await cutEverywhere(writer);
    expect(result).toMatchObject({ ok: true });
    expect(third).toEqual([]);
    expect(lost, 'possible disks without the new content after success').toBe(0);
  });

  it('believes no fsync that comes after a failed one', async () => {
    for (let at = 0; at < 8; at++) {
      const { third, lost } = await cutEverywhere(writer, at);
      expect(third, `fsync ${at} failed`).toEqual([]);
      expect(lost, `fsync ${at} failed, and success was reported`).toBe(0);
    }
  });
});

describe('known-bad protocols are found out', () => {
  const context: WriteContext = { platform: 'linux', nonce: () => '000000000000' };
  const target = `${FOLDER}/state/index.json`;
  const writer = (steps: () => Steps<void>): Writer => ({
    ...(WRITERS[0] as Writer),
    run: async (_, { syncDisk }) => {
      try {
        runSync(syncDisk as DiskCalls, steps());
        return { ok: true, value: undefined };
      } catch {
        return { ok: false, error: { code: 'io', message: '', remedy: '', transient: false } };
      }
    },
  });
  function* fill(path: string): Steps<number> {
    const fd = yield* call('open', path, 0o101, 0o600);
    for (let done = 0; done < NEW.length;) done += yield* call('write', fd, NEW, done, NEW.length - done);
    return fd;
  }
  function* syncFolder(): Steps<void> {
    const fd = yield* call('open', `${FOLDER}/state`, 0, 0);
    yield* call('fsync', fd);
    yield* call('close', fd);
  }

  it('none at all: the good one, through the same eyes', async () => {
    const good = await cutEverywhere(writer(() => replaceSteps(target, NEW, 0o600, context)));
    expect(good).toMatchObject({ third: [], lost: 0, result: { ok: true } });
  });

  it('renames without an fsync of the file', async () => {
    const { third } = await cutEverywhere(
      writer(function* () {
        const fd = yield* fill(`${target}.tmp`);
        yield* call('close', fd);
        yield* call('rename', `${target}.tmp`, target);
        yield* syncFolder();
      }),
    );
    expect(third.length).toBeGreaterThan(0);
  });

  it('fsyncs the file after the rename', async () => {
    const { third } = await cutEverywhere(
      writer(function* () {
        const fd = yield* fill(`${target}.tmp`);
        yield* call('rename', `${target}.tmp`, target);
        yield* call('fsync', fd);
        yield* syncFolder();
      }),
    );
    expect(third.length).toBeGreaterThan(0);
  });

  it('leaves the folder out', async () => {
    const { third, lost } = await cutEverywhere(
      writer(function* () {
        const fd = yield* fill(`${target}.tmp`);
        yield* call('fsync', fd);
        yield* call('rename', `${target}.tmp`, target);
      }),
    );
    expect(third).toEqual([]);
    expect(lost).toBeGreaterThan(0);
  });

  it('writes in place', async () => {
    const { third } = await cutEverywhere(
      writer(function* () {
        const fd = yield* fill(target);
        yield* call('truncate', fd, NEW.length);
        yield* call('fsync', fd);
      }),
    );
    expect(third.length).toBeGreaterThan(0);
  });

  it('removes the old file before it renames', async () => {
    const { third } = await cutEverywhere(
      writer(function* () {
        const fd = yield* fill(`${target}.tmp`);
        yield* call('fsync', fd);
        yield* call('unlink', target);
        yield* call('rename', `${target}.tmp`, target);
        yield* syncFolder();
      }),
    );
    expect(third).toContainEqual(expect.stringContaining('nothing'));
  });

  it('asks for an fsync again after it failed', async () => {
    const { third, lost } = await cutEverywhere(
      writer(function* () {
        const fd = yield* fill(`${target}.tmp`);
        try {
          yield* call('fsync', fd);
        } catch {
          yield* call('fsync', fd);
        }
        yield* call('rename', `${target}.tmp`, target);
        yield* syncFolder();
      }),
      0,
    );
    expect(third.length + lost).toBeGreaterThan(0);
  });

  it('forgets the folder that it made', async () => {
    const made: Writer = {
      ...(WRITERS[1] as Writer),
      run: async (_, { syncDisk }) => {
        runSync(syncDisk as DiskCalls, bareFolders());
        return { ok: true, value: undefined };
      },
    };
    function* bareFolders(): Steps<void> {
      yield* call('mkdir', `${FOLDER}/a`, 0o700);
      yield* call('mkdir', `${FOLDER}/a/b`, 0o700);
      yield* replaceSteps(`${FOLDER}/a/b/c.md`, NEW, 0o600, context);
    }
    expect((await cutEverywhere(made)).lost).toBeGreaterThan(0);
  });

  it('the model itself: what was on disk before stays, as long as nobody touches it', () => {
    const disk = modelDisk();
    disk.seed('/a/b', OLD);
    expect([...disk.afterPowerCut('/a/b')]).toEqual([OLD]);
    expect([...disk.afterPowerCut('/a/c')]).toEqual([null]);
    expect(disk.states()).toBe(1);
  });
});
