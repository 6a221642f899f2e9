import type { AppError } from '../../../../shared/app-error.ts';
import { appError, ERROR_CODES } from '../../../../shared/app-error.ts';
import { knownAuthor } from '../../../../shared/domain/author.ts';
import type { Settings } from '../../../../shared/domain/settings.ts';
import type { MachineRow } from '../../../../shared/domain/log-query.ts';
import {
  appStateOf,
  type AttentionItem,
  type PauseStatus,
  type ScheduleStatus,
  type StatusSnapshot,
  type StoreStatus,
  type UpdateStatus,
  type WorkspaceStatus,
} from '../../../../shared/ipc/status.ts';
import type { Operation } from '../../../../shared/ipc/operation.ts';
import type { SyncJournal, SyncKind } from '../../status/sync-journal.ts';

/** Facts from the last read of the disk. */
export interface LocalFacts {
  readonly pending: StatusSnapshot['pending'];
  readonly machines: readonly MachineRow[];
  readonly logs: number;
  readonly journal: SyncJournal | null;
}

/** What is known of the store beside its journal. */
export interface StoreFacts {
  readonly url: string;
  readonly kind: StoreStatus['kind'];
  readonly sameDisk: boolean;
  readonly reachable: boolean | null;
  /** The full error of this run of the app; the journal stores only its text. */
  readonly error: AppError | null;
  readonly errorAt: number | null;
  readonly retryAt: number | null;
}

/** All inputs of a snapshot. */
export interface StatusParts {
  readonly now: number;
  readonly settings: Settings;
  readonly machine: StatusSnapshot['machine'];
  readonly store: StoreFacts | null;
  readonly local: LocalFacts;
  readonly workspaces: readonly WorkspaceStatus[];
  readonly operations: readonly Operation[];
  readonly attention: readonly AttentionItem[];
  readonly paused: PauseStatus | null;
  readonly scheduled: Omit<ScheduleStatus, 'lastFull'>;
  readonly unread: number;
  readonly indexVersion: number;
  readonly update: UpdateStatus;
}

/** Before the first read. */
export const NOTHING_LOCAL: LocalFacts = {
  pending: { logs: 0, bytes: 0, hooks: 0 },
  machines: [],
  logs: 0,
  journal: null,
};

const STORE_KINDS: readonly SyncKind[] = ['push', 'index', 'pull', 'full'];

/** Builds a snapshot. Pure. */
export function snapshotOf(parts: StatusParts): StatusSnapshot {
  const { local, settings } = parts;
  const lastSuccess = lastSuccessOf(local.journal);
  const stores = parts.store === null ? [] : [storeStatus(parts.store, local.journal, lastSuccess)];
  const shown = {
    stores,
    workspaces: parts.workspaces,
    operations: parts.operations,
    attention: parts.attention,
  };
  const others = local.machines.filter((machine) => !machine.own);
  return {
    at: parts.now,
    state: appStateOf(shown),
    unread: parts.unread,
    firstRun: !isSetUp(settings),
    machine: parts.machine,
    ...shown,
    pending: local.pending,
    paused: parts.paused,
    schedule: { ...parts.scheduled, lastFull: positive(local.journal?.marks.full.success) },
    totals: {
      // Own logs are counted on disk: the summary is only as new as the last sync.
      logs: local.logs + others.reduce((sum, machine) => sum + machine.logs, 0),
      machines: others.length + (parts.machine === null ? 0 : 1),
    },
    indexVersion: parts.indexVersion,
    lastSuccess,
    update: parts.update,
  };
}

/** Whoever set store and author, in any interface, does not need the welcome. */
function isSetUp({ app, store, author }: StatusParts['settings']): boolean {
  return app.firstRunDone || (store.url !== '' && knownAuthor(author) !== null);
}

/** True when two snapshots show the same; ignores the time they were taken. */
export function sameSnapshot(one: StatusSnapshot, other: StatusSnapshot): boolean {
  return JSON.stringify({ ...one, at: 0 }) === JSON.stringify({ ...other, at: 0 });
}

function storeStatus(
  facts: StoreFacts,
  journal: SyncJournal | null,
  lastSuccess: number | null,
): StoreStatus {
  const { url, kind, sameDisk, retryAt } = facts;
  const noted = facts.reachable === true ? null : lastFailure(journal);
  const lastError = facts.error ?? noted?.error ?? null;
  return {
    url,
    kind,
    sameDisk,
    reachable: facts.reachable,
    lastSuccess,
    lastError,
    lastErrorAt: lastError === null ? null : (facts.errorAt ?? noted?.at ?? null),
    retryAt,
  };
}

function lastSuccessOf(journal: SyncJournal | null): number | null {
  return journal === null
    ? null
    : positive(Math.max(...STORE_KINDS.map((kind) => journal.marks[kind].success)));
}

/** The newest failure without a later success of any kind. */
function lastFailure(journal: SyncJournal | null): { readonly at: number; readonly error: AppError } | null {
  if (journal === null) return null;
  const success = lastSuccessOf(journal) ?? 0;
  const [last] = STORE_KINDS.flatMap((kind) => journal.marks[kind].failure ?? [])
    .filter(({ at }) => at > success)
    .sort((a, b) => b.at - a.at);
  if (last === undefined) return null;
  const code = ERROR_CODES.find((known) => known === last.code) ?? 'server';
  return { at: last.at, error: appError(code, last.message, last.remedy) };
}

function positive(time: number | undefined): number | null {
  return time === undefined || time <= 0 ? null : time;
}
