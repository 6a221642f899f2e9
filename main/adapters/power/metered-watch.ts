import type { AskMetered } from './metered.ts';

/** Asking starts a process, so nobody is asked while nobody wants to know. */
const EVERY_MS = 60_000;

/** Keeps an eye on the network's cost. */
export interface MeteredWatch {
  /** As last told; false while it is not known. */
  readonly metered: boolean;
  /** Whether anybody wants to know from now on. */
  want(on: boolean): void;
  /** Whether this system tells at all; asked once. */
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
    // Nobody wants to know any more: the answer came too late.
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
