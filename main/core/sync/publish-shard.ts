import { type AppError, stopped, fail } from '../../../shared/app-error.ts';
import type { NoteReceipt, SegmentRef } from '../../../shared/domain/log-entry.ts';
import type { CalendarDate, LogPath } from '../../../shared/domain/ids.ts';
import { foldPath } from '../../../shared/domain/log-path.ts';
import type { Mark } from '../../../shared/domain/marks.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { inMemory } from '../store/in-memory.ts';
import { cloneAlarm } from './claim-partition.ts';
import { knownOf, MIB, peekState } from '../files/state-file.ts';
import { localDay } from '../logs/describe-log.ts';
import { ledgerRow, type Ledger, type LedgerRow, type PublishedShard } from '../ledger/ledger.ts';
import { mark, readHead, receipt } from './read-shard.ts';
import { readShardEntries } from './fetch-shard.ts';
import { PACKED_LIMIT, UNPACKED_LIMIT } from './shard-limits.ts';
import { buildHead, splitShard, type NewSegment } from './shard.ts';
import type { OwnText, PublishedTexts, RunOptions, SyncDeps } from './sync-deps.ts';

export interface PublishOptions extends RunOptions {
  /** The run was stopped: list what is stored, but pack no more text. */
  readonly isStopped?: boolean;
}

const GZIP = 'application/gzip';
const ROUNDS = 3;
const RECEIPTS = { schema: knownOf(receipt), maxBytes: 8 * MIB };
const MARKS = { schema: knownOf(mark), maxBytes: 8 * MIB };

/**
 * Updates this machine's stored shard from the ledger: new segments and text packs first, then the head, so that a crash leaves an unlisted
 * log and never a listed one that is missing. Text that cannot be stored now blocks nothing: the next push retries.
 * @returns whether anything was written
 */
export async function publishShard(
  deps: SyncDeps,
  ledger: Ledger,
  given: PublishOptions,
): Promise<Result<boolean, AppError>> {
  const read = await readReceipts(deps);
  if (!read.ok) return read;
  const { receipts, marks } = read.value;
  const receiptsDigest = receiptsDigestOf(deps, read.value);
  if (isPublished(deps, ledger, receiptsDigest)) return ok(false);
  const texts = await publishTexts(deps, ledger, given);
  // Logs are listed even if a person stops it while text is packed.
  const options = given.signal?.aborted ? {} : given;
  let { seq, generation, takeovers } = ledger.published ?? { seq: 0, generation: '0', takeovers: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    seq++;
    const { rows, published, unpublished } = ledger;
    const split = splitShard(
      rows.values(),
      published === null
        ? { segments: [], changed: null }
        : { segments: published.segments, changed: unpublished },
      localDay(deps.clock.now()).slice(0, 7),
      () => deps.bytes.sha256Stream(),
    );
    const segments = await putSegments(deps, split.newSegments, seq, options);
    if (!segments.ok) return segments;
    const all = [...split.keptSegments, ...segments.value].sort(newestFirst);
    const json = JSON.stringify(
      buildHead(deps.self, {
        seq,
        updated: deps.clock.now(),
        segments: all,
        entries: split.entries,
        receipts,
        marks,
        totals: { logs: rows.size, bytes: bytesOf(rows.values()) },
        ...(texts ? { texts: texts.refs } : {}),
      }),
    );
    const digest = digestOf(deps, json);
    ledger.recordIntent(digest);
    const noted = await ledger.flush({ sync: true });
    if (!noted.ok) return noted;
    const written = await deps.store.put(
      deps.layout.head(deps.self.uuid),
      inMemory(await deps.bytes.gzip(new TextEncoder().encode(json))),
      { ifGenerationMatch: generation, contentType: GZIP, signal: options.signal },
    );
    if (written.ok) {
      ledger.recordPublished({
        seq,
        generation: written.value.generation,
        segments: all,
        digest,
        receiptsDigest,
        takeovers,
        ...(texts ? { texts: { named: texts.digest, complete: texts.error === null } } : {}),
      });
      const flushed = await ledger.flush({ sync: true });
      return flushed.ok ? ok(true) : flushed;
    }
    if (written.error.code !== 'precondition') return written;
    const merged = await mergeRemoteHead(deps, ledger, digest, takeovers, options);
    if (!merged.ok) return merged;
    ({ seq, generation, takeovers } = merged.value);
  }
  return fail(
    'precondition',
    'The index of this machine keeps changing in the store.',
    'Run `session-log doctor`.',
  );
}

