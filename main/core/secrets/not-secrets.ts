import * as v from 'valibot';
import type { Answer } from '../../../shared/app-error.ts';
import type { Files } from '../ports/files.ts';
import { peekState, readState, stateObject, type StateFormat, MIB } from '../files/state-file.ts';

/** Values a person marked as no secret, by digest: they are not withheld again. */
export interface NotSecrets {
  digests(): Promise<ReadonlySet<string>>;
  /** @param isSecret true to remove the mark */
  mark(digest: string, isSecret: boolean): Answer<void>;
}

const FORMAT: StateFormat<{ readonly digests: readonly string[] }> = {
  schema: stateObject({ digests: v.array(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))) }),
  maxBytes: MIB,
};

/** @param file absolute */
export function createNotSecrets(files: Files, file: string): NotSecrets {
  return {
    digests: async () => {
      const state = await peekState(files, file, FORMAT);
      return new Set(state.ok && state.value !== null ? state.value.digests : []);
    },
    mark: async (digest, isSecret) => {
      const state = await readState(files, file, FORMAT);
      if (!state.ok) return state;
      const digests = new Set(state.value?.digests);
      if (isSecret) digests.delete(digest);
      else digests.add(digest);
      const content = JSON.stringify({ schema: 1, digests: [...digests].sort() }, null, 2);
      return files.replace(file, new TextEncoder().encode(`${content}\n`));
    },
  };
}
