import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { withTokens } from '../../main/adapters/secrets/with-tokens.ts';
import { readKnown } from '../../main/core/capture/known-sessions.ts';
import { withholdSecrets } from '../../main/core/capture/withhold-secrets.ts';
import type { TranscriptSource } from '../../main/core/ports/transcript-source.ts';
import { restoreTranscript } from '../../main/core/workflows/restore-transcript.ts';
import { sweepSessions } from '../../main/core/workflows/sweep-sessions.ts';
import { claudePath, createCaptureWorld, type CaptureWorld } from '../../main/testing/capture-world.ts';
import { processorTime } from '../../main/testing/processor-time.ts';
import { unwrap } from '../../shared/result.ts';
import type { BenchRow } from './bench-row.ts';
import { idOf, transcript } from './bench-transcripts.ts';
import { measureProcess } from './measured-process.ts';

const CLI = resolve(import.meta.dirname, '../../out/main/cli.js');
const SESSIONS = 2_000;
const UNCHANGED = 10_000;
const [MANY, PROJECTS] = [100_000, 50];
const LARGE_BYTES = 225_000_000;
const RESTORED = 50;
const PACKED = promisify(gzip);

/**
 * What keeping sessions costs: the first look, one that finds nothing new, a large transcript, and whether what comes back is what was there.
 * Times are of the processor, so that they hold on a busy machine.
 * @param scale of the sizes, 1 for all of it
 */
export async function captureBench(scale = 1): Promise<BenchRow[]> {
  const rows = [
    ...(await firstSweep(Math.max(2, Math.round(SESSIONS * scale)))),
    ...(await nothingNew(Math.max(2, Math.round(UNCHANGED * scale)))),
    ...(await manySessions(Math.max(PROJECTS, Math.round(MANY * scale)))),
    ...(await largeTranscript(Math.round(LARGE_BYTES * scale))),
  ];
  return rows.map((one) => ({ ...one, name: `capture: ${one.name}` }));
}

async function inWorld<T>(run: (world: CaptureWorld) => Promise<T>): Promise<T> {
  const world = createCaptureWorld();
  world.withhold = (make) => withTokens((countTokens) => make(withholdSecrets(countTokens)));
  try {
    return await run(world);
  } finally {
    world.end();
  }
}

function firstSweep(count: number): Promise<BenchRow[]> {
  return inWorld(async (world) => {
    let bytes = 0;
    for (let n = 0; n < count; n++) {
      const text = transcript(n);
      bytes += text.length;
      world.put(claudePath(idOf(n)), text);
    }
    const ours = await spent(() => world.sweep());
    const first = world.logs();
    const peer = await spent(async () => {
      for (let n = 0; n < count; n++) await PACKED(world.read(claudePath(idOf(n))), { level: 6 });
    });
    const env = { HOME: world.user, USERPROFILE: world.user, SESSION_LOG_HOME: join(world.user, 'data') };
    const command = await measureProcess('node', [CLI, 'sessions', 'capture', '--all'], env);
    if (command.exitCode !== 0) throw new Error(command.stderr);
    return [
      {
        ...row(
          `throughput of a first sweep of ${count} transcripts, ${Math.round(bytes / 1e6)} MB`,
          bytes / 1e3 / ours,
          'MB/s',
          'at least 0.7x of gzip -6',
          peer / ours >= 0.7,
        ),
        peer: bytes / 1e3 / peer,
        ratio: peer / ours,
      },
      below('largest resident set of that sweep', command.maxRssBytes / 1e6, 'MB', 250),
      await sameAgain(world, first),
      await restored(world, Math.min(count, RESTORED)),
    ];
  });
}

async function sameAgain(world: CaptureWorld, first: ReadonlyMap<string, string>): Promise<BenchRow> {
  world.forget();
  rmSync(world.sessionLogs, { recursive: true });
  await world.sweep();
  const again = world.logs();
  const other = [...first].filter(([path, text]) => again.get(path) !== text).length;
  return row(
    `logs of ${first.size} that are another text the second time`,
    other,
    '',
    'none',
    other === 0 && first.size === again.size,
  );
}

