import type { Answer } from '../../shared/app-error.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';

/**
 * A store that opens on the first call: a push with nothing to do never loads the SDK.
 * @param open creates the real store; called again after a failure
 */
export function lazyStore(
  facts: Pick<ObjectStore, 'url' | 'sameDisk' | 'statesRecords'>,
  open: () => Answer<ObjectStore>,
): ObjectStore {
  let opened: Answer<ObjectStore> | null = null;
  const use = async <T>(call: (store: ObjectStore) => Answer<T>): Answer<T> => {
    opened ??= open();
    const store = await opened;
    if (store.ok) return call(store.value);
    opened = null;
    return store;
  };
  return {
    ...facts,
    list: (prefix, options) => use((store) => store.list(prefix, options)),
    head: (name, options) => use((store) => store.head(name, options)),
    get: (name, options) => use((store) => store.get(name, options)),
    getStream: (name, options) => use((store) => store.getStream(name, options)),
    put: (name, body, options) => use((store) => store.put(name, body, options)),
    copy: (from, to, options) => use((store) => store.copy(from, to, options)),
    probe: (options) => use((store) => store.probe(options)),
    close: async () => {
      const store = await opened;
      if (store?.ok) await store.value.close();
    },
  };
}
