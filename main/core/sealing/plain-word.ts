import * as v from 'valibot';
import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { MIB, recallState, stateObject, writeState } from '../files/state-file.ts';
import type { Files } from '../ports/files.ts';

/** A person's word that this machine stores in the clear, although the team has keys. */
export interface PlainWord {
  /** As of the last {@link recallWord}, so that measuring and writing in one run agree. */
  storesPlain(): Promise<boolean>;
  /** Reloads what another process was told. The caller holds the data folder's lock, before a run. */
  recallWord(): Promise<void>;
  /** Sets or withdraws it. The caller holds the data folder's lock. */
  setStoresPlain(isPlain: boolean): Answer<void>;
}

const FORMAT = { schema: stateObject({ plain: v.boolean() }), maxBytes: MIB };

/** @param folder where it is kept, absolute. A lost or damaged decision counts as none: this machine then seals. */
export function createPlainWord(files: Files, folder: string): PlainWord {
  const path = `${folder}/plain.json`;
  let word: boolean | null = null;
  const recallWord = async (): Promise<void> => {
    word = (await recallState(files, path, FORMAT))?.plain === true;
  };
  return {
    recallWord,
    storesPlain: async () => {
      if (word === null) await recallWord();
      return word === true;
    },
    setStoresPlain: async (isPlain) => {
      await recallWord();
      if (word === isPlain) return ok(undefined);
      const written = await writeState(files, path, { schema: 1, plain: isPlain });
      if (written.ok) word = isPlain;
      return written;
    },
  };
}
