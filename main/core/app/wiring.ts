import { DEFAULT_SETTINGS, type Settings } from '../../../shared/domain/settings.ts';
import { inFolder } from '../files/folder-path.ts';
import type { AppParts } from './app-core.ts';
import { createAttentionBoard, type AttentionBoard } from './attention/attention.ts';
import { createAutoSync, type AutoSync } from './schedule/auto-sync.ts';
import { createCoreHolder, type CoreHolder } from './core-holder.ts';
import { createDataFolderWatch, type DataFolderWatch } from './watch/data-folder-watch.ts';
import { createEventBus, type EventBus } from './event-feed.ts';
import { followChanges } from './watch/follow-changes.ts';
import { createFollowUp, type FollowUp } from './watch/follow-up.ts';
import { createIndexWatch, type IndexWatch } from './watch/index-watch.ts';
import { createLifecycle, noteCore, type Lifecycle } from './lifecycle.ts';
import { createNoteNews } from './notes/note-news.ts';
import { createNoteWatch, type NoteWatch } from './notes/note-watch.ts';
import { createProblemWatch, type ProblemWatch } from './attention/problem-watch.ts';
import { createOperations, type Operations } from './operations/operations.ts';
import { runChore } from './operations/run-chore.ts';
import { createStatusKeeper, type StatusKeeper } from './status/status-keeper.ts';
import { createSyncRuns, type SyncRuns } from './operations/sync-runs.ts';
import { createTreeMemory, type TreeMemory } from './status/tree-memory.ts';
import { createWorkspaceTimer, type WorkspaceTimer } from './schedule/workspace-timer.ts';

/** The parts of the app service, joined. */
export interface Wiring {
  readonly parts: AppParts;
  readonly bus: EventBus;
  readonly holder: CoreHolder;
  readonly attention: AttentionBoard;
  readonly operations: Operations;
  readonly trees: TreeMemory;
  readonly auto: AutoSync;
  readonly workspaces: WorkspaceTimer;
  readonly status: StatusKeeper;
  readonly index: IndexWatch;
  readonly notes: NoteWatch;
  readonly problems: ProblemWatch;
  readonly runs: SyncRuns;
  readonly follow: FollowUp;
  readonly folder: DataFolderWatch;
  readonly lifecycle: Lifecycle;
  settingsNow: Settings;
}

/**
 * Joins the parts. Some hear of others that are made after them: those they get as functions, which are called only when all are there.
 */
export async function wire(parts: AppParts): Promise<Wiring> {
  const bus = createEventBus(parts.logger);
  const present = parts.settings.get();
  const holder = await createCoreHolder(parts.openCore, parts.logger);
  const state = (name: string): string => inFolder(parts.paths.state, name);
  // Some parts hear of others that are made after them; they are called only when all are there.
  const later = {} as { wiring: Wiring };
  const refresh = (): void => later.wiring?.status.refresh();
  const attention = createAttention(parts, () => later.wiring);
  const { files, clock, random, logger } = parts;
  const operations = createOperations({
    files,
    clock,
    random,
    logger,
    bus,
    path: state('operations.json'),
    onChange: refresh,
  });
  const trees = createTreeMemory(files, state('workspaces.json'));
  const settings = (): Settings => later.wiring.settingsNow;
  const auto = createAuto(parts, () => later.wiring);
  const workspaces = createWorkspaces(parts, trees, () => later.wiring);
  const status = createStatusKeeper({
    workspaces: () => workspaces,
    holder,
    settings,
    operations: () => operations,
    auto: () => auto,
    attention,
    trees,
    clock,
    logger,
    bus,
  });
  const index = createIndexWatch(holder, bus, (version) => status.setIndexVersion(version));
  const notes = createNotes(parts, holder, bus, () => later.wiring);
  const problems = createProblems(parts, attention, () => later.wiring);
  const follow = createFollowUp({
    attention,
    auto,
    status,
    index,
    notes,
    trees,
    workspaces,
    clock,
    refreshRows: () => later.wiring.folder.at('logs', clock.now()),
    refreshWorkspaces: () => later.wiring.folder.at('workspaces', clock.now()),
  });
  const runs = createRuns(parts, operations, holder, () => later.wiring);
  const folder = createFolder(parts, holder, auto, () => later.wiring);
  const lifecycle = createLifecycle(() => later.wiring);
  const settingsNow = present.ok ? present.value : DEFAULT_SETTINGS;
  later.wiring = {
    parts,
    bus,
    holder,
    attention,
    operations,
    trees,
    auto,
    workspaces,
    status,
    index,
    notes,
    problems,
    runs,
    follow,
    folder,
    lifecycle,
    settingsNow,
  };
  noteCore(later.wiring);
  return later.wiring;
}

