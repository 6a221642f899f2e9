import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { createTestWorld, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import type { Files } from '../ports/files.ts';
import { ledgerPath } from '../ledger/ledger.ts';
import { push } from '../sync/push.ts';
import { localStatus, type LocalStatus } from './local-status.ts';

const DAY = 'SESSION-LOG-2026-01-06.md';
const ALL_PUSHED = { unsynced: 0, unsyncedBytes: 0, lost: 0, refused: [] };

let world: TestWorld;
let a: TestMachine;

beforeEach(() => {
  world = createTestWorld();
  a = world.machine('a');
});
afterEach(() => world.end());

/** What a look at the disk takes. */
interface Look {
  readonly status: LocalStatus;
  readonly ledgerRead: boolean;
  readonly scanned: boolean;
}

async function look(): Promise<Look> {
  const { files } = a.deps;
  const ledger = ledgerPath(a.deps);
  const took = { ledgerRead: false, scanned: false };
  const watched: Files = {
    ...files,
    read: (path) => {
      if (path === ledger) took.ledgerRead = true;
      return files.read(path);
    },
    scanLogs: (folder) => ((took.scanned = true), files.scanLogs(folder)),
  };
  const status = unwrap(await localStatus({ ...a.deps, files: watched }));
  return { status, ...took };
}

const full = (path: string): string => join(a.paths.sessionLogs, path);

async function pushAll(): Promise<void> {
  unwrap(await push(a.deps));
}

describe('the logs of this machine', () => {
  it('all wait before the first push', async () => {
    await a.write(DAY, 'one\n');
    expect((await look()).status).toEqual({
      logs: 1,
      bytes: 4,
      staysHere: 0,
      unsynced: 1,
      unsyncedBytes: 4,
      lost: 0,
      refused: [],
    });
  });

  it('are compared with the ledger once, and then only looked at', async () => {
    await a.write(DAY, 'one\n');
    await pushAll();
    const seen = { logs: 1, bytes: 4, staysHere: 0, ...ALL_PUSHED };
    expect(await look()).toMatchObject({ status: seen, ledgerRead: true });
    expect(await look()).toEqual({ status: seen, ledgerRead: false, scanned: true });
  });

  it.each<[string, () => unknown, Partial<LocalStatus>]>([
    [
      'grew',
      () => appendFileSync(full(DAY), 'two\n'),
      { logs: 1, bytes: 8, staysHere: 0, unsynced: 1, unsyncedBytes: 8 },
    ],
    ['is new', () => a.write('2026-01-07-mara-x.md', 'x'), { logs: 2, unsynced: 1, unsyncedBytes: 1 }],
    ['is gone', () => rmSync(full(DAY)), { logs: 0, bytes: 0, ...ALL_PUSHED, lost: 1 }],
    [
      'cannot be one',
      () => mkdirSync(full('x.md')),
      { logs: 1, unsynced: 0, refused: [expect.objectContaining({ path: 'x.md' })] },
    ],
  ])('are compared again when one %s', async (_, change, wanted) => {
    await a.write(DAY, 'one\n');
    await pushAll();
    await look();
    await change();
    expect((await look()).status).toMatchObject(wanted);
    expect((await look()).status).toMatchObject(wanted);
  });

  it('are compared again when the ledger was written, whatever it says now', async () => {
    await a.write(DAY, 'one\n');
    await pushAll();
    await look();
    rmSync(ledgerPath(a.deps));
    expect((await look()).status).toMatchObject({ unsynced: 1 });
    await pushAll();
    expect(await look()).toMatchObject({ status: ALL_PUSHED, ledgerRead: true });
  });

  it('are compared with a ledger whose memory was damaged', async () => {
    await a.write(DAY, 'one\n');
    await pushAll();
    await look();
    const memory = ledgerPath(a.deps).replace('.jsonl', '.settled');
    for (const text of ['', 'null\n', '{"schema":1}\n', 'x'.repeat(100)]) {
      unwrap(await a.deps.files.replace(memory, new TextEncoder().encode(text)));
      expect(await look()).toMatchObject({ status: { logs: 1, ...ALL_PUSHED }, ledgerRead: true });
    }
  });
});
