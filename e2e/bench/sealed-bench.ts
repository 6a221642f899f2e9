import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeBenchLogs } from './bench-logs.ts';
import type { BenchRow } from './bench-row.ts';
import { measureProcess, median, type ProcessFigures } from './measured-process.ts';
import { startBenchServer, type BenchServer } from './store-push-bench.ts';
import { connect, succeed } from './sync-bench.ts';

const LOGS = 2_500;
const LOG_BYTES = 15 * 1024;
const ROUNDS = 3;
const MB = 1024 * 1024;

/** A push into a sealed store beside `rclone copy` through a crypt remote: whole processes, in turn, on one server. */
export async function sealedBench(scale = 1): Promise<BenchRow[]> {
  const count = Math.round(LOGS * scale);
  const root = mkdtempSync(join(tmpdir(), 'session-log-sealed-bench-'));
  const server = await startBenchServer();
  try {
    const [ours, theirs]: [ProcessFigures[], ProcessFigures[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      // Buckets of their own: fake-gcs-server searches a bucket from end to end for each request.
      const [mine, peers] = [`sealed-${round}`, `crypt-${round}`];
      await server.createBucket(mine);
      await server.createBucket(peers);
      const home = join(root, `home-${round}`);
      await connect(home, { 'store.url': `gs://${mine}`, 'store.endpoint': server.endpoint });
      await succeed(home, ['store', 'seal']);
      writeBenchLogs(join(home, 'session-logs'), count, LOG_BYTES);
      ours.push(await succeed(home, ['sync', '--push']));
      theirs.push(await rcloneCrypt(root, server, join(home, 'session-logs'), peers));
    }
    const rate = (figures: readonly ProcessFigures[]): number =>
      median(figures.map(({ wallMs }) => (count / wallMs) * 1000));
    const [own, peer] = [rate(ours), rate(theirs)];
    const memory = Math.max(...ours.map(({ maxRssBytes }) => maxRssBytes)) / MB;
    return [
      {
        name: `push of ${count} new logs of 15 KB into a sealed store (${server.name})`,
        value: own,
        unit: 'logs/s',
        peer,
        ratio: own / peer,
        target: '>= 1.0x rclone copy --transfers 16 through a crypt remote',
        ok: own / peer >= 1,
      },
      {
        name: 'memory of that push',
        value: memory,
        unit: 'MB',
        peer: null,
        ratio: null,
        target: '< 250 MB',
        ok: memory < 250,
      },
    ];
  } finally {
    await server.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

/** `rclone copy` into a crypt remote over the bucket, as its users set it up. */
async function rcloneCrypt(
  root: string,
  server: BenchServer,
  folder: string,
  bucket: string,
): Promise<ProcessFigures> {
  const password = (await measureProcess('rclone', ['obscure', 'a password of a bench'])).stdout.trim();
  const config = join(root, `${bucket}.conf`);
  const bucketRemote = `[gcs]\ntype = google cloud storage\nanonymous = true\nendpoint = ${server.endpoint}/storage/v1/\n`;
  writeFileSync(
    config,
    `${bucketRemote}\n[sealed]\ntype = crypt\nremote = gcs:${bucket}\npassword = ${password}\n`,
  );
  const figures = await measureProcess('rclone', [
    'copy',
    folder,
    'sealed:logs',
    '--transfers=16',
    `--config=${config}`,
  ]);
  if (figures.exitCode !== 0)
    throw new Error(`rclone ended with ${figures.exitCode}: ${figures.stderr.slice(0, 500)}`);
  return figures;
}
