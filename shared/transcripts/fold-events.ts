import type { TranscriptEvent } from './events.ts';

/** The final events of a session. */
export interface FoldedEvents {
  /** Adds the next events. */
  add(events: readonly TranscriptEvent[]): void;
  /** Removes an event as if it had never been added. */
  remove(key: string): void;
  /** Keys of all added events, including retracted ones. */
  keys(): readonly string[];
  has(key: string): boolean;
  /** Events that count, in order of first appearance; none retracted. */
  events(): readonly TranscriptEvent[];
}

/**
 * Settles a stream of events: rewritten events replace their earlier version, and retracted ones are removed. Files are added one after
 * another, the session's own first.
 * @param copied keys of the session this one was copied from: its events are omitted
 */
export function foldEvents(copied: ReadonlySet<string> = new Set()): FoldedEvents {
  const settled = new Map<string, TranscriptEvent>();
  const retracted = new Set<string>();
  const retract = (key: string): void => {
    if (settled.delete(key)) retracted.add(key);
  };
  return {
    add(events) {
      for (const event of events) {
        if (copied.has(event.key)) continue;
        if (event.kind === 'retracted') retractFrom(settled.keys(), event.keys, event.andAfter, retract);
        else settled.set(event.key, later(settled.get(event.key), event));
      }
    },
    remove: (key) => void settled.delete(key),
    keys: () => [...settled.keys(), ...retracted],
    has: (key) => settled.has(key) || retracted.has(key),
    events: () => [...settled.values()],
  };
}

/** A replacement keeps the place and time of the original. */
function later(before: TranscriptEvent | undefined, now: TranscriptEvent): TranscriptEvent {
  if (before === undefined || before.kind !== now.kind) return now;
  return { ...now, at: before.at ?? now.at, place: before.place };
}

function retractFrom(
  settled: Iterable<string>,
  keys: readonly string[],
  andAfter: boolean,
  retract: (key: string) => void,
): void {
  const gone = new Set(keys);
  let isAfter = false;
  if (andAfter)
    for (const key of settled) {
      isAfter ||= gone.has(key);
      if (isAfter) retract(key);
    }
  else for (const key of gone) retract(key);
}
