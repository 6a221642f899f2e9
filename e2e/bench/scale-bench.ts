import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createFolderObjectStore } from '../../main/adapters/folder-store/folder-object-store.ts';
import { createNodeClock } from '../../main/adapters/system/node-clock.ts';
import { createNodeRandom } from '../../main/adapters/system/node-random.ts';
import { writeBenchLogs } from './bench-logs.ts';
import type { BenchRow } from './bench-row.ts';
import { measureProcess, median, medianWall, type ProcessFigures } from './measured-process.ts';
import { publishTeam } from './publish-team.ts';
import { CLI, connect, succeed } from './sync-bench.ts';

const OWN = 50_000;
const LOG_BYTES = 2 * 1024;
const MACHINES = 300;
const THEIR_LOGS = 400;
const MB = 1024 * 1024;

/** Very many logs of one's own and a large team, in a store that is a folder: whole processes, beside `rclone` with its bytes synced. */
export async function scaleBench(scale: number): Promise<BenchRow[]> {
  const root = mkdtempSync(join(tmpdir(), 'session-log-scale-bench-'));
  try {
    const [home, store] = [join(root, 'home'), join(root, 'store')];
    const logs = join(home, 'session-logs');
    const count = Math.round(OWN * scale);
    await connect(home, { 'store.url': pathToFileURL(store).href });
    await publishToFolder(store, Math.round(MACHINES * scale));
    writeBenchLogs(logs, count, LOG_BYTES);
    // As ours does before it says that a log is stored: the bytes, and the names that lead to them.
    const copy = `rclone copy --config=/dev/null --transfers 16 "$0" "$1" && sync -f "$1"`;
    const peer = await wall('sh', ['-c', copy, logs, join(root, 'peer')]);
    const push = await succeed(home, ['sync', '--push']);
    await succeed(home, ['sync', '--index']);
    const env = { SESSION_LOG_HOME: home };
    const list = await medianWall(5, 'node', [CLI, 'list'], env);
    const again = await medianWall(5, 'node', [CLI, 'sync', '--push'], env);
    // In turn, so that both meet the same weather.
    const [checks, verified]: [number[], ProcessFigures[]] = [[], []];
    for (let round = 0; round < 3; round++) {
      checks.push(await wall('rclone', ['check', '--config=/dev/null', logs, join(root, 'peer')]));
      verified.push(await succeed(home, ['verify']));
    }
    const month = join(logs, '2025-01');
    for (const name of readdirSync(month).slice(0, 10)) appendFileSync(join(month, name), 'And then more.\n');
    const grown = await succeed(home, ['sync', '--push']);
    const of = `${count} own logs of 2 KB`;
    return [
      against(`first push of ${of}`, push.wallMs, peer, 6, 'rclone copy, synced'),
      memory('that push', push.maxRssBytes),
      most(`list, with ${of} and ${Math.round(MACHINES * scale)} machines`, list, 400),
      most('push with nothing new', again, 400),
      against('verify', median(verified.map(({ wallMs }) => wallMs)), median(checks), 1, 'rclone check'),
      memory('that verify', Math.max(...verified.map(({ maxRssBytes }) => maxRssBytes))),
      most('push of 10 that grew', grown.wallMs, 1_500),
      memory('that push', grown.maxRssBytes),
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function publishToFolder(root: string, machines: number): Promise<void> {
  const [clock, random] = [createNodeClock(), createNodeRandom()];
  const store = createFolderObjectStore({ root, create: true, sameDisk: true, clock, random });
  await publishTeam(store, machines, THEIR_LOGS);
  await store.close();
}

async function wall(program: string, args: readonly string[]): Promise<number> {
  const { exitCode, wallMs, stderr } = await measureProcess(program, args);
  if (exitCode !== 0) throw new Error(`${program} ended with ${exitCode}: ${stderr.slice(0, 500)}`);
  return wallMs;
}

function against(name: string, value: number, peer: number, most: number, of: string): BenchRow {
  const ratio = value / peer;
  return { name, value, unit: 'ms', peer, ratio, target: `<= ${most}x ${of}`, ok: ratio <= most };
}

function most(name: string, value: number, limit: number): BenchRow {
  const target = `< ${limit} ms`;
  return { name, value, unit: 'ms', peer: null, ratio: null, target, ok: value < limit };
}

function memory(what: string, bytes: number): BenchRow {
  const name = `memory of ${what}`;
  const value = bytes / MB;
  return { name, value, unit: 'MB', peer: null, ratio: null, target: '< 200 MB', ok: value < 200 };
}