function createAuto(parts: AppParts, wiring: () => Wiring): AutoSync {
  return createAutoSync({
    clock: parts.clock,
    random: parts.random,
    power: () => parts.power.state(),
    schedule: () => wiring().settingsNow.schedule,
    last: () => {
      const marks = wiring().status.local.journal?.marks;
      return { push: marks?.push.success ?? 0, full: marks?.full.success ?? 0 };
    },
    run: (chore, cause) => runChore(wiring(), chore, cause),
    onChange: () => {
      parts.power.wantMetered(wiring().settingsNow.schedule.pauseOnMetered);
      wiring().workspaces.replan();
      wiring().status.refresh();
    },
  });
}

/** Some report before all parts are there. */
function createAttention(parts: AppParts, wiring: () => Wiring | undefined): AttentionBoard {
  return createAttentionBoard(
    parts.clock,
    () => {
      wiring()?.status.refresh();
      wiring()?.problems.check();
    },
    (source, ids) => wiring()?.problems.reported(source, ids),
  );
}

function createProblems(parts: AppParts, board: AttentionBoard, wiring: () => Wiring): ProblemWatch {
  const { files, clock, logger } = parts;
  return createProblemWatch({
    files,
    path: inFolder(parts.paths.state, 'notified-problems.json'),
    board,
    settings: () => wiring().settingsNow.notifications,
    timeZone: () => zoneOf(wiring()),
    clock,
    logger,
  });
}

function createWorkspaces(parts: AppParts, trees: TreeMemory, wiring: () => Wiring): WorkspaceTimer {
  return createWorkspaceTimer({
    clock: parts.clock,
    random: parts.random,
    settings: () => wiring().settingsNow.git,
    isOpen: () => wiring().auto.open,
    last: (path) => trees.last(path),
    run: (path, mode) => void wiring().runs.git({ trees: [path], all: false, mode }, 'schedule'),
  });
}

function createRuns(
  parts: AppParts,
  operations: Operations,
  holder: CoreHolder,
  wiring: () => Wiring,
): SyncRuns {
  return createSyncRuns({
    holder,
    operations,
    git: parts.git,
    onStoreEnd: (end) => wiring().follow.afterStore(end),
    onTree: (outcome, cause) => wiring().follow.afterTree(outcome, cause),
    onGitBusy: (paths, busy) => {
      for (const path of paths) wiring().trees.setBusy(path, busy);
      if (!busy) wiring().follow.afterGit();
    },
  });
}

function createNotes(parts: AppParts, holder: CoreHolder, bus: EventBus, wiring: () => Wiring): NoteWatch {
  const { files, clock, logger } = parts;
  return createNoteWatch({
    holder,
    news: createNoteNews(files, inFolder(parts.paths.state, 'notified.json')),
    systemUser: parts.systemUser,
    settings: () => wiring().settingsNow,
    timeZone: () => zoneOf(wiring()),
    clock,
    logger,
    bus,
    onUnread: (unread) => wiring().status.setUnread(unread),
    checkAt: (at) => wiring().folder.at('notes', at),
  });
}

function createFolder(
  parts: AppParts,
  holder: CoreHolder,
  auto: AutoSync,
  wiring: () => Wiring,
): DataFolderWatch {
  return createDataFolderWatch({
    paths: parts.paths,
    watcher: parts.watcher,
    clock: parts.clock,
    onLogs: () => auto.logsChanged(),
    self: () => (holder.now.ok ? holder.now.value.sync.self.uuid : null),
    follow: followChanges(wiring),
  });
}

/** The zone of times of day: the setting's, else the system's. */
export function zoneOf(wiring: Wiring): string {
  return wiring.settingsNow.app.timeZone === '' ? wiring.parts.timeZone : wiring.settingsNow.app.timeZone;
}
