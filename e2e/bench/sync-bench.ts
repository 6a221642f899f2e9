import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startThirdPartyServer, type GcsServer } from '../../main/testing/gcs-server.ts';
import { writeBenchLogs } from './bench-logs.ts';
import type { BenchRow } from './bench-row.ts';
import { measureProcess, median, medianWall, type ProcessFigures } from './measured-process.ts';

export const CLI = resolve(fileURLToPath(new URL('../../out/main/cli.js', import.meta.url)));
const LOGS = 2_500;
const LOG_BYTES = 15 * 1024;
/** How many logs lie there unchanged, and what `status` may take of them, in starts of an empty Node. */
const MANY = [
  [2_000, 3],
  [10_000, 4.5],
] as const;
const MB = 1024 * 1024;

/** The engine as a person starts it: whole processes of the built CLI, against a real server and beside `rclone`. */
export async function syncBench(): Promise<BenchRow[]> {
  const root = mkdtempSync(join(tmpdir(), 'session-log-bench-'));
  try {
    const rows = await pushFigures(root);
    for (const [count, most] of MANY) rows.push(...(await manyLogs(root, count, most)));
    return rows;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function pushFigures(root: string): Promise<BenchRow[]> {
  const server = await startThirdPartyServer();
  if (server === null)
    throw new Error('needs a third-party GCS server: install Go, or set SESSION_LOG_GCS_ENDPOINT');
  try {
    await server.createBucket('bench');
    const [ours, theirs]: [ProcessFigures[], number[]] = [[], []];
    // One after the other in turn, so that both meet the same weather.
    for (let round = 0; round < 3; round++) {
      const home = join(root, `push-${round}`);
      await connect(home, { 'store.url': `gs://bench/ours-${round}`, 'store.endpoint': server.endpoint });
      writeBenchLogs(join(home, 'session-logs'), LOGS, LOG_BYTES);
      ours.push(await succeed(home, ['sync', '--push']));
      theirs.push(await rclone(server, join(home, 'session-logs'), `rclone-${round}`));
    }
    const perSecond = median(ours.map(({ wallMs }) => (LOGS / wallMs) * 1000));
    const peer = median(theirs.map((ms) => (LOGS / ms) * 1000));
    const memory = Math.max(...ours.map(({ maxRssBytes }) => maxRssBytes)) / MB;
    return [
      {
        name: `push ${LOGS} new logs of 15 KB (${server.name})`,
        value: perSecond,
        unit: 'logs/s',
        peer,
        ratio: perSecond / peer,
        target: '>= 1.2x rclone copy --transfers 16',
        ok: perSecond / peer >= 1.2,
      },
      {
        name: 'memory of that push',
        value: memory,
        unit: 'MB',
        peer: null,
        ratio: null,
        target: '< 150 MB',
        ok: memory < 150,
      },
    ];
  } finally {
    await server.stop();
  }
}

/** Unchanged logs: pushed again, and looked at. */
async function manyLogs(root: string, count: number, most: number): Promise<BenchRow[]> {
  const home = join(root, `many-${count}`);
  const store = join(root, `many-${count}-store`);
  await connect(home, { 'store.url': pathToFileURL(store).href });
  writeBenchLogs(join(home, 'session-logs'), count, 1024);
  await succeed(home, ['sync', '--push']);
  // The store is taken away: a push that made one request would fail.
  renameSync(store, `${store}.away`);
  const env = { SESSION_LOG_HOME: home };
  const [bares, pushes, looks]: [number[], number[], number[]] = [[], [], []];
  // In turn, as above: on a shared machine the next second may be half as fast.
  for (let round = 0; round < 9; round++) {
    bares.push(await medianWall(1, 'node', ['-e', '0']));
    pushes.push(await medianWall(1, 'node', [CLI, 'sync', '--push'], env));
    looks.push(await medianWall(1, 'node', [CLI, 'status'], env));
  }
  const bare = median(bares);
  const again = median(pushes) - bare;
  const status = median(looks);
  return [
    {
      name: `push ${count} unchanged logs again, 0 requests, beyond process start`,
      value: again,
      unit: 'ms',
      peer: bare,
      ratio: null,
      target: '< 150 ms',
      ok: again < 150,
    },
    {
      name: `status with ${count} logs`,
      value: status,
      unit: 'ms',
      peer: bare,
      ratio: status / bare,
      target: `<= ${most}x node -e 0`,
      ok: status / bare <= most,
    },
  ];
}

/** Makes a data folder with these settings. */
export async function connect(home: string, settings: Readonly<Record<string, string>>): Promise<void> {
  for (const [key, value] of Object.entries(settings))
    await succeed(home, ['config', 'set', '--create', key, value]);
}

/** Runs the built command line to its end; throws when it fails. */
export async function succeed(home: string, args: readonly string[]): Promise<ProcessFigures> {
  const figures = await measureProcess('node', [CLI, ...args], { SESSION_LOG_HOME: home });
  if (figures.exitCode !== 0)
    throw new Error(`session-log ${args.join(' ')} ended with ${figures.exitCode}: ${figures.stderr}`);
  return figures;
}

async function rclone(server: GcsServer, folder: string, prefix: string): Promise<number> {
  const options = [
    '--gcs-anonymous',
    `--gcs-endpoint=${server.endpoint}/storage/v1/`,
    '--transfers=16',
    '--config=/dev/null',
  ];
  const figures = await measureProcess('rclone', ['copy', folder, `:gcs:bench/${prefix}`, ...options]);
  if (figures.exitCode !== 0)
    throw new Error(`rclone ended with ${figures.exitCode}: ${figures.stderr.slice(0, 500)}`);
  return figures.wallMs;
}
