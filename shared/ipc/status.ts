import type { AppError } from '../app-error.ts';
import type { MachineUuid } from '../domain/ids.ts';
import type { Settings, WorkspaceSchedule } from '../domain/settings.ts';
import type { Deferral, Operation } from './operation.ts';

/** The single word shown by the tray. Unread notes are counted beside it, because mail is not a sync state. */
export type AppState = 'idle' | 'syncing' | 'deferred' | 'attention' | 'offline';

/** A store as shown in the panel. Times are epoch milliseconds. */
export interface StoreStatus {
  /** `gs://bucket/prefix` or `file:///folder`; never contains a credential. */
  readonly url: string;
  readonly kind: 'gcs' | 'folder' | 'embedded';
  /** True when it is on the same disk as the logs, and so no backup. */
  readonly sameDisk: boolean;
  /** Null until first tried since start-up. */
  readonly reachable: boolean | null;
  readonly lastSuccess: number | null;
  /** The current problem; null once a later try succeeded. */
  readonly lastError: AppError | null;
  readonly lastErrorAt: number | null;
  /** When the next retry is due after a failure. */
  readonly retryAt: number | null;
}

export type WorkspaceState = 'idle' | 'syncing' | 'deferred' | 'attention' | 'offline';

/** A registered workspace (or the vault) as shown in the panel. */
export interface WorkspaceStatus {
  readonly path: string;
  readonly role: 'workspace' | 'vault';
  readonly state: WorkspaceState;
  readonly branch: string | null;
  readonly deferred: Deferral | null;
  readonly lastSync: number | null;
  /** When the remote was last checked for notes alone. */
  readonly lastNotes: number | null;
  readonly lastError: AppError | null;
  /** What runs automatically here, and how often. */
  readonly schedule: WorkspaceSchedule;
  /** When it is next due; null when manual, while paused, and while there is no network. */
  readonly nextSync: number | null;
  /** For a vault in no setting: the workspace whose identity.json names it, and with which it is synced. */
  readonly namedBy?: string;
}

export type AttentionKind =
  /** The stored log is longer than the local one, which was truncated or restored from an old copy. */
  | 'log-shrunk'
  /** Many pushed logs disappeared from this disk at once. */
  | 'logs-lost'
  /** Two machines write with one UUID. */
  | 'clone-alarm'
  /** Another data folder of this computer already owns its partition. */
  | 'second-account'
  /** The hardware matches another UUID than machine-id.json's, or an old partition may be this machine's. */
  | 'adoption'
  | 'hostname-changed'
  | 'git-conflict'
  | 'git-state'
  /** Logs were not committed because they contain secrets. */
  | 'git-secrets'
  /** A machine asks to join the sealed store. */
  | 'join-request'
  /** A machine began to store in the clear while the store is sealed. */
  | 'stores-plain'
  | 'denied'
  | 'corrupt'
  | 'identity'
  | 'settings'
  | 'disk-full'
  | 'not-configured'
  | 'other';

/** The answers an item may offer; the wording of each is in shared/i18n. */
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
  | 'leave-plain'
  | 'not-now'
  | 'retry'
  | 'dismiss';

/** Something a person must decide. Stays until it is answered or resolves itself. */
export interface AttentionItem {
  readonly id: string;
  readonly kind: AttentionKind;
  /** The log, workspace, machine or setting concerned. */
  readonly subject: string;
  readonly since: number;
  readonly error: AppError;
  readonly answers: readonly AttentionAnswer[];
  /** Where in the log browser it can be handled, as a hash (route.ts); null when only here. */
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
  /** The settings, so that a missing time can be explained. */
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
  /** True until the first-run flow is finished or skipped. */
  readonly firstRun: boolean;
  readonly machine: { readonly uuid: MachineUuid; readonly host: string } | null;
  readonly stores: readonly StoreStatus[];
  readonly workspaces: readonly WorkspaceStatus[];
  /** Logs not pushed yet; `hooks` are queued requests from agents' sessions. */
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

/** The parts of a snapshot that determine its state. */
export type StateParts = Pick<StatusSnapshot, 'attention' | 'operations' | 'workspaces' | 'stores'>;

/**
 * Returns the state of the whole app. The most urgent wins: something for a person, then work in progress, then deferred work, then
 * no network. A run that only waits for somebody else's lock is deferred, not syncing.
 */
export function appStateOf(parts: StateParts): AppState {
  if (parts.attention.length > 0) return 'attention';
  if (parts.operations.some((operation) => operation.waitingFor === null)) return 'syncing';
  if (parts.operations.length > 0 || parts.workspaces.some((workspace) => workspace.deferred !== null))
    return 'deferred';
  if (parts.stores.some((store) => store.reachable === false)) return 'offline';
  return parts.workspaces.some((workspace) => workspace.state === 'offline') ? 'offline' : 'idle';
}
