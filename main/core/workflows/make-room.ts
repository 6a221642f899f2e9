import { keyOf, type KnownSession } from '../capture/known-sessions.ts';
import type { SessionCopies } from '../sync/session-copies.ts';
import type { Logger } from '../ports/logger.ts';

/** Room that copies take on this disk. */
export interface CopyRoom {
  /** True when no more may be copied. */
  isFull(): boolean;
  /** What a copy takes more than before, in bytes. */
  add(bytes: number): void;
  /** Makes room where there is too little, by what is safe in the store; asked again only after more has been copied. */
  make(): Promise<void>;
  /** Sessions whose pieces went, bytes of them, and those that are nowhere else (at most 200 are named); zeros while none had to go. */
  made(): {
    readonly dropped: number;
    readonly bytes: number;
    readonly onlyHere: readonly string[];
    readonly onlyHereTotal: number;
  };
}

/** A tenth is freed at once, so that not every new piece asks the store. */
const DOWN_TO = 0.9;

/**
 * @param limit bytes
 * @param state what is known of all sessions: those that lose their pieces are entered there
 * @param isBusy tells of a session by its key whether it is being copied
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
    const result = await copies?.drop(candidates, stored - limit * DOWN_TO, signal ? { signal } : {});
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
