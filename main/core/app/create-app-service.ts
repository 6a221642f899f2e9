import type { ProblemListener } from './attention/problem-watch.ts';
import type { InboxNote, Notice } from '../../../shared/ipc/payloads.ts';
import type { UpdateStatus } from '../../../shared/ipc/status.ts';
import { mapOk, ok } from '../../../shared/result.ts';
import {
  commandLineState,
  installCommandLine,
  refreshCommandLine,
  removeCommandLine,
} from '../install/command-line.ts';
import { inFolder } from '../files/folder-path.ts';
import { within } from '../concurrency/within.ts';
import { wire, zoneOf, type Wiring } from './wiring.ts';
import type { AppParts } from './app-core.ts';
import type { AppService } from './app-service.ts';
import { createIdentityService } from './settings/identity-service.ts';
import { createLogsService } from './logs/logs-service.ts';
import { createNotesService } from './notes/notes-service.ts';
import { readPause, writePause } from './schedule/pause-file.ts';
import { createSetupService } from './settings/setup-service.ts';
import { createSettingsService } from './settings/settings-service.ts';
import { createSyncService } from './operations/sync-service.ts';

/** The service behind every page, and what the shell around it steers. */
export interface RunningApp extends AppService {
  /**
   * Begins to work by itself: watch the data folder, read the index, push what waits, keep the schedule, do what hooks have queued.
   * Call it when the tray shows; nothing heavy is touched before.
   */
  start(): void;
  /** Somebody looks: the index is read again unless that was done within the last minute. */
  windowOpened(): void;
  /**
   * Calls back with notes to announce, oldest first; each note once on this machine, also across restarts, never in quiet hours, and never
   * while the settings say no notifications. Subscribe before `start`; the returned function ends it.
   */
  onNewNotes(listener: (notes: readonly InboxNote[]) => void): () => void;
  /** Lets a launcher that was installed before start this place of the app. For the desktop app alone: other programs come and go. */
  refreshCommandLine(): Promise<void>;
  /**
   * Calls back with problems that need a person, oldest first: each once, again only when it changes or comes back, never in quiet hours, and
   * only while the settings say so. The returned function ends it.
   */
  onProblems(listener: ProblemListener): () => void;
  /** Shows a notice in every open page. */
  showNotice(notice: Notice): void;
  /** What the updater says, for `status.update`. */
  setUpdate(update: UpdateStatus): void;
  /**
   * Ends everything within a second, whatever runs: transfers are aborted, and the next start goes on where they stopped. Safe to call twice.
   */
  stop(): Promise<void>;
}

/** How long `stop` waits for what it has aborted. */
const STOP_MS = 700;
const CLOSE_MS = 250;

/**
 * Puts the app service together and opens the core. Never fails: when the core cannot be opened, `status` says why and how to go on, and
 * everything that needs it answers with that error.
 */
