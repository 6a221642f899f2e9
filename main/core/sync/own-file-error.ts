import type { AppError } from '../../../shared/app-error.ts';

/** Marks a failure as one of this log's file: an unreadable file is a matter of that log alone, whatever its code means of a store. */
export function ofOwnFile(error: AppError): AppError {
  return { ...error, details: { ...error.details, ownFile: true } };
}

/** True for what {@link ofOwnFile} marked. */
export function isOfOwnFile(error: AppError): boolean {
  return error.details?.['ownFile'] === true;
}
