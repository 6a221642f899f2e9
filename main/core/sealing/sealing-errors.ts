import { appError, type AppError } from '../../../shared/app-error.ts';
import { quote } from '../../../shared/domain/ids.ts';

/** There is an epoch whose key was not sealed to this machine. */
export function notAdmitted(url: string, epoch: number, wasMember: boolean): AppError {
  return appError(
    'denied',
    wasMember
      ? `The team has a new key (epoch ${epoch}) that this machine was not given: it was taken out, or admitted again with another key.`
      : `The store ${url} is sealed, and this machine has not been admitted.`,
    'Ask to join: `session-log machines join`. A colleague then runs `session-log machines admit` on a machine that is in.',
    { action: 'session-log machines join', details: { epoch } },
  );
}

/** True for {@link notAdmitted}; a store may fail with the same code. */
export function isNotAdmitted({ code, details }: AppError): boolean {
  return code === 'denied' && details?.['epoch'] !== undefined;
}

/** This machine's key is not that of the epoch, or was created by somebody without an earlier one. */
export function strangeEpoch(epoch: number): AppError {
  return appError(
    'denied',
    `The key of epoch ${epoch} was not made by a member of the team. It is not used, and nothing was sealed with it.`,
    'Ask who may write to the store, and look at it with `session-log audit`.',
    { details: { strangeEpoch: epoch } },
  );
}

/** Nothing is sealed with a key. */
export function notSealed(url: string): AppError {
  return appError(
    'precondition',
    `The store ${url} is not sealed: there is no key to be had.`,
    'Seal it first, on any machine: `session-log store seal`.',
    { action: 'session-log store seal' },
  );
}

/** The object with the key cannot be opened. */
export function damagedEpoch(epoch: number): AppError {
  return appError(
    'corrupt',
    `The key of epoch ${epoch} is missing for this machine, or damaged in the store.`,
    'Ask to be admitted again: `session-log machines join`.',
    { action: 'session-log machines join', details: { epoch } },
  );
}

/** The bytes differ from what was sealed under that name. */
export function unlikeSealed(name: string, why: string): AppError {
  return appError(
    'corrupt',
    `${quote(name)} in the store ${why}. Nothing of it was used.`,
    'Run `session-log sync --full` on the machine that wrote it: it stores it again.',
    { details: { object: name } },
  );
}

/** An object in the clear of a fully sealed machine. */
export function plainAmongSealed(name: string): AppError {
  return appError(
    'corrupt',
    `${quote(name)} lies in the clear in a sealed store: an older program, or somebody without the key, put it there. It was not taken.`,
    'Update Session Log on the machine that wrote it and run `session-log store seal` there.',
    { details: { object: name } },
  );
}
