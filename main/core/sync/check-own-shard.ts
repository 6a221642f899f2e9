import type { AppError } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { fetchHead } from './fetch-head.ts';
import { readShardEntries } from './fetch-shard.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RunOptions, SyncDeps } from './sync-deps.ts';

/**
 * Reads this machine's own shard as others do, and makes the next publishing rewrite what is unreadable: a head, a segment or a text pack
 * that was lost or damaged in the store. A push with nothing new would leave it so, and nobody would see this machine's logs.
 * @returns whether it must be rewritten
 */
export async function checkOwnShard(
  deps: SyncDeps,
  ledger: Ledger,
  options: Pick<RunOptions, 'signal'>,
): Promise<Result<boolean, AppError>> {
  const { published } = ledger;
  if (published === null) return ok(false);
  const read = await readOwnShard(deps, published.seq, options);
  if (!read.ok && read.error.code !== 'corrupt') return read;
  const texts = await checkTexts(deps, options);
  if (!texts.ok) return texts;
  const isWhole = read.ok && read.value;
  if (isWhole && texts.value) return ok(false);
  deps.logger.warn('the index of this machine is damaged in the store; it is written again');
  const { texts: named, ...rest } = published;
  ledger.amendPublished({
    ...rest,
    ...(isWhole ? {} : { segments: [], digest: '', receiptsDigest: '' }),
    ...(named ? { texts: { ...named, complete: named.complete && texts.value } } : {}),
  });
  return ok(true);
}

/** @returns false when a text pack is damaged: the next publishing recreates it */
async function checkTexts(
  { texts, store }: SyncDeps,
  { signal }: Pick<RunOptions, 'signal'>,
): Promise<Result<boolean, AppError>> {
  if (texts === undefined) return ok(true);
  const deep = store.statesRecords === true;
  const checked = await texts.check({ repair: true, deep, signal });
  return checked.ok ? ok(checked.value.damaged.length === 0) : checked;
}

/**
 * @param seq of the head as this machine wrote it
 * @returns false when there is no head, or somebody restored an older one; `corrupt` when part of the shard is unreadable
 */
async function readOwnShard(
  deps: SyncDeps,
  seq: number,
  options: Pick<RunOptions, 'signal'>,
): Promise<Result<boolean, AppError>> {
  const found = await fetchHead(deps, deps.self.uuid, options);
  if (!found.ok) return found;
  if (found.value === null || found.value.head.seq < seq) return ok(false);
  const entries = await readShardEntries(deps, found.value.head, new Set(), options);
  return entries.ok ? ok(true) : entries;
}
