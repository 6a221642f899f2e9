import type { AppError } from '../app-error.ts';
import type { MachineUuid } from '../domain/ids.ts';
import type { Settings, WorkspaceSchedule } from '../domain/settings.ts';
import type { Deferral, Operation } from './operation.ts';

/** The one word the tray shows. Unread notes are counted beside it, because mail is not a state of the sync. */
export type AppState = 'idle' | 'syncing' | 'deferred' | 'attention' | 'offline';

/** A store as the panel shows it. Times are epoch milliseconds. */
export interface StoreStatus {
  /** `gs://bucket/prefix` or `file:///folder`; never holds a credential. */
  readonly url: string;
  readonly kind: 'gcs' | 'folder' | 'embedded';
  /** True when it lies on the disk of the logs, so that it is no backup. */
  readonly sameDisk: boolean;
  /** Null until it was tried since the start. */
  readonly reachable: boolean | null;
  readonly lastSuccess: number | null;
  /** The present problem; null once a later try succeeded. */
  readonly lastError: AppError | null;
  readonly lastErrorAt: number | null;
  /** When the next try is due after a failure. */
  readonly retryAt: number | null;
}

export type WorkspaceState = 'idle' | 'syncing' | 'deferred' | 'attention' | 'offline';

/** A registered workspace (or the vault) as the panel shows it. */
export interface WorkspaceStatus {
  readonly path: string;
  readonly role: 'workspace' | 'vault';
  readonly state: WorkspaceState;
  readonly branch: string | null;
  readonly deferred: Deferral | null;
  readonly lastSync: number | null;
  /** When the remote was last looked at for notes alone. */
  readonly lastNotes: number | null;
  readonly lastError: AppError | null;
  /** What happens here by itself, and how often. */
  readonly schedule: WorkspaceSchedule;
  /** When it is due next; null when it is by hand, while paused, and while there is no network. */
  readonly nextSync: number | null;
  /** Of a vault that stands in no setting: the workspace whose identity.json names it, and with which it is synced. */
  readonly namedBy?: string;
}

export type AttentionKind =
  /** The stored log is longer than the local one: it was cut or restored from an old copy. */
  | 'log-shrunk'
  /** Logs that were pushed are gone from this disk, many at once. */
  | 'logs-lost'
  /** Two machines write with one UUID. */
  | 'clone-alarm'
  /** Another data folder of this computer holds its partition already. */
  | 'second-account'
  /** The hardware answers to another UUID than machine-id.json, or an old partition may be this machine's. */
  | 'adoption'
  | 'hostname-changed'
  | 'git-conflict'
  | 'git-state'
  /** Logs were not committed, because of secrets in them. */
  | 'git-secrets'
  /** A machine asks to be let into the sealed store. */
  | 'join-request'
  | 'denied'
  | 'corrupt'
  | 'identity'
  | 'settings'
  | 'disk-full'
  | 'not-configured'
  | 'other';

/** The answers that an item may offer; words for each are in shared/i18n. */
export type AttentionAnswer =
  | 'take-remote'
  | 'push-as-is'
  | 'restore-all'
  | 'forget-lost'
  | 'split-machine'
  | 'own-account'
  | 'go-on-as'
  | 'accept-hostname'
  | 'start-fresh'
  | 'withhold-secrets'
  | 'commit-secrets'
  | 'always-commit-secrets'
  | 'leave-secrets'
  | 'not-now'
  | 'retry'
  | 'dismiss';

/** Something a person must decide. Stays until it is answered or gone by itself. */
export interface AttentionItem {
  readonly id: string;
  readonly kind: AttentionKind;
  /** The log, workspace, machine or setting it is about. */
  readonly subject: string;
  readonly since: number;
  readonly error: AppError;
  readonly answers: readonly AttentionAnswer[];
  /** Where in the log browser it can be dealt with, as a hash (route.ts); null when only here. */
  readonly route: string | null;
}

export interface PauseStatus {
  readonly since: number;
  /** Null: until a person resumes, or until the reason goes away. */
  readonly until: number | null;
  readonly reason: 'asked' | 'battery' | 'metered';
}

/** Next due times, epoch milliseconds; null when not scheduled, while paused, and while there is no network. */
export interface ScheduleStatus {
  /** What the settings say, so that a time that is not there can be explained. */
  readonly push: Settings['schedule']['push'];
  readonly index: Settings['schedule']['index'];
  readonly full: Settings['schedule']['full'];
  readonly nextPush: number | null;
  readonly nextIndex: number | null;
  readonly nextFull: number | null;
  readonly nextGitSync: number | null;
  readonly lastFull: number | null;
}

export type UpdateStatus =
  | { readonly state: 'off' | 'current' | 'checking' }
  | { readonly state: 'downloading' | 'ready'; readonly version: string; readonly percent: number }
  | { readonly state: 'failed'; readonly error: AppError };

/** Everything the tray, its menu and its panel show, in one value. */
export interface StatusSnapshot {
  /** When it was taken, epoch milliseconds. */
  readonly at: number;
  readonly state: AppState;
  readonly unread: number;
  /** True until the first-run flow was finished or skipped. */
  readonly firstRun: boolean;
  readonly machine: { readonly uuid: MachineUuid; readonly host: string } | null;
  readonly stores: readonly StoreStatus[];
  readonly workspaces: readonly WorkspaceStatus[];
  /** Logs that wait for their push; `hooks` are queued requests of agents' sessions. */
  readonly pending: { readonly logs: number; readonly bytes: number; readonly hooks: number };
  readonly paused: PauseStatus | null;
  readonly schedule: ScheduleStatus;
  /** Running now, oldest first. */
  readonly operations: readonly Operation[];
  readonly attention: readonly AttentionItem[];
  readonly totals: { readonly logs: number; readonly machines: number };
  readonly indexVersion: number;
  readonly lastSuccess: number | null;
  readonly update: UpdateStatus;
}

/** The parts of a snapshot that decide its state. */
export type StateParts = Pick<StatusSnapshot, 'attention' | 'operations' | 'workspaces' | 'stores'>;

/**
 * The state of the whole app. The most urgent word wins: something for a person, then work in progress, then work put off, then no
 * network. A run that only waits for somebody else's lock is deferred, not syncing.
 */
export function appStateOf(parts: StateParts): AppState {
  if (parts.attention.length > 0) return 'attention';
  if (parts.operations.some((operation) => operation.waitingFor === null)) return 'syncing';
  if (parts.operations.length > 0 || parts.workspaces.some((workspace) => workspace.deferred !== null))
    return 'deferred';
  if (parts.stores.some((store) => store.reachable === false)) return 'offline';
  return parts.workspaces.some((workspace) => workspace.state === 'offline') ? 'offline' : 'idle';
}
