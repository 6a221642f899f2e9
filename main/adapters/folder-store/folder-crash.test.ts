import { constants } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { byteSourceOf } from '../../testing/byte-source-of.ts';
import { failingCalls, Killed, type Blow } from '../../testing/failing-calls.ts';
import { howOften } from '../../testing/how-often.ts';
import { okOf } from '../../testing/store-contract/contract-bench.ts';
import { createNodeClock } from '../system/node-clock.ts';
import { createNodeRandom } from '../system/node-random.ts';
import { nodeFolderCalls as realCalls, type FolderCalls } from './folder-calls.ts';
import { createFolderObjectStore } from './folder-object-store.ts';

const machine = { clock: createNodeClock(), random: createNodeRandom(), sameDisk: true };
/** The real disk, but for the waiting: a process that dies loses nothing it has not synced, and power cuts are folder-interleaving's matter. */
const nodeFolderCalls: FolderCalls = { ...realCalls, fsync: () => Promise.resolve() };
const CHANGES = new Set(['open', 'write', 'fsync', 'rename', 'unlink', 'mkdir', 'rmdir']);
const creates = (flags: unknown): boolean => typeof flags === 'number' && (flags & constants.O_CREAT) !== 0;
const ERRORS = ['EIO', 'ENOSPC', 'EACCES', 'ESTALE', 'EDQUOT'];
const NAME = 'tenant-a/machines/m/2026-01/log.md';
const [OLD, NEW] = ['the old log', 'the new log, which is longer'];

/** What each scenario starts from, what it does, and what may stand at its end. */
const scenarios: {
  readonly name: string;
  readonly prepare: (store: ObjectStore) => Promise<void>;
  readonly act: (store: ObjectStore) => Promise<{ readonly ok: boolean }>;
  readonly before: string | null;
}[] = [
  { name: 'a first write', prepare: async () => {}, act: (store) => put(store, NEW, '0'), before: null },
  {
    name: 'a replacement',
    prepare: async (store) => void (await put(store, OLD, '0')),
    act: async (store) => put(store, NEW, (await store.head(NAME).then(okOf))!.generation),
    before: OLD,
  },
  {
    name: 'a copy',
    prepare: async (store) =>
      void okOf(
        await store.put('from.md', byteSourceOf(NEW), { ifGenerationMatch: '0', contentType: 'a/b' }),
      ),
    act: async (store) =>
      store.copy((await store.head('from.md').then(okOf))!, NAME, { ifGenerationMatch: '0' }),
    before: null,
  },
];

function put(store: ObjectStore, text: string, ifGenerationMatch: string) {
  return store.put(NAME, byteSourceOf(text), { ifGenerationMatch, contentType: 'text/markdown' });
}

async function visibleFiles(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  return files.filter((file) => !file.startsWith('.session-log-store')).sort();
}

describe('a folder store whose writer fails at any call', () => {
  let base = '';
  let runs = 0;
  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'session-log-crash-'));
  });
  afterAll(() => rm(base, { recursive: true }));

  /** Runs one scenario with a blow at the n-th change; answers whether the run went past its last change. */
  async function strike(scenario: (typeof scenarios)[number], at: number, blow: Blow): Promise<boolean> {
    const root = join(base, String(++runs));
    const open = (calls: FolderCalls) => createFolderObjectStore({ root, create: true, calls, ...machine });
    await scenario.prepare(open(nodeFolderCalls));
    const failing = failingCalls(nodeFolderCalls, at, blow, CHANGES, creates);
    const acknowledged = await scenario.act(open(failing.calls)).then(
      (result) => result.ok,
      (error: unknown) => {
        if (error instanceof Killed) return false;
        throw error;
      },
    );
    const where = `${scenario.name}, ${JSON.stringify(blow)} at change ${at}`;

    // Another machine, which knows nothing of the accident.
    const other = open(nodeFolderCalls);
    const got = okOf(await other.get(NAME));
    const text = got === null ? null : new TextDecoder().decode(got.bytes);
    expect([scenario.before, NEW], where).toContain(text);
    if (acknowledged) expect(text, where).toBe(NEW);
    expect(okOf(await other.head(NAME)), where).toEqual(got?.info ?? null);
    const listed = okOf(await other.list('tenant-a/')).objects;
    expect(listed, where).toEqual(got === null ? [] : [got.info]);
    const others = scenario.name === 'a copy' ? ['from.md'] : [];
    expect(await visibleFiles(root), where).toEqual([...others, ...listed.map((info) => info.name)].sort());

    // And it can go on from there, twice.
    const next = okOf(await put(other, 'after the accident', got?.info.generation ?? '0'));
    okOf(await put(other, NEW, next.generation));
    expect(new TextDecoder().decode(okOf(await open(nodeFolderCalls).get(NAME))!.bytes), where).toBe(NEW);
    return failing.changes < at;
  }

  /** By name, the blow at the n-th change. The sample takes the errors in turn, one a change; all of it is each error at each change. */
  const blows: Readonly<Record<string, (at: number) => Blow>> = {
    'killed before': () => ({ kind: 'kill', when: 'before' }),
    'killed after': () => ({ kind: 'kill', when: 'after' }),
    ...Object.fromEntries(
      ERRORS.slice(0, howOften(1, ERRORS.length)).map((code, first) => [
        `refused, beginning with ${code}`,
        (at: number): Blow => ({ kind: 'errno', code: ERRORS[(first + at) % ERRORS.length] ?? code }),
      ]),
    ),
  };
  for (const scenario of scenarios) {
    it.each(Object.entries(blows))(
      `${scenario.name} leaves the old object or the new: %s`,
      async (_, blow) => {
        let at = 1;
        while (!(await strike(scenario, at, blow(at)))) at++;
        // Fewer changes than this would mean that the wrapper no longer sees them.
        expect(at).toBeGreaterThan(12);
      },
    );
  }
});
