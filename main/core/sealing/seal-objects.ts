import { appError, type AppError } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { runLimited, TRANSFERS } from '../concurrency/run-limited.ts';
import { ledgerRow, type Ledger } from '../ledger/ledger.ts';
import type { ByteSource } from '../ports/byte-source.ts';
import type { ObjectInfo, ObjectStore } from '../ports/object-store.ts';
import { inMemory } from '../store/in-memory.ts';
import { readPartitionName } from '../store/layout.ts';
import { stopsTransfers } from '../store/stops-transfers.ts';
import type { RunOptions, SyncDeps } from '../sync/sync-deps.ts';
import type { EpochKey } from './epoch-key.ts';
import type { TeamDeps } from './member.ts';
import { collect, sealBody } from './seal-body.ts';

/** What sealing takes besides the keys. */
export interface SealObjectsDeps extends TeamDeps {
  /** The same store as everything else sees it: opens and proves. */
  readonly opened: ObjectStore;
  readonly sync: Pick<SyncDeps, 'layout' | 'self' | 'texts'>;
}

/** What is not sealed with the newest key yet. */
export interface SealPlan {
  readonly waiting: readonly ObjectInfo[];
  /** Objects that are. */
  readonly sealed: number;
}

const IN_MEMORY = 4 * 1024 * 1024;
const ROUNDS = 3;

/** Lists the objects of this machine, the head of its shard last, and says which have to be sealed, or sealed anew. */
export async function planSealing(
  { store, sync }: SealObjectsDeps,
  epoch: EpochKey | null,
  signal?: AbortSignal,
): Promise<Result<SealPlan, AppError>> {
  const waiting: ObjectInfo[] = [];
  let sealed = 0;
  for (const prefix of sync.layout.ownPrefixes(sync.self.uuid)) {
    let pageToken: string | undefined;
    do {
      const page = await store.list(prefix, {
        ...(signal ? { signal } : {}),
        ...(pageToken === undefined ? {} : { pageToken }),
      });
      if (!page.ok) return page;
      for (const info of page.value.objects) {
        const isSealed = epoch !== null && info.metadata['epoch'] === String(epoch.number);
        if (isSealed && info.metadata['codec'] === 'age') sealed++;
        else waiting.push(info);
      }
      pageToken = page.value.nextPageToken;
    } while (pageToken !== undefined);
  }
  return ok({ waiting, sealed });
}

/** What became of the objects that had to be sealed. */
export interface SealedObjects {
  readonly done: number;
  readonly failed: readonly { readonly name: string; readonly error: AppError }[];
  /** Why it stopped early; null when it did not. */
  readonly stop: AppError | null;
}

/**
 * Seals the objects of a plan, sixteen at once: read and proved, written under the generation that was read, read back and compared, and
 * only then entered in the ledger. Stopped or killed at any moment it goes on from what the store says.
 */
export async function sealObjects(
  deps: SealObjectsDeps,
  ledger: Ledger,
  epoch: EpochKey,
  { waiting }: SealPlan,
  options: RunOptions,
): Promise<SealedObjects> {
  const failed: { name: string; error: AppError }[] = [];
  const packs = new Map<string, string>();
  let [done, stop]: [number, AppError | null] = [0, null];
  await runLimited(waiting, TRANSFERS, options.signal, async (info) => {
    const again = await sealOne(deps, epoch, info, options);
    if (!again.ok && stopsTransfers(again.error)) {
      stop ??= again.error;
      return false;
    }
    if (again.ok) enter(deps, ledger, again.value, packs);
    else failed.push({ name: info.name, error: again.error });
    done += again.ok ? 1 : 0;
    options.onProgress?.({ phase: 'seal', done, total: waiting.length, bytes: 0, path: info.name });
    if (done % 64 === 0) {
      const flushed = await ledger.flush();
      if (!flushed.ok) stop ??= flushed.error;
    }
    return stop === null;
  });
  const flushed = await ledger.flush({ sync: true });
  const noted = packs.size > 0 ? await deps.sync.texts?.restored(packs) : undefined;
  if (!flushed.ok) stop ??= flushed.error;
  if (noted?.ok === false) stop ??= noted.error;
  if (options.signal?.aborted) stop = stopped();
  return { done, failed, stop };
}

/** An object that was sealed: the generation that was read, and what is there now. */
interface Resealed {
  readonly before: string;
  readonly now: ObjectInfo;
}

async function sealOne(
  deps: SealObjectsDeps,
  epoch: EpochKey,
  info: ObjectInfo,
  options: RunOptions,
): Promise<Result<Resealed, AppError>> {
  const signal = options.signal ? { signal: options.signal } : {};
  for (let round = 0; ; round++) {
    const read = await readWhole(deps, info.name, signal);
    if (!read.ok) return read;
    const { source, sha256, generation, metadata, release } = read.value;
    const sealed = await sealBody(deps, epoch, info.name, source, metadata);
    await release();
    if (!sealed.ok) return sealed;
    const put = await deps.store.put(info.name, sealed.value.body, {
      ...signal,
      ifGenerationMatch: generation,
      contentType: 'application/octet-stream',
      metadata: sealed.value.metadata,
    });
    await sealed.value.done();
    if (!put.ok && put.error.code === 'precondition' && round < ROUNDS) continue;
    if (!put.ok) return put;
    const back = await readWhole(deps, info.name, signal);
    if (!back.ok) return back;
    await back.value.release();
    if (back.value.sha256 !== sha256) return err(otherBytes(info.name));
    return ok({ before: generation, now: put.value });
  }
}

interface Whole {
  readonly source: ByteSource;
  readonly sha256: string;
  readonly generation: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly release: () => Promise<void>;
}

/** An object, opened and proved; large ones by way of the disk. */
async function readWhole(
  deps: SealObjectsDeps,
  name: string,
  signal: { readonly signal?: AbortSignal },
): Promise<Result<Whole, AppError>> {
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

/** What the engine wrote beside it, without what sealing adds. */
function ownMetadata({ metadata }: ObjectInfo): Readonly<Record<string, string>> {
  const { epoch: _, 'stored-size': _size, 'stored-crc32c': _crc, ...rest } = metadata;
  return rest;
}

function enter(
  { sync }: SealObjectsDeps,
  ledger: Ledger,
  { before, now }: Resealed,
  packs: Map<string, string>,
): void {
  const { layout, self } = sync;
  const texts = layout.texts(self.uuid);
  if (now.name.startsWith(texts)) packs.set(now.name.slice(texts.length), now.generation);
  if (now.name === layout.head(self.uuid)) {
    const { published } = ledger;
    if (published?.generation === before)
      ledger.recordPublished({ ...published, generation: now.generation });
    return;
  }
  const object = readPartitionName(layout, self.uuid, now.name);
  const row = object.kind === 'log' ? ledger.rows.get(object.path) : undefined;
  // A row that knew another version than the one which was sealed is left alone: the next push looks.
  if (row === undefined || row.entry.stored.generation !== before) return;
  const stored = { size: now.size, crc32c: now.crc32c, generation: now.generation };
  ledger.record(ledgerRow({ ...row.entry, stored }, row.crc32c, row.goneSince));
}

function stopped(): AppError {
  return appError('cancelled', 'Sealing was stopped.', 'Run it again; it goes on where it stopped.');
}

function wentAway(name: string): AppError {
  return appError('not-found', `${name} went away while it was sealed.`, 'Run it again.', {
    transient: true,
  });
}

function otherBytes(name: string): AppError {
  return appError(
    'corrupt',
    `${name} came back with other bytes than were sealed.`,
    'Run `session-log verify --deep`, then `session-log store seal` again.',
  );
}
