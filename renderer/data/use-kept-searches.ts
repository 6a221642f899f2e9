import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { KeptSearches } from '../../shared/ipc/searching.ts';
import { keyOf } from './ask.ts';
import { useAction, useCall } from './call.ts';

const NONE: KeptSearches = { recent: [], saved: [] };
const KEY = keyOf('search.kept', {});
/** The channel's limits. */
const [MOST_RECENT, MOST_SAVED] = [10, 50];

export interface SearchesKept extends KeptSearches {
  /** Moves a search to the top of the recent ones. */
  readonly used: (query: string) => void;
  /** Saves a search under a name, at the top, replacing one of the same name. */
  readonly save: (name: string, query: string) => void;
  readonly rename: (name: string, to: string) => void;
  readonly removeSaved: (name: string) => void;
  readonly removeRecent: (query: string) => void;
  readonly clearRecent: () => void;
}

/** Recent and saved searches of this machine, the same in every window. */
export function useKeptSearches(): SearchesKept {
  const client = useQueryClient();
  const kept = useCall('search.kept', {}).data ?? NONE;
  const { mutate } = useAction('search.keep', {
    onDone: (after) => client.setQueryData(KEY, after),
    onFailed: () => void client.invalidateQueries({ queryKey: KEY }),
  });
  // Shown at once; the core's answer follows a moment later.
  const keep = useCallback(
    (change: (before: KeptSearches) => Partial<KeptSearches>) => {
      const before = client.getQueryData<KeptSearches>(KEY) ?? NONE;
      const { recent, saved } = change(before);
      client.setQueryData<KeptSearches>(KEY, {
        recent: recent ?? before.recent,
        saved: saved ?? before.saved,
      });
      mutate({
        ...(recent === undefined ? {} : { recent: [...recent] }),
        ...(saved === undefined ? {} : { saved: [...saved] }),
      });
    },
    [client, mutate],
  );
  const used = useCallback(
    (query: string) =>
      keep(({ recent }) => ({
        recent: [query, ...recent.filter((one) => one !== query)].slice(0, MOST_RECENT),
      })),
    [keep],
  );
  return {
    ...kept,
    used,
    save: (name, query) =>
      keep(({ saved }) => ({
        saved: [{ name, query }, ...saved.filter((one) => one.name !== name)].slice(0, MOST_SAVED),
      })),
    rename: (name, to) =>
      keep(({ saved }) => ({
        saved: saved
          .filter((one) => one.name === name || one.name !== to)
          .map((one) => (one.name === name ? { ...one, name: to } : one)),
      })),
    removeSaved: (name) => keep(({ saved }) => ({ saved: saved.filter((one) => one.name !== name) })),
    removeRecent: (query) => keep(({ recent }) => ({ recent: recent.filter((one) => one !== query) })),
    clearRecent: () => keep(() => ({ recent: [] })),
  };
}