async function restored(world: CaptureWorld, count: number): Promise<BenchRow> {
  let same = 0;
  for (let n = 0; n < count; n++) {
    const before = world.read(claudePath(idOf(n)));
    world.remove(claudePath(idOf(n)));
    unwrap(await restoreTranscript(world.deps, { agent: 'claude-code', id: idOf(n) }));
    if (world.read(claudePath(idOf(n))) === before) same++;
  }
  return row(`transcripts of ${count} restored byte for byte`, same, '', 'every one', same === count);
}

function nothingNew(count: number): Promise<BenchRow[]> {
  return inWorld(async (world) => {
    for (let n = 0; n < count; n++) world.put(claudePath(idOf(n)), transcript(n, 1));
    await world.sweep();
    let reads = 0;
    const counting = (source: TranscriptSource): TranscriptSource => ({
      ...source,
      describe: (session) => (reads++, source.describe(session)),
      read: (...words) => (reads++, source.read(...words)),
    });
    const deps = { ...world.deps, sources: world.deps.sources.map(counting) };
    const sweep = await spent(() => sweepSessions(deps, { sessions: 'all', asked: false }));
    const parse = await spent(() => readKnown(deps.files, deps.paths.captures, deps.logger));
    return [
      below(`a sweep over ${count} unchanged sessions`, sweep, 'ms of processor', 300),
      row('transcripts that it opens', reads, '', 'none', reads === 0),
      below('of it reading what is known', parse, 'ms of processor', 300),
    ];
  });
}

/** What listing that many sessions takes, once their titles are known. */
function manySessions(count: number): Promise<BenchRow[]> {
  return inWorld(async (world) => {
    for (let n = 0; n < count; n++)
      world.put(claudePath(idOf(n)).replace('harbour', `harbour-${n % PROJECTS}`), transcript(n, 0));
    const env = { HOME: world.user, USERPROFILE: world.user, SESSION_LOG_HOME: join(world.user, 'data') };
    const list = async (): ReturnType<typeof measureProcess> => {
      const command = await measureProcess('node', [CLI, 'sessions', '--limit', '1', '--json'], env);
      if (command.exitCode !== 0) throw new Error(command.stderr);
      return command;
    };
    // Each reads titles for ten seconds.
    const state = join(world.user, 'data', 'state', 'captures.json');
    for (
      let before = -1, now = 0;
      now !== before;
      now = readFileSync(state, 'latin1').split('"title":"').length
    ) {
      before = now;
      await list();
    }
    const listed = await list();
    return [
      below(`memory of listing ${count} sessions`, listed.maxRssBytes / 1e6, 'MB', 350),
      below('listing them, wall-clock', listed.wallMs, 'ms', 5_000),
    ];
  });
}

/** Without, and with a value in it that has to be told from words: the vocabulary for that is the most that a capture loads. */
async function largeTranscript(bytes: number): Promise<BenchRow[]> {
  const text = transcript(1, bytes);
  const rows: BenchRow[] = [];
  for (const [what, asked] of [
    ['', text],
    [', with a secret', text.replace('internal names', 'internal names, api_key: Zk3vQ9xWb7LmT2pRs8Yd')],
  ] as const)
    await inWorld(async (world) => {
      world.put(claudePath(idOf(1)), asked);
      const home = mkdtempSync(join(tmpdir(), 'session-log-bench-'));
      try {
        const env = { HOME: world.user, USERPROFILE: world.user, SESSION_LOG_HOME: home };
        const command = await measureProcess('node', [CLI, 'sessions', 'capture', '--all'], env);
        if (command.exitCode !== 0) throw new Error(command.stderr);
        const name = `largest resident set for a transcript of ${Math.round(asked.length / 1e6)} MB${what}`;
        rows.push(below(name, command.maxRssBytes / 1e6, 'MB', 150));
      } finally {
        rmSync(home, { recursive: true });
      }
    });
  return rows;
}

/** Milliseconds of the processor, of all threads. */
async function spent(run: () => Promise<unknown>): Promise<number> {
  const before = processorTime();
  await run();
  return processorTime() - before;
}

function below(name: string, value: number, unit: string, most: number): BenchRow {
  return row(name, value, unit, `under ${most} ${unit}`, value < most);
}

function row(name: string, value: number, unit: string, target: string, ok: boolean): BenchRow {
  return { name, value, unit, peer: null, ratio: null, target, ok };
}
