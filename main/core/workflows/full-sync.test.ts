import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppError } from '../../../shared/app-error.ts';
import { crc32c, crc32cToBase64 } from '../../../shared/domain/checksum.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import { unwrap, type Result } from '../../../shared/result.ts';
import { allDone } from '../../testing/all-done.ts';
import {
  createTestWorld,
  FOR_MIKE,
  testUuid,
  type TestMachine,
  type TestWorld,
} from '../../testing/sync-world.ts';
import { push } from '../sync/push.ts';
import { fullSync } from './full-sync.ts';
import type { Outcome } from './outcome.ts';
import { takeBack } from './restore.ts';
import { verify } from './verify.ts';

const A = testUuid('a');
const DAY = 'SESSION-LOG-2026-01-05.md' as LogPath;

let world: TestWorld;
let a: TestMachine;
let b: TestMachine;

beforeEach(async () => {
  world = createTestWorld();
  [a, b] = [world.machine('a'), world.machine('b')];
  await a.write(DAY, '# A day\n\n## User\n\n- **User:** Mike Swanson (mike)\n');
  await a.write('projects/APOLLO/2026-01-05-mike-rocket.md', '# Rocket\n');
  await whole(push(a.deps));
});
afterEach(() => world.end());

async function whole<R>(pending: Promise<Result<Outcome<R>, AppError>>): Promise<R> {
  return allDone(await pending);
}

function plant(name: string, bytes: Uint8Array): void {
  world.bucket.plant(name, bytes, { crc32c: crc32cToBase64(crc32c(bytes)), metadata: {} });
}

describe('full sync', () => {
  it('brings everything back to a new disk', async () => {
    const fresh = world.machine('a', { nonce: a.deps.self.nonce });
    const report = await whole(fullSync(fresh.base, FOR_MIKE));
    expect(report.restore.restored).toEqual([DAY, 'projects/APOLLO/2026-01-05-mike-rocket.md']);
    expect(await fresh.read(DAY)).toBe(await a.read(DAY));
    fresh.calls.length = 0;
    expect((await whole(push(fresh.deps))).uploaded).toEqual([]);
  });

  it('does not bring back what a person deleted, unless asked for it', async () => {
    await a.deps.files.remove(`${a.paths.sessionLogs}/${DAY}`);
    await whole(push(a.deps));
    expect((await whole(fullSync(a.base, FOR_MIKE))).restore.restored).toEqual([]);
    expect(unwrap(await takeBack(a.base, DAY))).toEqual({ changed: true, keptAs: null });
    expect(await a.read(DAY)).toContain('A day');
  });

  it('takes a cut log back and keeps what was here', async () => {
    const text = await a.read(DAY);
    await a.write(DAY, text.slice(0, 5));
    const { changed, keptAs } = unwrap(await takeBack(a.base, DAY));
    expect(changed).toBe(true);
    expect(await a.read(DAY)).toBe(text);
    expect(await readFile(keptAs ?? '', 'utf8')).toBe(text.slice(0, 5));
    expect((await whole(push(a.deps))).attention).toEqual([]);
  });

  it('leaves a log that is the stored one already as it is', async () => {
    const before = await a.deps.files.names(a.paths.sessionLogs);
    expect(unwrap(await takeBack(a.base, DAY))).toEqual({ changed: false, keptAs: null });
    expect(await a.deps.files.names(a.paths.sessionLogs)).toEqual(before);
  });

  it('stores again what somebody removed from the store', async () => {
    world.bucket.remove(`tenant-team/machines/${A}/${DAY}`);
    const report = await whole(fullSync(a.base, FOR_MIKE));
    expect(report.reconciled).toBe(1);
    expect(world.objects().get(`tenant-team/machines/${A}/${DAY}`)).toContain('A day');
  });

  it('removes what a killed writer left a day ago, and none of it on a trial run', async () => {
    const left = join(a.paths.state, '.inbox.json.0123456789ab.tmp');
    await mkdir(a.paths.state, { recursive: true });
    await writeFile(left, '{');
    await utimes(left, 1_000, 1_000);
    await whole(fullSync(a.base, { ...FOR_MIKE, dryRun: true }));
    expect(await readFile(left, 'utf8')).toBe('{');
    await whole(fullSync(a.base, FOR_MIKE));
    expect(await readFile(left, 'utf8').catch(() => null)).toBeNull();
  });

  it('writes the aggregate that ADR-058 names, once a day', async () => {
    expect((await whole(fullSync(b.base, FOR_MIKE))).aggregate).toBe(true);
    const aggregate = JSON.parse(world.objects().get('tenant-team/index/session-index.json') ?? '{}') as {
      entries: unknown[];
    };
    expect(aggregate.entries).toHaveLength(2);
    expect((await whole(fullSync(b.base, FOR_MIKE))).aggregate).toBe(false);
  });

  it('names foreign objects in the partition and leaves them alone', async () => {
    plant(`tenant-team/machines/${A}/../x.md`, new Uint8Array([1]));
    plant(`tenant-team/machines/${A}/con.md`, new Uint8Array([1]));
    const report = await whole(verify(a.base));
    expect(report.foreign).toHaveLength(2);
    await whole(fullSync(a.base, FOR_MIKE));
    expect(world.bucket.objects.has(`tenant-team/machines/${A}/con.md`)).toBe(true);
  });

  it('ends with the failure of a push that had to stop, and with no report of another shape', async () => {
    await a.write('2026-01-06-hal-second.md', '# Second\n');
    const stop = new AbortController();
    const ended = await fullSync(a.base, {
      ...FOR_MIKE,
      signal: stop.signal,
      onProgress: ({ phase }) => (phase === 'scan' ? stop.abort() : undefined),
    });
    expect(ended).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(ended.ok ? null : ended.error.details).not.toHaveProperty('report');
  });

  it('is partial when a part is, and names what is wrong', async () => {
    await a.write(DAY, '# A');
    const ended = await fullSync(a.base, FOR_MIKE);
    expect(ended).toMatchObject({
      ok: true,
      value: { problem: { code: 'partial' }, report: { push: { attention: [DAY] }, index: { machines: 1 } } },
    });
  });
});
