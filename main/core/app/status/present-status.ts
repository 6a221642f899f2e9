import type { AppError } from '../../../../shared/app-error.ts';
import type { StatusSnapshot, StoreStatus, UpdateStatus } from '../../../../shared/ipc/status.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppCore } from '../app-core.ts';
import type { AttentionList } from '../attention/attention-list.ts';
import type { Bus } from '../bus.ts';
import type { IndexWatch } from '../logs/index-watch.ts';
import type { Operations } from '../operations/operations.ts';
import type { PresentCore } from '../present-core.ts';
import type { AutoSync } from '../schedule/auto-sync.ts';
import type { WorkspaceTimer } from '../schedule/workspace-timer.ts';
import type { PresentSettings } from '../settings/present-settings.ts';
import type { DiskLook } from './disk-look.ts';
import { sameSnapshot, snapshotOf, type StoreFacts } from './snapshot.ts';
import type { TreeMemory } from './tree-memory.ts';
import type { StoreEnd } from '../news.ts';

/** What tray, panel and window show; changes are reported on the bus, the first at once, the last always. */
export interface PresentStatus {
  get(): StatusSnapshot;
  /** Reports nothing any more that waits for its turn. */
  stop(): void;
}

/** Everything that is shown. */
export interface PresentStatusParts {
  readonly present: PresentCore;
  readonly settings: PresentSettings;
  readonly operations: Operations;
  readonly auto: AutoSync;
  readonly attention: AttentionList;
  readonly trees: TreeMemory;
  readonly workspaces: WorkspaceTimer;
  readonly disk: DiskLook;
  readonly index: IndexWatch;
  readonly clock: Clock;
  readonly bus: Bus;
}

/** Failures that say nothing of what is behind the network. */
const OUT_OF_REACH: ReadonlySet<AppError['code']> = new Set(['offline', 'timeout', 'server', 'throttled']);

/** Between two reports: long work changes the snapshot more often than anybody can read, and every page draws each. */
const REST_MS = 500;

/** Events after which the snapshot may differ. Rebuilding it is cheap: nothing is read. */
const SHOWN = [
  'attention.changed',
  'disk.looked',
  'index.changed',
  'operations.changed',
  'schedule.changed',
  'settings.changed',
  'trees.ended',
] as const;

/** State received by events only. */
interface Heard {
  answer: Pick<StoreFacts, 'reachable' | 'error' | 'errorAt'>;
  unread: number;
  update: UpdateStatus;
}

/** Builds the status from all rooms. */
export function createPresentStatus(parts: PresentStatusParts): PresentStatus {
  const { bus, clock } = parts;
  const heard: Heard = { answer: UNKNOWN, unread: 0, update: { state: 'off' } };
  const end = new AbortController();
  let told: StatusSnapshot | null = null;
  let resting = false;

  function refresh(): void {
    if (resting) return;
    const next = snapshot(parts, heard);
    if (told !== null && sameSnapshot(told, next)) return;
    told = next;
    void bus.emit('status.changed', next);
    void rest();
  }

  async function rest(): Promise<void> {
    resting = true;
    const slept = await clock.sleep(REST_MS, end.signal);
    resting = false;
    if (slept) refresh();
  }

  const hear = (news: Partial<Heard>): void => {
    Object.assign(heard, news);
    refresh();
  };
  for (const news of SHOWN) bus.on(news, refresh);
  bus.on('run.ended', (ended) => {
    const answer = answerOf(ended, clock.now());
    if (answer !== null) hear({ answer });
  });
  // Facts about another store no longer count.
  bus.on('core.opened', () => hear({ answer: UNKNOWN }));
  bus.on('notes.changed', ({ unread }) => hear({ unread }));
  bus.on('update.changed', (update) => hear({ update }));
  return { get: () => snapshot(parts, heard), stop: () => end.abort() };
}

function snapshot(parts: PresentStatusParts, heard: Heard): StatusSnapshot {
  const { present, settings, auto, workspaces } = parts;
  const core = present.now.ok ? present.now.value : null;
  const retries = (['push', 'index', 'full'] as const).map((chore) => auto.retryAt(chore));
  return snapshotOf({
    now: parts.clock.now(),
    settings: settings.now,
    machine: core === null ? null : { uuid: core.sync.self.uuid, host: core.sync.self.hostname },
    store: core === null ? null : { ...storeOf(core), ...heard.answer, retryAt: earliest(retries) },
    local: parts.disk.facts,
    workspaces: parts.trees.statuses(settings.now.git, (path) => workspaces.next(path)),
    operations: parts.operations.running,
    attention: parts.attention.items,
    paused: auto.paused,
    scheduled: {
      ...auto.scheduled,
      nextGitSync: earliest([auto.scheduled.nextGitSync, workspaces.earliest]),
    },
    unread: heard.unread,
    indexVersion: parts.index.version,
    update: heard.update,
  });
}

const UNKNOWN = { reachable: null, error: null, errorAt: null } as const;

/** How the store answered a run; null when the run does not tell. */
function answerOf({ kind, end: { outcome, error, summary } }: StoreEnd, now: number): Heard['answer'] | null {
  // A push with nothing new sends no request.
  if (kind === 'push' && outcome === 'done' && summary.uploaded + (summary.copies ?? 0) === 0) return null;
  if (outcome === 'done' || outcome === 'partial') return { reachable: true, error: null, errorAt: null };
  if (outcome === 'cancelled' || error === null || error.code === 'lock-held') return null;
  return { reachable: !OUT_OF_REACH.has(error.code), error, errorAt: now };
}

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
