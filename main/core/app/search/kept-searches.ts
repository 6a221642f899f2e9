import type { Answer } from '../../../../shared/app-error.ts';
import type { ParsedInput } from '../../../../shared/ipc/contract.ts';
import { searchesKept } from '../../../../shared/ipc/schemas.ts';
import type { KeptSearches } from '../../../../shared/ipc/searching.ts';
import { mapOk } from '../../../../shared/result.ts';
import { takeTurns } from '../../concurrency/take-turns.ts';
import { MIB, readState, stateObject, writeState } from '../../files/state-file.ts';
import type { Files } from '../../ports/files.ts';
import type { Logger } from '../../ports/logger.ts';

/** Recent and saved searches, in a file of the data folder, shared by every window and the browser view. */
export interface KeptSearchesFile {
  read(): Answer<KeptSearches>;
  /** Replaces the named lists. */
  keep(change: ParsedInput<'search.keep'>): Answer<KeptSearches>;
}

const FORMAT = {
  maxBytes: MIB,
  schema: stateObject({ ...searchesKept.entries }),
} as const;

/** @param path `state/searches.json`, absolute */
export function createKeptSearches(
  files: Files,
  path: string,
  logger: Pick<Logger, 'warn'>,
): KeptSearchesFile {
  const turn = takeTurns(1);
  const read = async (): Answer<KeptSearches> =>
    mapOk(await readState(files, path, FORMAT, logger), (kept) => ({
      recent: kept?.recent ?? [],
      saved: kept?.saved ?? [],
    }));
  return {
    read,
    keep: ({ recent, saved }) =>
      turn(async () => {
        const before = await read();
        if (!before.ok) return before;
        const after = { recent: recent ?? before.value.recent, saved: saved ?? before.value.saved };
        return mapOk(await writeState(files, path, { schema: 1, ...after }), () => after);
      }),
  };
}
