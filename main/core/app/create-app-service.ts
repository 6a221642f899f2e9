import type { InboxNote, Notice } from '../../../shared/ipc/payloads.ts';
import type { AttentionItem, UpdateStatus } from '../../../shared/ipc/status.ts';
import { mapOk, ok } from '../../../shared/result.ts';
import { within } from '../concurrency/within.ts';
import { inFolder } from '../files/folder-path.ts';
import {
  commandLineState,
  installCommandLine,
  refreshCommandLine,
  removeCommandLine,
} from '../install/command-line.ts';
import type { AppParts } from './app-core.ts';
import type { AppService } from './app-service.ts';
import { createAttentionList } from './attention/attention-list.ts';
import { createConcernWatch } from './attention/concern-watch.ts';
import { createProblemWatch } from './attention/problem-watch.ts';
import { createBus } from './bus.ts';
import { createEventFeed } from './event-feed.ts';
import { createIndexWatch } from './logs/index-watch.ts';
import { createLogsService } from './logs/logs-service.ts';
import { exportWhenIdle } from './logs/idle-export.ts';
import { createOwnRows } from './logs/own-rows.ts';
import { createNoteNews } from './notes/note-news.ts';
import { createNoteWatch } from './notes/note-watch.ts';
import { createNotesService } from './notes/notes-service.ts';
import { doChores } from './operations/chores.ts';
import { followNewStore } from './operations/new-store.ts';
import { createOperations } from './operations/operations.ts';
import { createSyncRuns } from './operations/sync-runs.ts';
import { createSyncService } from './operations/sync-service.ts';
import { openPresentCore } from './present-core.ts';
import { createDrills } from './sealing/drills.ts';
import { createSecretsService } from './secrets/secrets-service.ts';
import { createJoinRequests } from './sealing/join-requests.ts';
import { createPlainWatch } from './sealing/plain-watch.ts';
import { createSealingService } from './sealing/sealing-service.ts';
import { createSaveService } from './save/save-service.ts';
import { createAutoSync } from './schedule/auto-sync.ts';
import { createPauses } from './schedule/pauses.ts';
import { createWorkspaceTimer } from './schedule/workspace-timer.ts';
import { createPendingService } from './pending/pending-service.ts';
import type { Losses } from './news.ts';
import { createLossWatch } from './sessions/loss-watch.ts';
import { createSessionSweeps } from './sessions/session-sweeps.ts';
import { createSessionsService } from './sessions/sessions-service.ts';
import { createKeptSearches } from './search/kept-searches.ts';
import { createSearchService } from './search/search-service.ts';
import { createSearchUpkeep } from './search/search-upkeep.ts';
import { createIdentityService } from './settings/identity-service.ts';
import { createPresentSettings } from './settings/present-settings.ts';
import { createSettingsService } from './settings/settings-service.ts';
import { createSetupService } from './settings/setup-service.ts';
import { takeSettings } from './settings/take-settings.ts';
import { createDiskLook } from './status/disk-look.ts';
import { createPresentStatus } from './status/present-status.ts';
import { createTreeMemory, followTrees } from './status/tree-memory.ts';
import { createDataFolderWatch } from './watch/data-folder-watch.ts';

/** The service behind every page, and the shell's controls. */
export interface RunningApp extends AppService {
  /**
   * Starts automatic work: watches the data folder, reads the index, pushes what waits, keeps the schedule, drains the hooks' queue. Call
   * it when the tray shows; nothing heavy runs before.
   */
  start(): void;
  /** A window opened: reads the index again unless that was done in the last minute. */
  windowOpened(): void;
  /**
   * Calls back with notes to announce, oldest first; each note once on this machine, even across restarts, never in quiet hours, and never
   * while notifications are off. Subscribe before `start`; the returned function unsubscribes.
   */
  onNewNotes(listener: (notes: readonly InboxNote[]) => void): () => void;
  /** Points an already installed launcher at this copy of the app. For the desktop app only: other programs come and go. */
  refreshCommandLine(): Promise<void>;
  /**
   * Calls back with problems that need a person, oldest first: each once, again only when it changes or returns, never in quiet hours, and
   * only while the settings allow it. The returned function ends it.
   */
  onProblems(listener: (problems: readonly AttentionItem[]) => void): () => void;
  /**
   * Calls back when agents are about to delete sessions nobody has kept: once, until the last of those is gone; as the settings say, like
   * problems. The returned function unsubscribes.
   */
  onLosses(listener: (losses: Losses) => void): () => void;
  /** Shows a notice in every open page. */
  showNotice(notice: Notice): void;
  /** The updater's state, for `status.update`. */
  setUpdate(update: UpdateStatus): void;
  /** Stops everything within a second, whatever runs: transfers are aborted and resumed at the next start. Safe to call twice. */
  stop(): Promise<void>;
}

