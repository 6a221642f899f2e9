import { appError, type AppError } from '../../../shared/app-error.ts';

/**
 * Limits of text packs. Our own program makes packs of 8 MiB of text; a stranger's may cost more up to a limit, checked before it is paid,
 * so that a later program may make larger ones.
 */

/** Text size in bytes of a full pack; the next log goes into another. */
export const FULL_PACK = 8 * 1024 * 1024;
/** Most separate day packs in the current month. */
export const DAY_PACKS = 8;

/** One pack's packed bytes. */
export const PACKED_LIMIT = 16 * 1024 * 1024;
/** Unpacked bytes of one pack. */
export const UNPACKED_LIMIT = 32 * 1024 * 1024;
/** Bytes of one log in a pack: 1 MiB of text, up to six times as much in JSON. */
export const LINE_LIMIT = 8 * 1024 * 1024;
/** Logs of one pack. */
export const LOG_LIMIT = 50_000;
/** Packs a head names: 50,000 logs a year of 15 KB make a hundred. */
export const PACK_LIMIT = 1_000;
/** Digests of packs merged into one. */
export const MERGED_LIMIT = 200;
/** Compressed bytes of a machine's packs fetched at once. */
export const MACHINE_LIMIT = 2 * 1024 * 1024 * 1024;
/** Invalid logs of one pack up to which the others are used. */
export const REFUSED_LIMIT = 1_000;
/** Bytes that sealing may add to a pack. */
export const SEALING_ROOM = 64 * 1024;

/** The packs themselves are at fault, so reading the same bytes again is useless. */
export function refusedPack(message: string, remedy: string): AppError {
  return appError('corrupt', message, remedy, { details: { refusedPack: true } });
}

/** True for {@link refusedPack}. */
export function isRefusedPack(error: AppError): boolean {
  return error.code === 'corrupt' && error.details?.['refusedPack'] === true;
}
