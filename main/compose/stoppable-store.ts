import type { CallOptions, ObjectStore } from '../core/ports/object-store.ts';

/**
 * A store whose reads end with the command. Reads that bring no signal (of the team's keys, of requests to join) would else last until
 * their deadline. One that begins after the stop is part of finishing, such as publishing what was pushed, and goes on; so do writes.
 * @param stop Ctrl+C
 */
export function stoppableStore(store: ObjectStore, stop: AbortSignal): ObjectStore {
  const stoppable = <O extends CallOptions>(options: O | undefined): O | undefined =>
    options?.signal !== undefined || stop.aborted ? options : ({ ...options, signal: stop } as O);
  return {
    ...store,
    list: (prefix, options) => store.list(prefix, stoppable(options)),
    head: (name, options) => store.head(name, stoppable(options)),
    get: (name, options) => store.get(name, stoppable(options)),
    getStream: (name, options) => store.getStream(name, stoppable(options)),
    probe: (options) => store.probe(stoppable(options)),
  };
}