/** How long `stop` waits for aborted work. */
const STOP_MS = 700;
const CLOSE_MS = 250;

/** Builds the rooms in order: each knows the earlier ones, and later ones only through the bus. */
async function build(parts: AppParts) {
  const { files, clock, random, logger } = parts;
  const state = (name: string): string => inFolder(parts.paths.state, name);
  const bus = createBus(logger);
  const settings = createPresentSettings(parts.settings, parts.timeZone);
  const present = await openPresentCore(parts.openCore, logger);

  // State and scans.
  const operations = createOperations({ files, clock, random, logger, bus, path: state('operations.json') });
  const trees = createTreeMemory(files, state('workspaces.json'), logger);
  followTrees(trees, clock, bus);
  const disk = createDiskLook(present, bus, logger);
  const index = createIndexWatch(present, bus);
  const rows = createOwnRows({ present, index, clock, logger, bus });
  const idleExport = exportWhenIdle({ present, operations, clock, logger, bus });

  // Work, and its schedule.
  const runs = createSyncRuns({ ...parts, present, operations, bus });
  const auto = createAutoSync({ clock, random, power: parts.power, settings, disk, trees, bus });
  const pauses = createPauses({ ...parts, auto, settings });
  const workspaces = createWorkspaceTimer({ clock, random, settings, auto, trees, bus });
  const searches = createKeptSearches(files, state('searches.json'), logger);
  const upkeep = createSearchUpkeep({ present, auto, clock, logger, bus });
  const sweeps = createSessionSweeps({ ...parts, present, operations, bus });
  doChores({ present, runs, trees, git: parts.git, bus });

  // What a person sees.
  const attention = createAttentionList(clock, bus);
  const problemsPath = state('notified-problems.json');
  const problems = createProblemWatch({ ...parts, path: problemsPath, attention, settings, bus });
  const drills = createDrills({ present, operations, attention, bus });
  const joins = createJoinRequests({ present, attention, bus, logger });
  const plain = createPlainWatch({ ...parts, path: state('plain-machines.json'), present, attention, bus });
  const concerns = createConcernWatch({ ...parts, present, attention, bus });
  const news = createNoteNews(files, state('notified.json'), logger);
  const notes = createNoteWatch({ present, news, settings, clock, logger, bus });
  const losses = createLossWatch({ ...parts, present, settings, path: state('notified-losses.json'), bus });
  const shown = { present, settings, operations, auto, attention, trees, workspaces, disk, index };
  const status = createPresentStatus({ ...shown, clock, bus });

  // Settings that affect it all.
  const taken = takeSettings({ ...parts, store: parts.settings, settings, present, operations, bus });
  followNewStore({ present, index, runs, bus });
  const folder = createDataFolderWatch({ ...parts, present, bus });
  return {
    bus,
    settings,
    present,
    operations,
    trees,
    disk,
    rows,
    idleExport,
    runs,
    auto,
    pauses,
    workspaces,
    upkeep,
    sweeps,
    searches,
    attention,
    problems,
    concerns,
    drills,
    joins,
    plain,
    notes,
    losses,
    status,
    taken,
    folder,
  };
}

type Rooms = Awaited<ReturnType<typeof build>>;

/**
 * Builds the app service and opens the core. Never fails: when the core cannot be opened, `status` gives the reason and the remedy, and
 * everything that needs it fails with that error.
 */
