import { type AppError, stopped, fail } from '../../../shared/app-error.ts';
import { appError } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import type { ShardHead } from '../../../shared/domain/log-entry.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Outcome } from '../workflows/outcome.ts';
import type { KnownShard } from '../ports/log-index.ts';
import type { ObjectInfo } from '../ports/object-store.ts';
import { fetchHead } from './fetch-head.ts';
import { fetchSegments, readSegments, type RawSegment } from './fetch-shard.ts';
import { machineOfHead } from '../store/layout.ts';
import { openNewestHeads } from './newest-heads.ts';
import { notUnderstood, readSegmentForIndex } from './read-shard.ts';
import { openRefusals } from './refused-shards.ts';
import { runLimited } from '../concurrency/run-limited.ts';
import { PACKED_LIMIT } from './shard-limits.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';
import { takeTurns } from '../concurrency/take-turns.ts';
import { listPages } from '../store/list-pages.ts';

/** Fetched at once, compressed: a shard is some ten kilobytes. */
const MACHINES_AT_ONCE = 4;
/** Unpacked at once, when megabytes large: one is read while the index writes the previous. */
const UNPACKED_AT_ONCE = 2;

export interface PullIndexOptions extends RunOptions {
  /** Receives each head whose shard is now in the index. */
  readonly onHead?: (head: ShardHead, generation: string) => void;
}

export interface PullIndexReport {
  /** Machines that publish into this tenant, this one included. */
  readonly machines: number;
  /** Machines with new or changed shards. */
  readonly updated: readonly MachineUuid[];
  /** Unreadable shards; what was known of them before remains. */
  readonly failed: readonly { readonly machine: MachineUuid; readonly error: AppError }[];
  /** Invalid entries left out. */
  readonly refused: number;
  /** Foreign objects in the index folder. */
  readonly foreign: readonly string[];
}

/**
 * Updates the local index from the stored shards: one listing, then one fetch per head with a changed generation. An unreadable shard never
 * removes what is known of a machine.
 * @returns the problem `partial` when some machine's shard could not be read; a failure when the index could not be read completely
 */
export async function pullIndex(
  deps: SyncDeps,
  options: PullIndexOptions = {},
): Promise<Result<Outcome<PullIndexReport>, AppError>> {
  const [known, listed] = await Promise.all([deps.index.knownShards(), listHeads(deps, options)]);
  if (!known.ok) return known;
  if (!listed.ok) return listed;
  const before = new Map(known.value.map((shard) => [shard.machine, shard]));
  const others = listed.value.heads.filter(({ machine }) => machine !== deps.self.uuid);
  const changed = others.filter(({ machine, info }) => before.get(machine)?.generation !== info.generation);
  const pulled = options.dryRun
    ? { ...NOTHING, updated: changed.map(({ machine }) => machine) }
    : await pullShards(deps, changed, before, options);
  const { updated, refused, stop } = pulled;
  if (stop !== null) return err(stop);
  const failed = [...pulled.failed, ...(await unlisted(deps, known.value, listed.value, options))];
  if (options.signal?.aborted) return err(stopped('Stopped while reading the index.'));
  const report: PullIndexReport = {
    machines: new Set([...listed.value.heads, ...failed].map(({ machine }) => machine)).size,
    updated: [...updated].sort(),
    failed,
    refused,
    foreign: listed.value.foreign,
  };
  const [first] = failed;
  if (first === undefined) return ok({ report, problem: null });
  const message = `The index of ${failed.length} of ${report.machines} machines could not be read. ${first.error.message}`;
  return ok({ report, problem: appError('partial', message, first.error.remedy) });
}

/**
 * Known machines whose head is not listed because it is unreadable: a folder lists only readable files. A missing head is no failure; what
 * is known of its machine stays.
 */
async function unlisted(
  deps: SyncDeps,
  known: readonly KnownShard[],
  { heads }: ListedHeads,
  { signal }: RunOptions,
): Promise<PullIndexReport['failed']> {
  const there = new Set(heads.map(({ machine }) => machine)).add(deps.self.uuid);
  const failed: { machine: MachineUuid; error: AppError }[] = [];
  for (const { machine } of known.filter((shard) => !there.has(shard.machine))) {
    const looked = await deps.store.head(deps.layout.head(machine), { signal });
    if (!looked.ok && looked.error.code === 'corrupt') failed.push({ machine, error: looked.error });
  }
  return failed;
}

type ListedHead = ListedHeads['heads'][number];

