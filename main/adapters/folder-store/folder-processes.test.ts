import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { okOf } from '../../testing/store-contract/contract-bench.ts';
import { createNodeClock } from '../system/node-clock.ts';
import { createNodeRandom } from '../system/node-random.ts';
import { createFolderObjectStore } from './folder-object-store.ts';

const PROGRAM = fileURLToPath(new URL('../../testing/folder-counter.ts', import.meta.url));
const NAME = 'tenant-a/index/session-index.json';
const MARKS = 12;

interface Ended {
  readonly acknowledged: readonly string[];
  readonly code: number | null;
  readonly stderr: string;
}

/** Runs one writer; a doomed one writes until it is killed, as soon as it has been acknowledged so many times. */
function writer(root: string, name: string, killAfter: number): Promise<Ended> {
  return new Promise((resolve) => {
    const marks = String(killAfter === 0 ? MARKS : Number.MAX_SAFE_INTEGER);
    const child = spawn(process.execPath, [PROGRAM, root, NAME, name, marks], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const acknowledged: string[] = [];
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    createInterface(child.stdout).on('line', (line) => {
      acknowledged.push(line);
      if (acknowledged.length === killAfter) child.kill('SIGKILL');
    });
    child.on('close', (code) => resolve({ acknowledged, code, stderr }));
  });
}

it('six real processes on one folder, three of them killed: no acknowledged write is lost or doubled', async () => {
  const root = await mkdtemp(join(tmpdir(), 'session-log-processes-'));
  try {
    const doomed = [1, 4, 7];
    const ended = await Promise.all([
      ...['a', 'b', 'c'].map((name) => writer(root, name, 0)),
      ...['x', 'y', 'z'].map((name, at) => writer(root, name, doomed[at] ?? 1)),
    ]);
    for (const { code, stderr } of ended.slice(0, 3)) expect([code, stderr]).toEqual([0, '']);
    for (const { code } of ended.slice(3)) expect(code).toBeNull();
    const store = createFolderObjectStore({
      root,
      create: false,
      sameDisk: false,
      clock: createNodeClock(),
      random: createNodeRandom(),
    });
    const text = new TextDecoder().decode(okOf(await store.get(NAME))!.bytes);
    const acknowledged = ended.flatMap((one) => one.acknowledged);
    expect(acknowledged.length).toBeGreaterThanOrEqual(3 * MARKS + 12);
    for (const mark of acknowledged) expect(text.split(mark).length - 1, mark).toBe(1);
  } finally {
    await rm(root, { recursive: true });
  }
});
