import { en } from '../i18n/en.ts';
import type { StatusSnapshot } from '../ipc/status.ts';
import { formatBytes } from './amount.ts';

/** The parts of a snapshot that its words come from. */
export type StateWords = Pick<
  StatusSnapshot,
  'state' | 'pending' | 'paused' | 'firstRun' | 'stores' | 'lastSuccess'
>;

/** What there is to say when nothing runs and nothing is wrong; null when something does or is. */
export type RestState = 'first-run' | 'paused' | 'waiting' | 'never' | 'done';

/** Which of the quiet states it is; "up to date" is only one of them. */
export function restStateOf(status: StateWords): RestState | null {
  if (status.state !== 'idle') return null;
  // Whoever chose a store on the command line has set it up.
  if (status.firstRun && status.stores.every((store) => store.kind === 'embedded')) return 'first-run';
  if (status.paused !== null) return 'paused';
  if (status.pending.logs > 0) return 'waiting';
  return status.lastSuccess === null ? 'never' : 'done';
}

/** The state in a word or two, for a heading. "Up to date" is said only when everything is pushed and nothing is held back. */
export function stateTitle(status: StateWords): string {
  switch (restStateOf(status)) {
    case 'first-run':
      return en.sync.notSetUp;
    case 'paused':
      return en.sync.paused;
    case 'waiting':
      return en.sync.toPush(status.pending.logs);
    case 'never':
      return en.sync.notSyncedYet;
    default:
      return en.sync.states[status.state];
  }
}

/** One sentence on what the state means. */
export function stateHelp(status: StateWords): string {
  switch (restStateOf(status)) {
    case 'first-run':
      return en.panel.setUpBody;
    case 'paused':
      return status.paused === null ? '' : en.sync.pausedWhy[status.paused.reason];
    case 'waiting':
      return en.sync.toPushHelp(formatBytes(status.pending.bytes));
    case 'never':
      return en.sync.neverHelp;
    case 'done':
      // A store on the disk of the logs holds them twice and saves none of them.
      return status.stores.some((store) => store.sameDisk)
        ? en.sync.sameDiskHelp
        : en.sync.stateHelp[status.state];
    case null:
      return en.sync.stateHelp[status.state];
  }
}

/**
 * How many logs of this machine are not in the store yet; empty where the heading says so itself, and where "all pushed" would stand beside
 * something that says otherwise: a log that is lost, shorter than its backup or refused, a store on the same disk, a first sync to come.
 */
export function pendingWords(status: StateWords): string {
  const { logs, bytes } = status.pending;
  const rest = restStateOf(status);
  if (rest === 'waiting' || rest === 'first-run') return '';
  if (logs > 0) return en.sync.pending(logs, formatBytes(bytes));
  const isSafe = status.lastSuccess !== null && status.stores.every((store) => !store.sameDisk);
  return status.state === 'attention' || !isSafe ? '' : en.sync.nothingPending;
}