/** Result of pulling shards. */
interface PulledShards extends Pick<PullIndexReport, 'updated' | 'failed' | 'refused'> {
  /** Why some were not tried. */
  readonly stop: AppError | null;
}

const NOTHING: PulledShards = { updated: [], failed: [], refused: 0, stop: null };

async function pullShards(
  deps: SyncDeps,
  changed: readonly ListedHead[],
  before: ReadonlyMap<MachineUuid, KnownShard>,
  options: PullIndexOptions,
): Promise<PulledShards> {
  const updated: MachineUuid[] = [];
  const failed: { machine: MachineUuid; error: AppError }[] = [];
  let refused = 0;
  let stop: AppError | null = null;
  await deps.index.expectMachines(changed.filter(({ machine }) => !before.has(machine)).length);
  const refusals = await openRefusals(deps, changed);
  const newest = await openNewestHeads(deps);
  const turn = takeTurns(UNPACKED_AT_ONCE);
  await runLimited(changed, MACHINES_AT_ONCE, options.signal, async ({ machine, info }) => {
    const again = refusals.of(machine, info);
    const raw = again ?? (await fetchShard(deps, machine, info, before.get(machine) ?? null, options));
    const older = raw.ok ? newest.refusal(raw.value.head) : null;
    const fetched = older === null ? raw : err(older);
    const put = fetched.ok ? await turn(() => putShard(deps, fetched.value, options)) : fetched;
    if (!put.ok) refusals.note(machine, info, put.error);
    if (put.ok && fetched.ok) {
      newest.note(fetched.value.head);
      updated.push(machine);
      refused += put.value;
    } else if (!put.ok && (put.error.code === 'corrupt' || put.error.code === 'not-found')) {
      failed.push({ machine, error: put.error });
    } else if (!put.ok) {
      stop ??= put.error;
    }
    const done = updated.length + failed.length;
    options.onProgress?.({ phase: 'index', done, total: changed.length, bytes: 0 });
    return stop === null;
  });
  await refusals.keep();
  await newest.keep();
  return { updated, failed, refused, stop };
}

interface ListedHeads {
  readonly heads: readonly { readonly machine: MachineUuid; readonly info: ObjectInfo }[];
  readonly foreign: readonly string[];
}

async function listHeads(deps: SyncDeps, options: RunOptions): Promise<Result<ListedHeads, AppError>> {
  const heads: { machine: MachineUuid; info: ObjectInfo }[] = [];
  const foreign: string[] = [];
  for await (const page of listPages(deps.store, deps.layout.heads, { signal: options.signal })) {
    if (!page.ok) return page;
    for (const info of page.value) {
      const machine = machineOfHead(deps.layout, info.name);
      if (machine) heads.push({ machine, info });
      else foreign.push(info.name);
    }
  }
  return ok({ heads, foreign });
}

/** A shard as it came: its head read, its segments still packed. */
interface RawShard {
  readonly generation: string;
  readonly head: ShardHead;
  readonly refused: number;
  readonly segments: readonly RawSegment[];
}

async function fetchShard(
  deps: SyncDeps,
  machine: MachineUuid,
  info: ObjectInfo,
  before: KnownShard | null,
  options: RunOptions,
): Promise<Result<RawShard, AppError>> {
  if (info.size > PACKED_LIMIT) return err(notUnderstood(machine));
  const found = await fetchHead(deps, machine, options);
  if (!found.ok) return found;
  if (found.value === null)
    return fail('not-found', `The index of machine ${machine} went away while it was read.`, 'Run it again.');
  const { head, generation, refused } = found.value;
  const segments = await fetchSegments(deps, head, new Set(before?.segments ?? []), options);
  if (!segments.ok) return segments;
  return ok({ generation, head, refused, segments: segments.value });
}

/** @returns the number of refused entries */
async function putShard(
  deps: SyncDeps,
  { generation, head, refused, segments: raw }: RawShard,
  options: PullIndexOptions,
): Promise<Result<number, AppError>> {
  const segments = await readSegments(deps, head, raw, options, readSegmentForIndex);
  if (!segments.ok) return segments;
  const put = await deps.index.putShard(
    {
      machine: head.machine,
      host: head.host,
      updated: head.updated,
      generation,
      segments: head.segments.map((segment) => segment.name),
      receipts: head.receipts,
      marks: head.marks ?? [],
    },
    head.entries,
    segments.value,
  );
  if (!put.ok) return put;
  options.onHead?.(head, generation);
  return ok(segments.value.reduce((sum, segment) => sum + segment.refused.length, refused));
}
