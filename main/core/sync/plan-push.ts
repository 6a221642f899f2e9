import type { AppError } from '../../../shared/app-error.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import type { StoredFacts } from '../store/stored-facts.ts';

/** Facts about a changed log before planning. */
export interface PlanInput {
  readonly path: LogPath;
  readonly relation:
    | 'renamed'
    | 'new'
    | 'same'
    | 'grown'
    | 'edited'
    | 'cut'
    | 'damaged'
    | 'vanished'
    | 'unknown';
  readonly stored: StoredFacts | null;
  /** The object to replace when only the case or Unicode form of the name changed. */
  readonly instead?: StoredName;
  /** Why the relation is unknown. */
  readonly error?: AppError;
}

/** An object of this machine's partition. */
export interface StoredName {
  readonly path: LogPath;
  readonly generation: string;
}

/** `damaged`: the stored bytes are wrong, and the log here has everything that should be there. */
export type UploadReason = 'new' | 'grown' | 'edited' | 'forced' | 'damaged' | 'renamed';

export type PushOperation =
  /** Upload with the precondition; all but `new` and `grown` first keep the stored generation beside the log. */
  | {
      readonly kind: 'upload';
      readonly path: LogPath;
      readonly reason: UploadReason;
      readonly expect: string;
      readonly stored: StoredFacts | null;
      readonly instead?: StoredName;
    }
  /** Same bytes, new time: only updates the ledger. */
  | { readonly kind: 'remember'; readonly path: LogPath; readonly stored: StoredFacts }
  /** A person must choose: restore the stored log, or push as it is. */
  | { readonly kind: 'attention'; readonly path: LogPath; readonly stored: StoredFacts }
  | { readonly kind: 'failed'; readonly path: LogPath; readonly error: AppError };

/**
 * Plans the operations, sorted by path. Pure: no I/O, the same input gives the same list.
 * @param forced logs that a person decided to push although they are shorter than the stored ones
 */
export function planPush(
  inputs: readonly PlanInput[],
  forced: ReadonlySet<string> | 'all',
): readonly PushOperation[] {
  const operations = inputs.flatMap((input): PushOperation[] => {
    const { path, stored, relation } = input;
    if (relation === 'vanished') return [];
    if (input.error) return [{ kind: 'failed', path, error: input.error }];
    if (input.instead)
      return [
        {
          kind: 'upload',
          path,
          reason: 'renamed',
          expect: input.instead.generation,
          stored: null,
          instead: input.instead,
        },
      ];
    if (relation === 'new' || stored === null)
      return [{ kind: 'upload', path, reason: 'new', expect: '0', stored: null }];
    if (relation === 'same') return [{ kind: 'remember', path, stored }];
    if (relation === 'grown' || relation === 'edited' || relation === 'damaged')
      return [{ kind: 'upload', path, reason: relation, expect: stored.generation, stored }];
    if (relation === 'cut') {
      const push = forced === 'all' || forced.has(path);
      return [
        push
          ? { kind: 'upload', path, reason: 'forced', expect: stored.generation, stored }
          : { kind: 'attention', path, stored },
      ];
    }
    return [];
  });
  return operations.sort((a, b) => (a.path < b.path ? -1 : 1));
}