export async function createAppService(parts: AppParts): Promise<RunningApp> {
  const rooms = await build(parts);
  const { bus, present, settings, runs, operations, status, attention, taken, concerns, pauses, plain } =
    rooms;
  const { shell, commandLine } = parts;
  const identity = createIdentityService({ ...parts, present, concerns, taken });
  const settingsService = createSettingsService({ ...parts, taken, bus });
  const answers = { attention, present, runs, identity, plain, taken, settings, settingsService };
  return {
    status: { get: () => Promise.resolve(ok(status.get())) },
    logs: createLogsService({ present, runs, fileManager: parts.fileManager }),
    machines: {
      list: () =>
        present.use(async (core) => {
          const machines = await core.sync.index.machines();
          if (!machines.ok) return machines;
          return mapOk(await core.sync.index.version(), (version) => ({ machines: machines.value, version }));
        }),
    },
    notes: createNotesService({ present, bus }),
    pending: createPendingService({ present, bus }),
    search: createSearchService({ present, upkeep: rooms.upkeep, kept: rooms.searches }),
    sync: createSyncService({ ...answers, operations, pauses, status }),
    sessions: createSessionsService({ ...parts, present, sweeps: rooms.sweeps, bus }),
    sealing: createSealingService({ ...parts, ...rooms }),
    secrets: createSecretsService(answers),
    save: createSaveService({ ...parts, present, runs, bus }),
    settings: settingsService,
    setup: createSetupService({ ...parts, present, settings, bus }),
    identity,
    shell,
    commandLine: {
      status: () => commandLineState(commandLine),
      install: () => installCommandLine(commandLine),
      remove: () => removeCommandLine(commandLine),
    },
    events: createEventFeed(bus, settings),
    ...steering(parts, rooms),
  };
}

/** The shell's controls. */
function steering(parts: AppParts, rooms: Rooms): Omit<RunningApp, keyof AppService> {
  const { bus, auto, rows, problems, losses } = rooms;
  let stopping: Promise<void> | null = null;
  const isStopping = (): boolean => stopping !== null;
  return {
    start() {
      begin(parts, rooms, isStopping).catch((thrown: unknown) =>
        parts.logger.error('the start failed', { thrown: String(thrown) }),
      );
    },
    windowOpened() {
      auto.windowOpened();
      rows.workspacesSoon();
    },
    onNewNotes: (listener) => bus.on('notes.arrived', listener),
    onProblems(listener) {
      const unsubscribe = bus.on('problems.arrived', listener);
      problems.check();
      return unsubscribe;
    },
    onLosses(listener) {
      const unsubscribe = bus.on('losses.near', listener);
      losses.check();
      return unsubscribe;
    },
    showNotice: (notice) => void bus.emit('notice.show', notice),
    async refreshCommandLine() {
      const state = await refreshCommandLine(parts.commandLine);
      if (!state.ok)
        parts.logger.warn('the launcher is not up to date', {
          code: state.error.code,
          words: state.error.message,
        });
    },
    setUpdate: (update) => void bus.emit('update.changed', update),
    stop() {
      stopping ??= end(parts, rooms);
      return stopping;
    },
  };
}

async function begin(parts: AppParts, rooms: Rooms, isStopping: () => boolean): Promise<void> {
  const { operations, trees, problems, pauses, disk, folder, auto, rows, sweeps, losses } = rooms;
  parts.settings.keepGood();
  await Promise.all([operations.load(), trees.load(), problems.load(), pauses.load(), disk.look()]);
  if (isStopping()) return;
  // Watch first, then scan: changes in between are not missed.
  await folder.start();
  auto.start();
  sweeps.start();
  losses.start();
  // Logs and notes open the index, which the tray does not wait for; settings may have changed since the core opened.
  for (const news of ['settings.touched', 'logs.changed', 'inbox.touched'] as const) folder.soon(news);
  rows.workspacesSoon();
}

async function end(parts: AppParts, rooms: Rooms): Promise<void> {
  const { operations, present, status } = rooms;
  operations.cancelAll();
  status.stop();
  const { auto, workspaces, problems, notes, losses, rows, upkeep, sweeps, idleExport, folder } = rooms;
  const ended = [auto, workspaces, problems, notes, losses, rows, upkeep, sweeps, idleExport, folder].map(
    (room) => room.stop(),
  );
  await within(parts.clock, STOP_MS, Promise.all([...ended, operations.settled()]));
  await within(parts.clock, CLOSE_MS, present.close());
}
