import { keyOf, type KnownSession } from '../capture/known-sessions.ts';
import type { SessionCopies } from '../sync/session-copies.ts';
import type { Logger } from '../ports/logger.ts';

/** Disk space for copies. */
export interface CopyRoom {
  /** Whether copying must stop. */
  isFull(): boolean;
  /** Adds the growth of a copy, in bytes. */
  add(bytes: number): void;
  /** Frees space where needed by deleting what is safe in the store; retried only after more copying. */
  make(): Promise<void>;
  /** Sessions whose pieces were deleted, their bytes, and sessions stored nowhere else (at most 200 named); zeros if none was. */
  made(): {
    readonly dropped: number;
    readonly bytes: number;
    readonly onlyHere: readonly string[];
    readonly onlyHereTotal: number;
  };
}

/** Frees a tenth at a time, so that not every new piece asks the store. */
const DOWN_TO = 0.9;

/**
 * @param limit bytes
 * @param state known sessions; updated for those that lose their pieces
 * @param isBusy whether the session with this key is being copied
 */
export function copyRoom(
  {
    copies,
    logger,
  }: { readonly copies?: Pick<SessionCopies, 'drop'>; readonly logger: Pick<Logger, 'warn'> },
  limit: number,
  state: Map<string, KnownSession>,
  isBusy: (key: string) => boolean,
  signal: AbortSignal | undefined,
): CopyRoom {
  let stored = [...state.values()].reduce((sum, one) => sum + one.stored, 0);
  let made = { dropped: 0, bytes: 0, onlyHere: [] as readonly string[], onlyHereTotal: 0 };
  let running: Promise<void> | null = null;
  let triedAt = -1;

  async function drop(): Promise<void> {
    const candidates = [...state].flatMap(([key, one]) => (isBusy(key) ? [] : [one]));
    const result = await copies?.drop(candidates, stored - limit * DOWN_TO, { signal });
    if (result === undefined) return;
    if (!result.ok) {
      const { code, message } = result.error;
      logger.warn('no room could be made for copies of sessions', { code, words: message });
      return;
    }
    const { dropped, bytes, onlyHere, onlyHereTotal } = result.value;
    for (const one of dropped) state.set(keyOf(one), { ...one, stored: 0 });
    stored -= bytes;
    made = { dropped: made.dropped + dropped.length, bytes: made.bytes + bytes, onlyHere, onlyHereTotal };
  }

  const room: CopyRoom = {
    isFull: () => stored >= limit,
    add: (bytes) => void (stored += bytes),
    async make() {
      if (!room.isFull() || triedAt === stored) return;
      running ??= drop().finally(() => {
        triedAt = stored;
        running = null;
      });
      await running;
    },
    made: () => made,
  };
  return room;
}
