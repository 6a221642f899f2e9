import { appError, type AppError } from '../../../shared/app-error.ts';

/**
 * What text packs may be. Our own program makes packs of 8 MiB of text; what a stranger's may cost is bounded above that, before it is
 * paid, so that a later program may make larger ones.
 */

/** Bytes of text from which on a pack is full, and the next log goes into another. */
export const FULL_PACK = 8 * 1024 * 1024;
/** Packs of days in the running month, up to which they stay apart. */
export const DAY_PACKS = 8;

/** Bytes of one packed pack. */
export const PACKED_LIMIT = 16 * 1024 * 1024;
/** Bytes that a pack unpacks to. */
export const UNPACKED_LIMIT = 32 * 1024 * 1024;
/** Bytes of one log in a pack: 1 MiB of text, of which JSON makes up to six times as much. */
export const LINE_LIMIT = 8 * 1024 * 1024;
/** Logs of one pack. */
export const LOG_LIMIT = 50_000;
/** Packs that a head names: 50,000 logs a year of 15 KB make a hundred. */
export const PACK_LIMIT = 1_000;
/** Digests that a pack says were merged into it. */
export const MERGED_LIMIT = 200;
/** Bytes of all packs of a machine, packed, that are fetched at once. */
export const MACHINE_LIMIT = 2 * 1024 * 1024 * 1024;
/** Logs of one pack that are not valid, up to which the others are taken. */
export const REFUSED_LIMIT = 1_000;
/** What a codec may add to a pack, bytes. */
export const CODEC_ROOM = 64 * 1024;

/** The packs themselves are at fault, so that reading the same bytes again leads nowhere. */
export function refusedPack(message: string, remedy: string): AppError {
  return appError('corrupt', message, remedy, { details: { refusedPack: true } });
}

/** True for {@link refusedPack}. */
export function isRefusedPack(error: AppError): boolean {
  return error.code === 'corrupt' && error.details?.['refusedPack'] === true;
}
