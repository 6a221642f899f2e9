import type { AppError } from '../../../../shared/app-error.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../../shared/domain/settings.ts';
import type { StatusSnapshot, StoreStatus, UpdateStatus } from '../../../../shared/ipc/status.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { AppCore } from '../app-core.ts';
import type { AttentionBoard } from '../attention/attention.ts';
import type { AutoSync } from '../schedule/auto-sync.ts';
import type { CoreHolder } from '../core-holder.ts';
import type { EventBus } from '../event-feed.ts';
import { lookAround } from './look-around.ts';
import type { Operations } from '../operations/operations.ts';
import { NOTHING_LOCAL, sameSnapshot, snapshotOf, type LocalFacts, type StoreFacts } from './status-board.ts';
import type { TreeMemory } from './tree-memory.ts';
import type { WorkspaceTimer } from '../schedule/workspace-timer.ts';

/** Keeps what the tray, the panel and the window show, and tells when it has changed. */
export interface StatusKeeper {
  get(): StatusSnapshot;
  /** Puts the snapshot together again and tells it if it is another. Cheap: nothing is read. */
  refresh(): void;
  /** Looks at the disk again, then refreshes. Requests that come meanwhile are one further look. */
  look(): Promise<void>;
  /** How the store answered; null error for success. */
  storeAnswered(error: AppError | null): void;
  /** Another store: what is known of the old one counts no more. */
  forgetStore(): void;
  setUnread(unread: number): void;
  setIndexVersion(version: number): void;
  setUpdate(update: UpdateStatus): void;
  readonly local: LocalFacts;
}

export interface StatusKeeperParts {
  readonly holder: CoreHolder;
  readonly settings: () => Settings | null;
  readonly operations: () => Operations;
  readonly auto: () => AutoSync;
  readonly attention: AttentionBoard;
  readonly trees: TreeMemory;
  readonly workspaces: () => WorkspaceTimer;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  readonly bus: EventBus;
}

/** Failures that say nothing about what lies behind the line. */
const OUT_OF_REACH: ReadonlySet<AppError['code']> = new Set(['offline', 'timeout', 'server', 'throttled']);

/** What the keeper has heard. */
interface Known {
  local: LocalFacts;
  answer: Pick<StoreFacts, 'reachable' | 'error' | 'errorAt'>;
  unread: number;
  indexVersion: number;
  update: UpdateStatus;
}

/** @returns a keeper that has looked at nothing yet */
export function createStatusKeeper(parts: StatusKeeperParts): StatusKeeper {
  const known: Known = {
    local: NOTHING_LOCAL,
    answer: UNKNOWN,
    unread: 0,
    indexVersion: 0,
    update: { state: 'off' },
  };
  let told: StatusSnapshot | null = null;
  let looking: Promise<void> | null = null;
  let again = false;

  function refresh(): void {
    const next = snapshot(parts, known);
    if (told !== null && sameSnapshot(told, next)) return;
    told = next;
    parts.bus.emit({ event: 'status.changed', payload: next });
  }

  async function look(): Promise<void> {
    do {
      again = false;
      const found = await parts.holder.use(lookAround);
      if (found.ok) known.local = found.value;
      else if (parts.holder.now.ok)
        parts.logger.warn('could not look at the data folder', {
          code: found.error.code,
          message: found.error.message,
        });
    } while (again);
    looking = null;
    refresh();
  }

  const hear = (news: Partial<Known>): void => {
    Object.assign(known, news);
    refresh();
  };

  return {
    get: () => snapshot(parts, known),
    refresh,
    look() {
      if (looking !== null) again = true;
      else looking = look();
      return looking;
    },
    storeAnswered: (error) => hear({ answer: answerOf(error, parts.clock.now()) }),
    forgetStore: () => hear({ answer: UNKNOWN }),
    setUnread: (unread) => hear({ unread }),
    setIndexVersion: (indexVersion) => hear({ indexVersion }),
    setUpdate: (update) => hear({ update }),
    get local() {
      return known.local;
    },
  };
}

function snapshot(parts: StatusKeeperParts, known: Known): StatusSnapshot {
  const core = parts.holder.now.ok ? parts.holder.now.value : null;
  const [settings, auto] = [parts.settings(), parts.auto()];
  const next = (path: string): number | null => parts.workspaces().next(path);
  const retries = (['push', 'index', 'full'] as const).map((chore) => auto.retryAt(chore));
  return snapshotOf({
    now: parts.clock.now(),
    settings,
    machine: core === null ? null : { uuid: core.sync.self.uuid, host: core.sync.self.hostname },
    store: core === null ? null : { ...storeOf(core), ...known.answer, retryAt: earliest(retries) },
    local: known.local,
    workspaces: parts.trees.statuses((settings ?? DEFAULT_SETTINGS).git, next),
    operations: parts.operations().running,
    attention: parts.attention.items,
    paused: auto.paused,
    scheduled: {
      ...auto.scheduled,
      nextGitSync: earliest([auto.scheduled.nextGitSync, parts.workspaces().earliest]),
    },
    unread: known.unread,
    indexVersion: known.indexVersion,
    update: known.update,
  });
}

function answerOf(error: AppError | null, now: number): Known['answer'] {
  if (error === null) return { reachable: true, error: null, errorAt: null };
  return { reachable: !OUT_OF_REACH.has(error.code), error, errorAt: now };
}

const UNKNOWN = { reachable: null, error: null, errorAt: null } as const;

function storeOf(core: AppCore): Pick<StoreFacts, 'url' | 'kind' | 'sameDisk'> {
  const { url, sameDisk } = core.sync.store;
  const kind: StoreStatus['kind'] =
    core.settings.store.url === '' ? 'embedded' : url.startsWith('gs://') ? 'gcs' : 'folder';
  return { url, kind, sameDisk };
}

function earliest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}
