import { en } from '../i18n/en.ts';
import type { StatusSnapshot } from '../ipc/status.ts';
import { formatBytes } from './amount.ts';

/** The parts of a snapshot that its wording depends on. */
export type StateWords = Pick<
  StatusSnapshot,
  'state' | 'pending' | 'paused' | 'firstRun' | 'stores' | 'lastSuccess'
>;

/** The state when nothing runs and nothing is wrong; null otherwise. */
export type RestState = 'first-run' | 'paused' | 'waiting' | 'never' | 'done';

/** Returns the current quiet state; "up to date" is only one of them. */
export function restStateOf(status: StateWords): RestState | null {
  if (status.state !== 'idle') return null;
  // Choosing a store on the command line counts as set-up.
  if (status.firstRun && status.stores.every((store) => store.kind === 'embedded')) return 'first-run';
  if (status.paused !== null) return 'paused';
  if (status.pending.logs > 0) return 'waiting';
  return status.lastSuccess === null ? 'never' : 'done';
}

/** Returns the state in a word or two, for a heading. "Up to date" requires that everything is pushed and nothing is held back. */
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

/** Returns one sentence that explains the state. */
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
      // A store on the logs' own disk stores them twice and protects none of them.
      return status.stores.some((store) => store.sameDisk)
        ? en.sync.sameDiskHelp
        : en.sync.stateHelp[status.state];
    case null:
      return en.sync.stateHelp[status.state];
  }
}

/**
 * How many of this machine's logs are not in the store yet; empty where the heading already says so, and where "all pushed" would
 * contradict something beside it: a lost, shortened or refused log, a store on the same disk, a pending first sync.
 */
export function pendingWords(status: StateWords): string {
  const { logs, bytes } = status.pending;
  const rest = restStateOf(status);
  if (rest === 'waiting' || rest === 'first-run') return '';
  if (logs > 0) return en.sync.pending(logs, formatBytes(bytes));
  const isSafe = status.lastSuccess !== null && status.stores.every((store) => !store.sameDisk);
  return status.state === 'attention' || !isSafe ? '' : en.sync.nothingPending;
}
