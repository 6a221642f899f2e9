import { appError, type AppError } from '../../../shared/app-error.ts';

/**
 * Limits for another machine's shard. It is foreign until parsed, and a few compressed kilobytes unpack to gigabytes or to millions of
 * empty lists. A busy machine fills some 2 MB a year; 50,000 logs of one year are 20 MB.
 */

/** Bytes of one packed head or segment. */
export const PACKED_LIMIT = 8 * 1024 * 1024;
/** Compressed bytes of all segments of one shard fetched at once. */
export const SHARD_PACKED_LIMIT = 16 * 1024 * 1024;
/** Unpacked bytes of one head or segment. */
export const UNPACKED_LIMIT = 32 * 1024 * 1024;
/** Unpacked bytes of all segments of one shard fetched at once. */
export const SHARD_UNPACKED_LIMIT = 64 * 1024 * 1024;
/** A machine creates three a year, and later one per year. */
export const SEGMENT_LIMIT = 200;
/** Receipts read from a head; the rest is ignored. */
export const RECEIPT_LIMIT = 50_000;
/** Marks read from a head; the rest is ignored. */
export const MARK_LIMIT = 20_000;
/** Notes read from an entry; the rest is only in its log. */
export const NOTE_LIMIT = 1_000;
/** Invalid entries of one head or segment up to which the others are used. */
export const REFUSED_LIMIT = 1_000;

/** The shard itself is at fault, so reading the same bytes again is useless. */
export function refusedShard(message: string, remedy: string): AppError {
  return appError('corrupt', message, remedy, { details: { refusedShard: true } });
}

/** True for {@link refusedShard}. */
export function isRefusedShard(error: AppError): boolean {
  return error.code === 'corrupt' && error.details?.['refusedShard'] === true;
}