export async function createAppService(parts: AppParts): Promise<RunningApp> {
  const wiring = await wire(parts);
  const { holder, runs, operations, auto, status, attention } = wiring;
  const identity = createIdentityService({
    holder,
    identityDeps: parts.identityDeps,
    clock: parts.clock,
    clone: () => wiring.follow.clone,
    onChanged: async () => {
      await wiring.lifecycle.reopen();
    },
  });
  const timeZone = (): string => zoneOf(wiring);
  const statePath = inFolder(parts.paths.state, 'pause.json');
  const sync = createSyncService({
    board: attention,
    runs,
    identity,
    reopen: () => wiring.lifecycle.reopen(),
    operations,
    auto,
    status,
    settings: () => wiring.settingsNow,
    timeZone,
    clock: parts.clock,
  });
  return {
    status: { get: () => Promise.resolve(ok(status.get())) },
    logs: createLogsService({ holder, runs, fileManager: parts.fileManager }),
    machines: {
      list: () =>
        holder.use(async (core) => {
          const machines = await core.sync.index.machines();
          if (!machines.ok) return machines;
          return mapOk(await core.sync.index.version(), (version) => ({ machines: machines.value, version }));
        }),
    },
    notes: createNotesService({
      holder,
      systemUser: parts.systemUser,
      onMarked: () => {
        void wiring.notes.check();
        // Receipts travel with the next push.
        auto.logsChanged();
      },
    }),
    sync: {
      ...sync,
      async pause(request) {
        const answer = await sync.pause(request);
        if (answer.ok && answer.value.paused?.reason === 'asked')
          await writePause(parts.files, statePath, { until: answer.value.paused.until });
        return answer;
      },
      async resume() {
        await writePause(parts.files, statePath, null);
        return sync.resume();
      },
    },
    settings: createSettingsService({
      ...parts,
      onChanged: (before, after) => wiring.lifecycle.settingsChanged(before, after),
      onRecovered: (settings) => wiring.lifecycle.settingsRecovered(settings),
    }),
    setup: createSetupService({
      ...parts,
      holder,
      settings: () => wiring.settingsNow,
      onLogsChanged: () => wiring.folder.at('logs', parts.clock.now()),
    }),
    identity,
    shell: parts.shell,
    commandLine: {
      status: () => commandLineState(parts.commandLine),
      install: () => installCommandLine(parts.commandLine),
      remove: () => removeCommandLine(parts.commandLine),
    },
    events: wiring.bus,
    ...steering(wiring, statePath),
  };
}

/** What the shell calls. */
function steering(
  wiring: Wiring,
  pausePath: string,
): Pick<
  RunningApp,
  | 'start'
  | 'windowOpened'
  | 'onNewNotes'
  | 'onProblems'
  | 'showNotice'
  | 'refreshCommandLine'
  | 'setUpdate'
  | 'stop'
> {
  const { parts, auto, operations, holder, status, folder } = wiring;
  let stopping: Promise<void> | null = null;
  let endPower: () => void = () => undefined;

  async function begin(): Promise<void> {
    parts.settings.keepGood();
    await Promise.all([operations.load(), wiring.trees.load(), wiring.problems.load()]);
    const paused = await readPause(parts.files, pausePath, parts.clock.now());
    if (paused !== null) auto.pause(paused.until);
    await status.look();
    if (stopping !== null) return;
    // Watched first, looked at afterwards: what changes in between is not missed.
    await folder.start();
    auto.start();
    // Logs and notes open the index, which the tray does not wait for; settings may have changed since the core was opened.
    for (const follow of ['settings', 'logs', 'workspaces', 'notes'] as const)
      folder.at(follow, parts.clock.now());
  }

  async function end(): Promise<void> {
    endPower();
    parts.power.wantMetered(false);
    operations.cancelAll();
    const ended = Promise.all([
      auto.stop(),
      wiring.workspaces.stop(),
      wiring.problems.stop(),
      folder.stop(),
      operations.settled(),
    ]);
    await within(parts.clock, STOP_MS, ended);
    await within(parts.clock, CLOSE_MS, holder.close());
  }

  return {
    start() {
      endPower = parts.power.subscribe((event) => auto.powerChanged(event));
      begin().catch((thrown: unknown) => parts.logger.error('the start failed', { thrown: String(thrown) }));
    },
    windowOpened() {
      auto.windowOpened();
      folder.at('workspaces', parts.clock.now());
    },
    onNewNotes: (listener) => wiring.notes.subscribe(listener),
    onProblems: (listener) => wiring.problems.subscribe(listener),
    showNotice: (notice) => wiring.bus.emit({ event: 'notice.show', payload: notice }),
    async refreshCommandLine() {
      const state = await refreshCommandLine(parts.commandLine);
      if (!state.ok)
        parts.logger.warn('the launcher is not up to date', {
          code: state.error.code,
          words: state.error.message,
        });
    },
    setUpdate: (update) => status.setUpdate(update),
    stop() {
      stopping ??= end();
      return stopping;
    },
  };
}