/** Whether the stored shard has everything in the ledger and the receipts, as far as this machine knows. */
export function isPublished(
  { texts }: Pick<SyncDeps, 'texts'>,
  { published, unpublished }: Ledger,
  receiptsDigest: string,
): boolean {
  if (published === null || unpublished.size > 0 || published.receiptsDigest !== receiptsDigest) return false;
  return texts === undefined || published.texts?.complete === true;
}

async function publishTexts(
  { texts }: Pick<SyncDeps, 'texts'>,
  ledger: Ledger,
  { isStopped, ...options }: PublishOptions,
): Promise<PublishedTexts | null> {
  if (texts === undefined) return null;
  const named = ledger.published?.texts?.named ?? null;
  if (isStopped) return { ...(await texts.publish([], named, {})), error: stopped('The push was stopped.') };
  return await texts.publish(textsOf(ledger), named, options);
}

/** The logs of a ledger, made as they are asked for: twice, if need be. */
function textsOf({ rows }: Ledger): Iterable<OwnText> {
  return {
    *[Symbol.iterator]() {
      for (const row of rows.values()) yield new RowText(row);
    },
  };
}

/** A row as its text's publisher sees it. Its facts stay in the row's line until they are asked for. */
class RowText implements OwnText {
  readonly #row: LedgerRow;

  constructor(row: LedgerRow) {
    this.#row = row;
  }

  get path(): LogPath {
    return this.#row.path;
  }

  get size(): number {
    return this.#row.size;
  }

  get sha256(): string {
    return this.#row.entry.sha256;
  }

  get date(): CalendarDate {
    return this.#row.entry.date;
  }

  get isGone(): boolean {
    return this.#row.goneSince > 0 || this.#row.crc32c === null;
  }
}

function bytesOf(rows: Iterable<{ readonly size: number }>): number {
  let bytes = 0;
  for (const { size } of rows) bytes += size;
  return bytes;
}

/** SHA-256 of the receipts as they would be published, to compare without reading more. */
export async function currentReceiptsDigest(
  deps: Pick<SyncDeps, 'files' | 'paths' | 'bytes'>,
): Promise<Result<string, AppError>> {
  const receipts = await readReceipts(deps);
  return receipts.ok ? ok(receiptsDigestOf(deps, receipts.value)) : receipts;
}

async function putSegments(
  deps: SyncDeps,
  segments: readonly NewSegment[],
  seq: number,
  options: RunOptions,
): Promise<Result<SegmentRef[], AppError>> {
  const refs: SegmentRef[] = [];
  let next = seq;
  for (const segment of segments) {
    if (refs.at(-1)?.month !== segment.month) next = seq;
    const zip = deps.bytes.gzipParts(6);
    for (const piece of segment.json()) await zip.add(new TextEncoder().encode(piece));
    const body = inMemory(await zip.end());
    // An earlier run may have died between this segment and its head: then the name is taken; use the next number.
    for (; ; next++) {
      const name = `${segment.month}-${next}-${deps.bytes.sha256(new TextEncoder().encode(deps.self.nonce)).slice(0, 8)}.json.gz`;
      const put = await deps.store.put(deps.layout.segment(deps.self.uuid, name), body, {
        ifGenerationMatch: '0',
        contentType: GZIP,
        signal: options.signal,
      });
      if (!put.ok && put.error.code === 'precondition' && next < seq + 100) continue;
      if (!put.ok) return put;
      refs.push({ name, month: segment.month, count: segment.count, sha256: segment.sha256 });
      next++;
      break;
    }
  }
  return ok(refs);
}

