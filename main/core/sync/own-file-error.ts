import type { AppError } from '../../../shared/app-error.ts';

/** Marks a failure as one of this log's file: an unreadable file affects only that log, whatever its code means for a store. */
export function ofOwnFile(error: AppError): AppError {
  return { ...error, details: { ...error.details, ownFile: true } };
}

/** True for what {@link ofOwnFile} marked. */
export function isOfOwnFile(error: AppError): boolean {
  return error.details?.['ownFile'] === true;
}
