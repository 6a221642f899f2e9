import { quote } from '../../../shared/domain/ids.ts';
import { appError, type AppError, type ErrorCode } from '../../../shared/app-error.ts';
import { errnoOf } from '../disk/errno.ts';

const CODES: Readonly<Record<string, ErrorCode>> = {
  EACCES: 'denied',
  EPERM: 'denied',
  EROFS: 'denied',
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EFBIG: 'disk-full',
  ENAMETOOLONG: 'invalid-input',
  // Returned by a network mount whose server is gone.
  EHOSTDOWN: 'offline',
  EHOSTUNREACH: 'offline',
  ENETDOWN: 'offline',
  ENETUNREACH: 'offline',
  ENOTCONN: 'offline',
  ECONNRESET: 'offline',
  ECONNABORTED: 'offline',
  ETIMEDOUT: 'offline',
  ESTALE: 'offline',
  ENODEV: 'offline',
  ENXIO: 'offline',
};

const REMEDIES: Readonly<Partial<Record<ErrorCode, string>>> = {
  denied: 'Give your user the right to read and write this folder, or mount it writable.',
  'disk-full':
    'Free space (or raise your quota) on the disk that holds the folder and sync again; nothing was replaced.',
  'invalid-input': 'Shorten the name of the file or of its folders.',
  offline:
    'Mount the folder again (is the server reachable?); the next sync continues where this one stopped.',
  io: 'Check the disk or the network share and run `session-log doctor`; nothing was replaced.',
};

/**
 * Converts a thrown system error to an error value.
 * @throws the original when it is not a system error: our own bugs must not look like disk errors
 */
export function folderError(root: string, verb: string, error: unknown): AppError {
  const errno = errnoOf(error);
  if (errno === '') throw error;
  const code = CODES[errno] ?? 'io';
  const transient = code === 'offline' || errno === 'EMFILE' || errno === 'ENFILE' || errno === 'EBUSY';
  return appError(code, `Could not ${verb} in the folder store ${root} (${errno}).`, REMEDIES[code] ?? '', {
    transient,
    details: { errno },
  });
}

/** The folder or its marker is missing. */
export function notMounted(root: string, missing: 'folder' | 'marker'): AppError {
  const what =
    missing === 'folder'
      ? `The store folder ${root} is not there. Is it mounted?`
      : `The folder ${root} holds no store. Is something else, or nothing, mounted there?`;
  return appError(
    'offline',
    what,
    'Mount the share and sync again. If the folder is meant to become a new store, connect it once: session-log config set store.url file:///FOLDER',
    { details: { root, missing } },
  );
}

/** A file not written by this store has an object's name. */
export function foreignFile(root: string, name: string): AppError {
  return appError(
    'corrupt',
    `A file that this store did not write stands at ${quote(name)} in ${root}.`,
    'Move that file out of the store folder and sync again; it was left as it is.',
    { details: { name } },
  );
}
