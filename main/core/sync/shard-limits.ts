import { appError, type AppError } from '../../../shared/app-error.ts';

/**
 * What a shard of another machine may cost. It is a stranger's until parsed, and a few packed kilobytes unpack to gigabytes or to millions of
 * empty lists. A busy machine fills some 2 MB a year; 50,000 logs of one year are 20 MB.
 */

/** Bytes of one packed head or segment. */
export const PACKED_LIMIT = 8 * 1024 * 1024;
/** Bytes of all segments of one shard that are fetched at once, packed. */
export const SHARD_PACKED_LIMIT = 16 * 1024 * 1024;
/** Bytes that one head or segment unpacks to. */
export const UNPACKED_LIMIT = 32 * 1024 * 1024;
/** Bytes that all segments of one shard that are fetched at once unpack to. */
export const SHARD_UNPACKED_LIMIT = 64 * 1024 * 1024;
/** A machine makes three a year, and then one for each year. */
export const SEGMENT_LIMIT = 200;
/** Receipts that a head brings; what follows is left out. */
export const RECEIPT_LIMIT = 50_000;
/** Marks that a head brings; what follows is left out. */
export const MARK_LIMIT = 20_000;
/** Notes that an entry brings; what follows is in its log alone. */
export const NOTE_LIMIT = 1_000;
/** Entries of one head or segment that are not valid, up to which the others are taken. */
export const REFUSED_LIMIT = 1_000;

/** The shard itself is at fault, so that reading the same bytes again leads nowhere. */
export function refusedShard(message: string, remedy: string): AppError {
  return appError('corrupt', message, remedy, { details: { refusedShard: true } });
}

/** True for {@link refusedShard}. */
export function isRefusedShard(error: AppError): boolean {
  return error.code === 'corrupt' && error.details?.['refusedShard'] === true;
}
