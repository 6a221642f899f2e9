import { appError, type AppError } from '../app-error.ts';
import { quote } from './ids.ts';
import { objectMetadataProblem, objectNameProblem } from './object-name.ts';

/** Failures that mean the same in every store, and so read the same. `url` never contains a credential. */

/** Describes a name, a precondition or metadata that no store accepts; null when all is well. Checked before anything is sent. */
export function putProblem(
  name: string,
  options: { readonly ifGenerationMatch: string; readonly metadata?: Readonly<Record<string, string>> },
): AppError | null {
  const problem =
    objectNameProblem(name) ??
    (/^\d{1,19}$/.test(options.ifGenerationMatch) ? null : 'its precondition is not a generation') ??
    objectMetadataProblem(options.metadata ?? {});
  return problem === null ? null : nameRefused(name, problem);
}

/** This store cannot keep the object's name (or what comes with it). */
export function nameRefused(name: string, problem: string): AppError {
  return appError(
    'invalid-input',
    `${quote(name)} cannot be stored: ${problem}.`,
    'Rename the file; nothing was written.',
    { details: { name } },
  );
}

/** The live object is not the one the caller expected, and does not have the caller's bytes. */
export function preconditionFailed(
  url: string,
  name: string,
  expected: string,
  live: { readonly generation: string } | null,
): AppError {
  const found = live === null ? 'there is none' : `generation ${live.generation} is there`;
  const wanted = expected === '0' ? 'no object' : `generation ${expected}`;
  return appError(
    'precondition',
    `${quote(name)} in ${url} was changed by somebody else: ${wanted} was expected, ${found}.`,
    'Run the sync again; it looks at the new state first. Nothing was overwritten.',
    { details: { name, expected, live: live?.generation ?? null } },
  );
}

/** The requested generation is no longer live. */
export function generationGone(url: string, name: string, generation: string): AppError {
  return appError(
    'not-found',
    `Generation ${generation} of ${quote(name)} is no longer the one in ${url}.`,
    'Refresh the index (`session-log sync --index`) and ask again.',
    { details: { name, generation } },
  );
}

/** The local file was truncated or replaced during the upload. */
export function sourceChanged(name: string): AppError {
  return appError(
    'io',
    `The file behind ${quote(name)} was changed while it was read.`,
    'Nothing was stored; the next sync sends it.',
    { transient: true, details: { name } },
  );
}

/** The received bytes are not the announced ones. */
export function bodyDamaged(url: string, name: string, direction: 'read' | 'write'): AppError {
  return direction === 'read'
    ? appError(
        'corrupt',
        `${quote(name)} from ${url} does not match its checksum.`,
        'Run `session-log verify`. If another program syncs this store, let it finish first; otherwise push the log again from its own machine.',
        { details: { name } },
      )
    : appError(
        'corrupt',
        `The bytes sent for ${quote(name)} do not match their checksum; ${url} kept nothing.`,
        'Run the sync again; if it repeats, check this machine\u2019s memory and disk.',
        { details: { name } },
      );
}

/** The bytes were stored, but the store's metadata for them differs from what was sent. */
export function metadataChanged(url: string, name: string): AppError {
  return appError(
    'corrupt',
    `${quote(name)} was stored, but ${url} does not keep the facts that were sent with it.`,
    'Run the sync again; if it repeats, something between here and the store, or in front of it, changes requests.',
    { details: { name } },
  );
}

/** The object is larger than the caller can accept: it is not what its name says. */
export function objectTooLarge(url: string, name: string, size: number, limit: number): AppError {
  return appError(
    'corrupt',
    `${quote(name)} in ${url} is too large to be what it should be (${size} bytes; at most ${limit} are taken).`,
    'Find out who wrote it, and remove it from the store if it is not yours.',
    { details: { name, size } },
  );
}

/** The caller's signal aborted the call. */
export function callCancelled(url: string): AppError {
  return appError(
    'cancelled',
    `The call to ${url} was cancelled.`,
    'Run the command again; it continues where it stopped.',
  );
}

/** The call exceeded its deadline. */
export function callTimedOut(url: string, operation: string, ms: number): AppError {
  return appError(
    'timeout',
    `${url} did not finish "${operation}" within ${Math.round(ms / 1000)} s.`,
    url.startsWith('file:')
      ? 'Check the disk or the share that this folder is on; the next sync continues where this one stopped.'
      : 'Check the network connection; the next sync continues where this one stopped.',
    { details: { operation } },
  );
}
