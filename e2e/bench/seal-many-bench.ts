import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeBenchLogs } from './bench-logs.ts';
import type { BenchRow } from './bench-row.ts';
import { CLI, succeed } from './sync-bench.ts';

const LOGS = 100_000;
const LOG_BYTES = 600;
const MB = 1024 * 1024;
/** When the first run is killed, at the earliest; with very many logs, after a third of the time of their push. */
const KILLED_AFTER_MS = 20_000;

/** A folder store with very many small logs is sealed: killed on the way, and gone on with. */
export async function sealManyBench(scale = 1): Promise<BenchRow[]> {
  const count = Math.round(LOGS * scale);
  const root = mkdtempSync(join(tmpdir(), 'session-log-seal-many-'));
  try {
    const [home, store] = [join(root, 'home'), join(root, 'store')];
    mkdirSync(store);
    await succeed(home, ['config', 'set', '--create', 'store.url', pathToFileURL(store).href]);
    writeBenchLogs(join(home, 'session-logs'), count, LOG_BYTES);
    const push = await succeed(home, ['sync', '--push']);
    const killedAfterMs = Math.max(KILLED_AFTER_MS, push.wallMs / 3);
    const killed = await killedRun(home, killedAfterMs);
    const rest = await succeed(home, ['store', 'seal', '--json']);
    const { sealed, already, waiting } = (
      JSON.parse(rest.stdout) as { readonly value: Record<'sealed' | 'already' | 'waiting', number> }
    ).value;
    const seconds = rest.wallMs / 1000;
    const row = (name: string, value: number, unit: string, target: string, ok: boolean): BenchRow => ({
      name,
      value,
      unit,
      peer: null,
      ratio: null,
      target,
      ok,
    });
    return [
      row(`seal of ${count} logs, gone on with after a kill`, sealed / seconds, 'objects/s', '–', true),
      row(
        `left by the run that was killed after ${Math.round(killedAfterMs / 1000)} s`,
        already,
        'sealed',
        '> 0, none lost',
        already > 0 || killed,
      ),
      row('left to do', waiting, 'objects', '0', waiting === 0),
      row(
        'memory of it',
        rest.maxRssBytes / MB,
        'MB',
        'at most 1.2x the push',
        rest.maxRssBytes < 1.2 * push.maxRssBytes,
      ),
      row('memory of the push', push.maxRssBytes / MB, 'MB', '–', true),
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** @returns whether it had ended before */
async function killedRun(home: string, afterMs: number): Promise<boolean> {
  const child = spawn(process.execPath, [CLI, 'store', 'seal'], {
    env: { ...process.env, SESSION_LOG_HOME: home },
    stdio: 'ignore',
  });
  const ended = new Promise<boolean>((settle) => child.once('exit', (code) => settle(code !== null)));
  const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
  const hadEnded = await ended;
  clearTimeout(timer);
  return hadEnded;
}
