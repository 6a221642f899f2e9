import { dirname } from 'node:path';
import { appError, type AppError, type ErrorCode } from '../../../shared/app-error.ts';
import { quote } from '../../../shared/domain/ids.ts';
import { errnoOf } from './errno.ts';

/** A path for display: control characters escaped, the middle elided when very long. */
export function showPath(path: string): string {
  const short = path.length > 300 ? `${path.slice(0, 140)}…${path.slice(-140)}` : path;
  return quote(short, 300);
}

interface Cause {
  readonly code: ErrorCode;
  readonly cause: string;
  readonly remedy: (path: string) => string;
  readonly transient?: boolean;
}

const DENIED: Cause = {
  code: 'denied',
  cause: 'permission denied',
  remedy: (path) => `Give your user the right to it; \`ls -ld ${showPath(path)}\` shows whose it is.`,
};
const FILE_IN_THE_WAY: Cause = {
  code: 'invalid-input',
  cause: 'a file stands where a folder is needed',
  remedy: () => 'Rename or move that file away.',
};
const TOO_MANY_OPEN: Cause = {
  code: 'io',
  cause: 'too many files are open',
  remedy: () => 'Repeat the command; if it happens again raise the limit (`ulimit -n`).',
  transient: true,
};

const CAUSES: ReadonlyMap<string, Cause> = new Map<string, Cause>([
  [
    'ENOSPC',
    {
      code: 'disk-full',
      cause: 'the disk is full',
      remedy: (path) =>
        `Free space on the disk that holds ${showPath(dirname(path))} and repeat the command.`,
    },
  ],
  [
    'EDQUOT',
    {
      code: 'disk-full',
      cause: 'your quota on this disk is used up',
      remedy: () =>
        'Remove files of yours from this disk, or ask for a larger quota, and repeat the command.',
    },
  ],
  ['EACCES', DENIED],
  ['EPERM', DENIED],
  [
    'EROFS',
    {
      code: 'denied',
      cause: 'the disk is mounted read-only',
      remedy: () => 'Mount it writable, or set SESSION_LOG_HOME to a folder on another disk.',
    },
  ],
  ['ENOENT', { code: 'not-found', cause: 'there is no such file', remedy: () => 'Check the path.' }],
  [
    'ELOOP',
    {
      code: 'invalid-input',
      cause: 'it is a symbolic link, and links are not followed here',
      remedy: () => 'Put the file itself in its place.',
    },
  ],
  [
    'EISDIR',
    {
      code: 'invalid-input',
      cause: 'it is a folder, not a file',
      remedy: () => 'Rename or move the folder away.',
    },
  ],
  ['ENOTDIR', FILE_IN_THE_WAY],
  ['EEXIST', FILE_IN_THE_WAY],
  [
    'ENAMETOOLONG',
    { code: 'invalid-input', cause: 'the name is too long for this disk', remedy: () => 'Shorten the name.' },
  ],
  ['EMFILE', TOO_MANY_OPEN],
  ['ENFILE', TOO_MANY_OPEN],
]);

/**
 * Converts a thrown system error to an error value with file, cause and next step.
 * @param verb what was tried, as in "could not `write` …"
 * @throws the original when it is not a system error: our own bugs must not look like disk errors
 */
export function diskError(verb: string, path: string, error: unknown): AppError {
  const errno = errnoOf(error);
  if (errno === '') throw error;
  const known = CAUSES.get(errno) ?? {
    code: 'io',
    cause: 'the disk reported an error',
    remedy: () => 'Check the disk (its cable, its mount, its health report) and repeat the command.',
  };
  return appError(
    known.code,
    `Could not ${verb} ${showPath(path)}: ${known.cause} (${errno}).`,
    known.remedy(path),
    { details: { path, errno }, transient: known.transient ?? false },
  );
}
