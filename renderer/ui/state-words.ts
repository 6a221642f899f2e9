import { restStateOf, type RestState, type StateWords } from '../../shared/format/state-title.ts';
import { en } from '../../shared/i18n/en.ts';
import type {
  AttentionAnswer,
  AttentionKind,
  StoreStatus,
  WorkspaceStatus,
} from '../../shared/ipc/status.ts';
import type { IconName } from './icon-paths.ts';
import type { Tone } from './indicator.tsx';

/** How a state looks; its word is always shown beside it. */
export interface StateLook {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly busy: boolean;
}

export const STATE_LOOKS: Readonly<Record<keyof typeof en.sync.states, StateLook>> = {
  idle: { tone: 'good', icon: 'check', busy: false },
  syncing: { tone: 'accent', icon: 'sync', busy: true },
  deferred: { tone: 'wait', icon: 'clock', busy: false },
  attention: { tone: 'bad', icon: 'alert', busy: false },
  offline: { tone: 'plain', icon: 'store-off', busy: false },
};

/** Quiet states that are neither failures nor entirely well. */
const REST_LOOKS: Readonly<Record<RestState, StateLook>> = {
  'first-run': { tone: 'plain', icon: 'info', busy: false },
  paused: { tone: 'wait', icon: 'pause', busy: false },
  waiting: { tone: 'wait', icon: 'clock', busy: false },
  never: { tone: 'plain', icon: 'clock', busy: false },
  done: STATE_LOOKS.idle,
};

/** The look of the app's current state. */
export function lookOf(status: StateWords): StateLook {
  const rest = restStateOf(status);
  return rest === null ? STATE_LOOKS[status.state] : REST_LOOKS[rest];
}

/** True for a question to a person rather than a failure: shown calmly. */
export function isQuestion(kind: AttentionKind): boolean {
  return kind === 'second-account' || kind === 'join-request';
}

/** True for an irreversible or slow answer: it is confirmed before it is given. */
export function isAskedAgain(answer: AttentionAnswer): boolean {
  return answer === 'split-machine' || answer in en.sync.confirmAnswers;
}

/** Whether a store is usable, in the words that go with its colour. */
export function reachWords(store: Pick<StoreStatus, 'reachable' | 'lastError'>): string {
  if (store.reachable === null) return en.sync.untried;
  if (!store.reachable) return en.sync.unreachable;
  if (store.lastError === null) return en.sync.reachable;
  return store.lastError.code === 'denied' ? en.sync.refused : en.sync.lastFailed;
}

/** The state of a workspace; one never synced is not "up to date". */
export function workspaceLook(workspace: Pick<WorkspaceStatus, 'state' | 'lastSync'>): {
  readonly words: string;
  readonly look: StateLook;
} {
  const { state, lastSync } = workspace;
  return state === 'idle' && lastSync === null
    ? { words: en.sync.notSyncedYet, look: { ...STATE_LOOKS.idle, tone: 'plain' } }
    : { words: en.sync.workspaceStates[state], look: STATE_LOOKS[state] };
}

export const PLACE_ICONS: Readonly<Record<keyof typeof en.logs.places, IconName>> = {
  workspace: 'branch',
  local: 'machine',
  cached: 'cached',
  git: 'branch',
  store: 'store',
};

/** This platform's chord: `⌘K` on a Mac, `Ctrl+K` elsewhere. */
export function chord(key: string): string {
  return isMac() ? `⌘${key}` : `Ctrl+${key}`;
}

/** True on macOS, where shortcuts use the Command key. */
export function isMac(): boolean {
  return /mac/i.test(navigator.platform);
}

/** True when a key event has only this platform's command modifier. */
export function hasCommand(event: {
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}): boolean {
  if (event.altKey) return false;
  return isMac() ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
}
