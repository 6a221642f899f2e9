import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { endProcesses, type RunningProcess } from './processes.ts';
import { onPosix } from '../../testing/only.ts';

const folder = mkdtempSync(join(tmpdir(), 'session-log-processes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a shell that leaves a file when it is asked to end, and says how to find it. */
async function start(
  name: string,
  script: string,
): Promise<{ asked: string; find: () => Promise<RunningProcess[]> }> {
  const asked = join(folder, name);
  const child = spawn('sh', ['-c', `trap 'touch "$0"; exit' TERM; echo ready; ${script}`, asked], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const find = async (): Promise<RunningProcess[]> =>
    child.exitCode === null && child.signalCode === null
      ? [{ pid: child.pid ?? 0, command: 'sh', cwd: null }]
      : [];
  return { asked, find };
}

onPosix.describe('processes that a killed session left', () => {
  it('are not asked to end when they end by themselves', async () => {
    const { asked, find } = await start('by-itself', 'sleep 0.3');
    expect(await endProcesses(find)).toEqual({ found: 1, left: [] });
    expect(existsSync(asked)).toBe(false);
  });

  it('are asked when they stay, before they are made', async () => {
    const { asked, find } = await start('stays', 'while :; do sleep 0.05; done');
    expect(await endProcesses(find)).toEqual({ found: 1, left: [] });
    expect(existsSync(asked)).toBe(true);
  });

  it('are looked for once when there are none', async () => {
    let looks = 0;
    const none = async (): Promise<RunningProcess[]> => (looks++, []);
    expect(await endProcesses(none)).toEqual({ found: 0, left: [] });
    expect(looks).toBe(1);
  });
});
