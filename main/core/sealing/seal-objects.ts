import { appError, type AppError, stopped, type Answer } from '../../../shared/app-error.ts';
import { err, mapOk, ok, type Result } from '../../../shared/result.ts';
import { runLimited, TRANSFERS } from '../concurrency/run-limited.ts';
import { ledgerRow, type Ledger, type LedgerRow } from '../ledger/ledger.ts';
import type { ByteSource } from '../ports/byte-source.ts';
import type { ObjectInfo, ObjectStore } from '../ports/object-store.ts';
import { inMemory } from '../store/in-memory.ts';
import { readPartitionName } from '../store/layout.ts';
import { stopsTransfers } from '../store/stops-transfers.ts';
import type { RunOptions, SyncDeps } from '../sync/sync-deps.ts';
import { listPages } from '../store/list-pages.ts';
import type { EpochKey } from './epoch-key.ts';
import type { TeamDeps } from './member.ts';
import { collect, sealBody, type SealedBody } from './seal-body.ts';

/** What sealing needs besides the keys. */
export interface SealObjectsDeps extends TeamDeps {
  /** The same store as others see it: opens and verifies. */
  readonly opened: ObjectStore;
  readonly sync: Pick<SyncDeps, 'layout' | 'self' | 'texts'>;
}

/** Objects to be rewritten: counted, because a machine may have more than fit in memory. */
export interface SealPlan {
  readonly waiting: number;
  /** Their bytes. */
  readonly bytes: number;
  /** Objects that are right already. */
  readonly already: number;
  /** Tells which they are. */
  readonly isRight: (info: ObjectInfo) => boolean;
}

const IN_MEMORY = 4 * 1024 * 1024;
const ROUNDS = 3;
/** Failed objects listed by name; the rest is counted. */
const NAMED = 200;

/** Counts this machine's objects to be sealed or resealed. */
export function planSealing(
  deps: SealObjectsDeps,
  epoch: EpochKey | null,
  signal?: AbortSignal,
): Answer<SealPlan> {
  const isSealed = ({ metadata }: ObjectInfo): boolean =>
    epoch !== null && metadata['codec'] === 'age' && metadata['epoch'] === String(epoch.number);
  return planOwn(deps, isSealed, signal);
}

/** Counts this machine's objects. @param isRight whether one is as it has to be */
export async function planOwn(
  deps: SealObjectsDeps,
  isRight: (info: ObjectInfo) => boolean,
  signal?: AbortSignal,
): Answer<SealPlan> {
  let [waiting, bytes, already] = [0, 0, 0];
  for await (const page of ownObjects(deps, signal)) {
    if (!page.ok) return page;
    for (const info of page.value) {
      if (isRight(info)) already++;
      else [waiting, bytes] = [waiting + 1, bytes + info.size];
    }
  }
  return ok({ waiting, bytes, already, isRight });
}

/** This machine's objects page by page, its shard's head last. */
async function* ownObjects(
  { store, sync }: SealObjectsDeps,
  signal: AbortSignal | undefined,
): AsyncGenerator<Result<readonly ObjectInfo[], AppError>> {
  for (const prefix of sync.layout.ownPrefixes(sync.self.uuid))
    for await (const page of listPages(store, prefix, { signal })) {
      yield page;
      if (!page.ok) return;
    }
}

/** The result for a plan's objects. */
export interface RewrittenObjects {
  /** Objects of the plan that existed. */
  readonly met: number;
  readonly done: number;
  /** Unchanged objects. */
  readonly left: number;
  /** The first failed ones. */
  readonly failed: readonly { readonly name: string; readonly error: AppError }[];
  /** Why it stopped early, or null. */
  readonly stop: AppError | null;
}

