import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGcsObjectStore } from '../../main/adapters/gcs/gcs-object-store.ts';
import { createNodeClock } from '../../main/adapters/system/node-clock.ts';
import { createNodeRandom } from '../../main/adapters/system/node-random.ts';
import { startThirdPartyServer } from '../../main/testing/gcs-server.ts';
import type { BenchRow } from './bench-row.ts';
import { measureProcess, median, medianWall, type ProcessFigures } from './measured-process.ts';
import { publishTeam } from './publish-team.ts';

const CLI = resolve(fileURLToPath(new URL('../../out/main/cli.js', import.meta.url)));
const MACHINES = 100;
const LOGS = 1_825;
const COLD_ROUNDS = 3;
const MB = 1024 * 1024;

/** A new reader of a team of a hundred machines after a year; then the same again with nothing new. Whole processes. */
export async function indexPullBench(): Promise<BenchRow[]> {
  const server = await startThirdPartyServer();
  if (server === null)
    throw new Error('needs a third-party GCS server: install Go, or set SESSION_LOG_GCS_ENDPOINT');
  const root = mkdtempSync(join(tmpdir(), 'session-log-bench-'));
  try {
    await server.createBucket('team');
    const store = createGcsObjectStore({
      bucket: 'team',
      prefix: '',
      credentials: {},
      apiEndpoint: server.endpoint,
      clock: createNodeClock(),
      random: createNodeRandom(),
    });
    await publishTeam(store, MACHINES, LOGS);
    await store.close();
    const colds: ProcessFigures[] = [];
    let env: Readonly<Record<string, string>> = {};
    for (let round = 0; round < COLD_ROUNDS; round++) {
      env = { SESSION_LOG_HOME: join(root, `reader-${round}`) };
      await connect(env, server.endpoint);
      const cold = await measureProcess('node', [CLI, 'sync', '--index'], env);
      if (cold.exitCode !== 0) throw new Error(cold.stderr);
      colds.push(cold);
    }
    const bare = await medianWall(7, 'node', ['-e', '0']);
    const warm = (await medianWall(7, 'node', [CLI, 'sync', '--index'], env)) - bare;
    const seconds = median(colds.map(({ wallMs }) => wallMs)) / 1000;
    const memory = Math.max(...colds.map(({ maxRssBytes }) => maxRssBytes)) / MB;
    return [
      {
        name: `index of ${MACHINES} machines x ${LOGS} logs, cold (${server.name})`,
        value: seconds,
        unit: 's',
        peer: null,
        ratio: null,
        target: '< 3.5 s',
        ok: seconds < 3.5,
      },
      {
        name: 'memory of that',
        value: memory,
        unit: 'MB',
        peer: null,
        ratio: null,
        target: '< 250 MB',
        ok: memory < 250,
      },
      {
        name: 'the same with nothing new, beyond process start',
        value: warm,
        unit: 'ms',
        peer: bare,
        ratio: null,
        target: '< 150 ms',
        ok: warm < 150,
      },
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
    await server.stop();
  }
}

async function connect(env: Readonly<Record<string, string>>, endpoint: string): Promise<void> {
  for (const [key, value] of [
    ['store.url', 'gs://team'],
    ['store.endpoint', endpoint],
  ] as const)
    await measureProcess('node', [CLI, 'config', 'set', key, value], env);
}
