import type { PauseStatus } from '../../../../shared/ipc/status.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Power } from '../../ports/power.ts';
import type { PresentSettings } from '../settings/present-settings.ts';

/** Whether automatic work may run: a person's pause, the battery, a metered line, no network. */
export interface PauseGate {
  readonly open: boolean;
  readonly paused: PauseStatus | null;
  /** End of a person's pause; null for no pause, or one without an end. */
  readonly endsAt: number | null;
  /** A pause. @param until epoch milliseconds; null until `lift` */
  ask(until: number | null): void;
  lift(): void;
  /**
   * Checks power, network and settings again.
   * @returns what changed
   */
  look(): 'online' | 'lifted' | 'closed' | 'nothing';
}

/** @returns a gate that is open until first checked */
export function createPauseGate(
  clock: Pick<Clock, 'now'>,
  power: Pick<Power, 'state'>,
  settings: Pick<PresentSettings, 'now'>,
): PauseGate {
  let asked: PauseStatus | null = null;
  let held: PauseStatus | null = null;
  let online = true;

  function reason(): 'battery' | 'metered' | null {
    const [now, { pauseOnBattery, pauseOnMetered }] = [power.state(), settings.now.schedule];
    if (pauseOnBattery && now.onBattery) return 'battery';
    return pauseOnMetered && now.metered ? 'metered' : null;
  }

  return {
    get open() {
      return asked === null && held === null && online;
    },
    get paused() {
      return asked ?? held;
    },
    get endsAt() {
      return asked?.until ?? null;
    },
    ask(until) {
      asked = { since: clock.now(), until, reason: 'asked' };
    },
    lift() {
      asked = null;
    },
    look() {
      const before = { online, held };
      const why = reason();
      if (why === null) held = null;
      else if (held?.reason !== why) held = { since: clock.now(), until: null, reason: why };
      online = power.state().online;
      if (online && !before.online) return 'online';
      if (held === null && before.held !== null) return 'lifted';
      return (!online && before.online) || (held !== null && before.held === null) ? 'closed' : 'nothing';
    },
  };
}
