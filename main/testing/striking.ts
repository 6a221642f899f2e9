import { appError } from '../../shared/app-error.ts';
import { err } from '../../shared/result.ts';
import type { Files } from '../core/ports/files.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { Killed } from './failing-calls.ts';

/**
 * What befalls a program at one of its changes, and at every one after it: it dies before or after the change is made, or there is no room
 * any more on the disk, or in the store.
 */
export type Strike = 'killed before' | 'killed after' | 'disk full' | 'store full';

const NEEDS_ROOM = ['replace', 'replaceFrom', 'create', 'append'] as const;
const CHANGES: Readonly<
  Record<Strike, { readonly disk: readonly string[]; readonly store: readonly string[] }>
> = {
  'killed before': { disk: [...NEEDS_ROOM, 'move', 'remove'], store: ['put', 'copy'] },
  'killed after': { disk: [...NEEDS_ROOM, 'move', 'remove'], store: ['put', 'copy'] },
  'disk full': { disk: NEEDS_ROOM, store: [] },
  'store full': { disk: [], store: ['put', 'copy'] },
};

type Call = (...args: never[]) => Promise<unknown>;

/** A disk and a store of which the n-th change is struck, counted over both from 1. */
export function striking(
  files: Files,
  store: ObjectStore,
  strike: Strike,
  at: number,
): { readonly files: Files; readonly store: ObjectStore; readonly changes: () => number } {
  let changes = 0;
  const struck = async (call: Call, args: never[]): Promise<unknown> => {
    changes++;
    if (changes < at) return await call(...args);
    if (strike === 'killed after' && changes === at) await call(...args);
    if (strike.startsWith('killed')) throw new Killed();
    return err(appError('disk-full', 'There is no room.', 'Free some space.'));
  };
  const wrap = <T extends object>(port: T, names: readonly string[]): T =>
    Object.fromEntries(
      Object.entries(port).map(([name, call]) => [
        name,
        names.includes(name) ? (...args: never[]) => struck(call as Call, args) : call,
      ]),
    ) as T;
  return {
    files: wrap(files, CHANGES[strike].disk),
    store: wrap(store, CHANGES[strike].store),
    changes: () => changes,
  };
}
