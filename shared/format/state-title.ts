import { en } from '../i18n/en.ts';
import type { StatusSnapshot } from '../ipc/status.ts';
import { formatBytes } from './amount.ts';

/** The parts of a snapshot that its words come from. */
export type StateWords = Pick<StatusSnapshot, 'state' | 'pending'>;

/** True when nothing runs and nothing is wrong, and all the same logs of this machine are not in the store yet. */
export function isWaiting(status: StateWords): boolean {
  return status.state === 'idle' && status.pending.logs > 0;
}

/** The state in a word or two, for a heading. "Up to date" is said only when nothing waits for a push. */
export function stateTitle(status: StateWords): string {
  return isWaiting(status) ? en.sync.toPush(status.pending.logs) : en.sync.states[status.state];
}

/** One sentence on what the state means. */
export function stateHelp(status: StateWords): string {
  return isWaiting(status)
    ? en.sync.toPushHelp(formatBytes(status.pending.bytes))
    : en.sync.stateHelp[status.state];
}
