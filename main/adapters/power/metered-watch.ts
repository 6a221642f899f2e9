import type { AskMetered } from './metered.ts';

/** Polling starts a process, so it only happens while somebody wants to know. */
const EVERY_MS = 60_000;

/** Watches whether the network is metered. */
export interface MeteredWatch {
  /** Last known value; false while unknown. */
  readonly metered: boolean;
  /** Turns polling on or off. */
  want(on: boolean): void;
  /** Whether this system reports it at all; determined once. */
  canTell(): Promise<boolean>;
}

/** @param onChange called after `metered` has changed */
export function createMeteredWatch(ask: AskMetered, onChange: () => void): MeteredWatch {
  let metered = false;
  let timer: NodeJS.Timeout | null = null;
  let can: Promise<boolean> | null = null;

  function set(now: boolean): void {
    if (now === metered) return;
    metered = now;
    onChange();
  }

  async function look(): Promise<void> {
    const answer = await ask().catch(() => null);
    // Polling was turned off: the answer came too late.
    if (timer !== null) set(answer ?? false);
  }

  return {
    get metered() {
      return metered;
    },
    want(on) {
      if (on === (timer !== null)) return;
      if (timer !== null) clearInterval(timer);
      timer = on ? setInterval(() => void look(), EVERY_MS).unref() : null;
      if (on) void look();
      else set(false);
    },
    canTell() {
      can ??= ask().then(
        (answer) => answer !== null,
        () => false,
      );
      return can;
    },
  };
}