/** An object, read and verified. */
export interface ReadObject {
  readonly name: string;
  readonly source: ByteSource;
  readonly sha256: string;
  /** The engine's metadata of it. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** An object to be written. */
export interface Rewritten extends Omit<SealedBody, 'facts'> {
  readonly contentType: string;
  /** Expected digest on reading back. */
  readonly sha256: string;
  /** The log's new ledger row, if its bytes changed. */
  readonly row?: (stored: ObjectInfo) => Promise<LedgerRow>;
}

/** Rewrites an object. @returns null to leave it as it is */
export type Rewrite = (object: ReadObject) => Answer<Rewritten | null>;

/** Seals a plan's objects with the newest key, by {@link rewriteObjects}. */
export function sealObjects(
  deps: SealObjectsDeps,
  ledger: Ledger,
  epoch: EpochKey,
  plan: SealPlan,
  options: RunOptions,
): Promise<RewrittenObjects> {
  return rewriteObjects(
    deps,
    ledger,
    plan,
    { ...options, phase: 'seal' },
    async ({ name, source, sha256, metadata }) => {
      const sealed = await sealBody(deps, epoch, name, source, metadata);
      return mapOk(sealed, (body) => ({ ...body, sha256, contentType: 'application/octet-stream' }));
    },
  );
}

/**
 * Rewrites a plan's objects, sixteen at once: read and verified, written under the generation that was read, read back and compared, and
 * only then recorded in the ledger. Stopped or killed at any moment, it resumes from the store's state.
 */
export async function rewriteObjects(
  deps: SealObjectsDeps,
  ledger: Ledger,
  { waiting, isRight }: SealPlan,
  options: RunOptions & { readonly phase: 'seal' | 'unseal' },
  rewrite: Rewrite,
): Promise<RewrittenObjects> {
  const failed: { name: string; error: AppError }[] = [];
  const packs = new Map<string, string>();
  let [met, done, left, stop]: [number, number, number, AppError | null] = [0, 0, 0, null];
  const one = async (info: ObjectInfo): Promise<boolean> => {
    met++;
    const again = await rewriteOne(deps, info, options, rewrite);
    if (!again.ok && stopsTransfers(again.error)) {
      stop ??= again.error;
      return false;
    }
    if (!again.ok) {
      if (failed.length < NAMED) failed.push({ name: info.name, error: again.error });
    } else if (again.value === null) left++;
    else {
      await enter(deps, ledger, again.value, packs);
      done++;
    }
    options.onProgress?.({ phase: options.phase, done, total: waiting, bytes: 0, path: info.name });
    if (done % 64 === 0) {
      const flushed = await ledger.flush();
      if (!flushed.ok) stop ??= flushed.error;
    }
    return stop === null;
  };
  for await (const page of ownObjects(deps, options.signal)) {
    if (!page.ok) stop ??= page.error;
    else
      await runLimited(
        page.value.filter((info) => !isRight(info)),
        TRANSFERS,
        options.signal,
        one,
      );
    if (stop !== null || options.signal?.aborted) break;
  }
  const flushed = await ledger.flush({ sync: true });
  const noted = packs.size > 0 ? await deps.sync.texts?.restored(packs) : undefined;
  if (!flushed.ok) stop ??= flushed.error;
  if (noted?.ok === false) stop ??= noted.error;
  if (options.signal?.aborted) stop = stopped('It was stopped.');
  return { met, done, left, failed, stop };
}

/** A rewritten object: the generation that was read, and the new one. */
interface Replaced {
  readonly before: string;
  readonly now: ObjectInfo;
  readonly row: Rewritten['row'];
}

async function rewriteOne(
  deps: SealObjectsDeps,
  info: ObjectInfo,
  options: RunOptions,
  rewrite: Rewrite,
): Answer<Replaced | null> {
  const signal = { signal: options.signal };
  for (let round = 0; ; round++) {
    const read = await readWhole(deps, info.name, signal);
    if (!read.ok) return read;
    const { generation, release } = read.value;
    const made = await rewrite({ ...read.value, name: info.name });
    if (!made.ok || made.value === null) {
      await release();
      return made as Result<null, AppError>;
    }
    const { body, metadata, contentType, sha256, row } = made.value;
    const put = await deps.store.put(info.name, body, {
      ...signal,
      ifGenerationMatch: generation,
      contentType,
      metadata,
    });
    await made.value.done();
    await release();
    if (!put.ok && put.error.code === 'precondition' && round < ROUNDS) continue;
    if (!put.ok) return put;
    const back = await readWhole(deps, info.name, signal);
    if (!back.ok) return back;
    await back.value.release();
    if (back.value.sha256 !== sha256) return err(otherBytes(info.name));
    return ok({ before: generation, now: put.value, row });
  }
}

interface Whole extends Omit<ReadObject, 'name'> {
  readonly generation: string;
  readonly release: () => Promise<void>;
}

/** Reads an opened, verified object; large ones via the disk. */
async function readWhole(
  deps: SealObjectsDeps,
  name: string,
  signal: { readonly signal?: AbortSignal | undefined },
): Answer<Whole> {
  const found = await deps.opened.getStream(name, signal);
  if (!found.ok) return found;
  if (found.value === null) return err(wentAway(name));
  const { info, chunks, done } = found.value;
  const facts = { generation: info.generation, metadata: ownMetadata(info) };
  if (info.size <= IN_MEMORY) {
    const bytes = await collect(chunks);
    const arrived = await done;
    if (!arrived.ok) return arrived;
    const sha256 = deps.bytes.sha256(bytes);
    return ok({ ...facts, source: inMemory(bytes), sha256, release: async () => undefined });
  }
  const path = `${deps.spool}/${deps.random.hex(8)}.open`;
  const release = async (): Promise<void> => {
    await deps.files.remove(path);
  };
  const written = await deps.files.replaceFrom(path, chunks, () => done);
  const measured = written.ok ? await deps.files.measure(path) : written;
  if (measured.ok && measured.value !== null)
    return ok({ ...facts, source: measured.value.source, sha256: measured.value.sha256, release });
  await release();
  return measured.ok ? err(wentAway(name)) : measured;
}

/** The engine's metadata, without what sealing adds. */
function ownMetadata({ metadata }: ObjectInfo): Readonly<Record<string, string>> {
  const { epoch: _, facts: _facts, 'stored-size': _size, 'stored-crc32c': _crc, ...rest } = metadata;
  return rest;
}

async function enter(
  { sync }: SealObjectsDeps,
  ledger: Ledger,
  { before, now, row: describe }: Replaced,
  packs: Map<string, string>,
): Promise<void> {
  const { layout, self } = sync;
  const texts = layout.texts(self.uuid);
  if (now.name.startsWith(texts)) packs.set(now.name.slice(texts.length), now.generation);
  if (now.name === layout.head(self.uuid)) {
    const { published } = ledger;
    if (published?.generation === before) ledger.amendPublished({ ...published, generation: now.generation });
    return;
  }
  const object = readPartitionName(layout, self.uuid, now.name);
  const row = object.kind === 'log' ? ledger.rows.get(object.path) : undefined;
  // A row for another version than the sealed one is left alone: the next push checks.
  if (row === undefined || row.entry.stored.generation !== before) return;
  if (describe !== undefined) return ledger.record({ ...(await describe(now)), goneSince: row.goneSince });
  const stored = { size: now.size, crc32c: now.crc32c, generation: now.generation };
  ledger.record(ledgerRow({ ...row.entry, stored }, row.crc32c, row.goneSince));
}

function wentAway(name: string): AppError {
  return appError('not-found', `${name} went away while it was read.`, 'Run it again.', {
    transient: true,
  });
}

function otherBytes(name: string): AppError {
  return appError(
    'corrupt',
    `${name} was read back with different bytes.`,
    'Run `session-log verify --deep`, then the command again.',
  );
}
