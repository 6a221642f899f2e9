import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startFaultProxy } from '../../main/testing/fault-proxy.ts';
import { startThirdPartyServer } from '../../main/testing/gcs-server.ts';
import { writeBenchLogs } from './bench-logs.ts';
import type { BenchRow } from './bench-row.ts';
import { measureProcess, median, type ProcessFigures } from './measured-process.ts';

const OBJECTS = 2_500;
const OBJECT_BYTES = 15 * 1024;
const WIDTH = 16;
const ROUNDS = 3;
const MB = 1024 * 1024;
const UPLOAD = fileURLToPath(new URL('./upload-folder.ts', import.meta.url));

/** A third-party server for a bench, with or without the service's limit of one write a second for each name. */
export interface BenchServer {
  /** Which server, for the name of the figure. */
  readonly name: string;
  readonly endpoint: string;
  createBucket(bucket: string): Promise<void>;
  /** Writes that the limiter refused with 429. */
  readonly limited: number;
  stop(): Promise<void>;
}

/**
 * Starts it; throws where no third-party server can be had.
 * @param writeWindowMs refuse a second write of a name within so many milliseconds; no limit when absent
 */
export async function startBenchServer(writeWindowMs?: number): Promise<BenchServer> {
  const server = await startThirdPartyServer();
  if (server === null)
    throw new Error('needs a third-party GCS server: install Go, or set SESSION_LOG_GCS_ENDPOINT');
  const proxy =
    writeWindowMs === undefined ? null : await startFaultProxy(server.endpoint, { writeWindowMs });
  return {
    name: server.name,
    endpoint: proxy?.endpoint ?? server.endpoint,
    createBucket: (bucket) => server.createBucket(bucket),
    get limited() {
      return proxy?.limited ?? 0;
    },
    stop: async () => {
      await proxy?.stop();
      await server.stop();
    },
  };
}

/** `rclone copy` of a folder, as its users run it; throws where it is not installed (`apt-get install rclone`). */
export async function rcloneCopy(
  endpoint: string,
  folder: string,
  target: string,
  transfers = WIDTH,
): Promise<ProcessFigures> {
  const figures = await measureProcess('rclone', [
    'copy',
    folder,
    `:gcs:${target}`,
    '--gcs-anonymous',
    `--gcs-endpoint=${endpoint}/storage/v1/`,
    `--transfers=${transfers}`,
    '--config=/dev/null',
  ]);
  if (figures.exitCode !== 0)
    throw new Error(`rclone ended with ${figures.exitCode}: ${figures.stderr.slice(0, 500)}`);
  return figures;
}

/** The Cloud Storage adapter alone, without the sync engine, beside rclone: whole processes, in turn, on one server. */
export async function storePushBench(): Promise<BenchRow[]> {
  const root = mkdtempSync(join(tmpdir(), 'session-log-store-bench-'));
  const server = await startBenchServer();
  try {
    const folder = join(root, 'logs');
    writeBenchLogs(folder, OBJECTS, OBJECT_BYTES);
    const [ours, theirs]: [ProcessFigures[], ProcessFigures[]] = [[], []];
    for (let round = 0; round <= ROUNDS; round++) {
      // Buckets of their own: fake-gcs-server searches a bucket from end to end for each request.
      const [mine, peers] = [`ours-${round}`, `rclone-${round}`];
      await server.createBucket(mine);
      await server.createBucket(peers);
      const upload = await measureProcess('node', [
        UPLOAD,
        server.endpoint,
        mine,
        'logs',
        folder,
        String(WIDTH),
      ]);
      if (upload.exitCode !== 0)
        throw new Error(`the upload ended with ${upload.exitCode}: ${upload.stderr}`);
      const copy = await rcloneCopy(server.endpoint, folder, `${peers}/logs`);
      // The first round warms the disk and the server.
      if (round === 0) continue;
      ours.push(upload);
      theirs.push(copy);
    }
    const rate = (figures: readonly ProcessFigures[]): number =>
      median(figures.map(({ wallMs }) => (OBJECTS / wallMs) * 1000));
    const [own, peer] = [rate(ours), rate(theirs)];
    const memory = Math.max(...ours.map(({ maxRssBytes }) => maxRssBytes)) / MB;
    return [
      {
        name: `upload of ${OBJECTS} objects of 15 KB, ${WIDTH} at a time (${server.name})`,
        value: own,
        unit: 'objects/s',
        peer,
        ratio: own / peer,
        target: `>= 1.2x rclone copy --transfers ${WIDTH}`,
        ok: own / peer >= 1.2,
      },
      {
        name: 'memory of that upload',
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
    rmSync(root, { recursive: true, force: true });
  }
}