function newestFirst(a: SegmentRef, b: SegmentRef): number {
  return a.month === b.month ? (a.name < b.name ? -1 : 1) : a.month < b.month ? 1 : -1;
}

/**
 * The head is not the one we left. Either our own reply was lost, or the ledger is younger than the store (lost, restored, adopted), or a
 * full clone of this disk writes too. A clone shows by doing it again after we have written in between.
 */
async function mergeRemoteHead(
  deps: SyncDeps,
  ledger: Ledger,
  intent: string,
  takeovers: number,
  options: RunOptions,
): Promise<Result<Pick<PublishedShard, 'seq' | 'generation' | 'takeovers'>, AppError>> {
  const name = deps.layout.head(deps.self.uuid);
  const signal = { signal: options.signal };
  const over = (generation: string) => ok({ seq: ledger.published?.seq ?? 0, generation, takeovers });
  const found = await deps.store.get(name, { limit: PACKED_LIMIT, ...signal });
  if (!found.ok && found.error.code === 'corrupt') {
    const live = await deps.store.head(name, signal);
    return live.ok ? over(live.value?.generation ?? '0') : live;
  }
  if (!found.ok) return found;
  if (found.value === null) return over('0');
  const { info, bytes } = found.value;
  const json = await deps.bytes.gunzip(bytes, UNPACKED_LIMIT);
  const read = json === null ? null : readHead(json, deps.self.uuid);
  // An unreadable head is useless: overwrite it, under the generation we saw.
  if (json === null || !read?.ok) return over(info.generation);
  const { head } = read.value;
  const ownWrite = deps.bytes.sha256(json) === intent;
  const known = ledger.published === null || head.seq <= ledger.published.seq || ownWrite;
  const next = known ? takeovers : takeovers + 1;
  if (next >= 2)
    return err(cloneAlarm(deps, head.host, 'The index was not published, so nobody sees what was pushed.'));
  const entries = await readShardEntries(deps, head, new Set(), options);
  // Unreadable segments block nothing either; a full sync finds what only they listed.
  if (!entries.ok && entries.error.code !== 'corrupt') return entries;
  const segments = entries.ok ? entries.value : [];
  const names = new Set([...ledger.rows.keys()].map(foldPath));
  for (const entry of [...head.entries, ...segments.flatMap((segment) => segment.entries)]) {
    // A log known only to the stored index: keep listing it, and a full sync restores it. Not if it is here by another spelling of its
    // name.
    if (!names.has(foldPath(entry.path))) ledger.record(ledgerRow(entry, null));
  }
  return ok({
    seq: Math.max(head.seq, ledger.published?.seq ?? 0),
    generation: info.generation,
    takeovers: next,
  });
}

/** This machine's readers' actions, as in the head. */
interface OwnReceipts {
  readonly receipts: readonly NoteReceipt[];
  readonly marks: readonly Mark[];
}

/** From `state/receipts.json` and `state/marks.json`; drops whatever is invalid, because nothing of it may block a push. */
async function readReceipts(deps: Pick<SyncDeps, 'files' | 'paths'>): Promise<Result<OwnReceipts, AppError>> {
  const receipts = await peekState(deps.files, deps.paths.receipts, RECEIPTS);
  if (!receipts.ok) return receipts;
  const marks = await peekState(deps.files, deps.paths.marks, MARKS);
  return marks.ok ? ok({ receipts: receipts.value ?? [], marks: marks.value ?? [] }) : marks;
}

/** Unchanged without marks: nothing is republished for them. */
function receiptsDigestOf(deps: Pick<SyncDeps, 'bytes'>, { receipts, marks }: OwnReceipts): string {
  const text = JSON.stringify(receipts);
  return digestOf(deps, marks.length === 0 ? text : text + JSON.stringify(marks));
}

function digestOf(deps: Pick<SyncDeps, 'bytes'>, text: string): string {
  return deps.bytes.sha256(new TextEncoder().encode(text));
}
