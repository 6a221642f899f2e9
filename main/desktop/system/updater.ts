import type { AppUpdater } from 'electron-updater';
import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import type { UpdateStatus } from '../../../shared/ipc/status.ts';
import { err, ok, type Result } from '../../../shared/result.ts';

/** The updater is loaded no earlier than this after the start: nobody waits for it. */
const LOAD_AFTER_MS = 10_000;
const CHECK_EVERY_MS = 6 * 60 * 60 * 1000;
/** A feed that does not answer is given up: somebody may be waiting for the button. */
const CHECK_MS = 30_000;

/** Updates from the feed in the settings; off, and not even loaded, until one is set. */
export interface Updater {
  /** Applies the settings, including at start-up. */
  configure(settings: Pick<Settings['app'], 'updateChannel' | 'updateFeed'>): void;
  check(): Answer<UpdateStatus>;
  install(): Result<void, AppError>;
  stop(): void;
}

/** What compares this copy with a feed and replaces it. */
export interface UpdateSource {
  /** False for a copy that runs from its sources. */
  readonly isPackaged: boolean;
  /** Called once, before the first check. */
  load(): Promise<AppUpdater>;
}

/** @param tell called on each change of the state */
export function createUpdater(source: UpdateSource, tell: (status: UpdateStatus) => void): Updater {
  let status: UpdateStatus = { state: 'off' };
  let wanted: { readonly url: string; readonly channel: string } | null = null;
  let timer: NodeJS.Timeout | null = null;
  let loading: Promise<AppUpdater> | null = null;

  function set(next: UpdateStatus): void {
    status = next;
    tell(next);
  }

  function fail(error: AppError): Result<never, AppError> {
    set({ state: 'failed', error });
    return err(error);
  }

  async function load(): Promise<AppUpdater> {
    const autoUpdater = await source.load();
    autoUpdater.autoDownload = true;
    autoUpdater.autoInstallOnAppQuit = true;
    autoUpdater.logger = null;
    autoUpdater.on('checking-for-update', () => set({ state: 'checking' }));
    autoUpdater.on('update-not-available', () => set({ state: 'current' }));
    autoUpdater.on('update-available', ({ version }) => set({ state: 'downloading', version, percent: 0 }));
    autoUpdater.on('download-progress', ({ percent }) => {
      const version = 'version' in status ? status.version : '';
      const whole = Math.floor(percent);
      if (!('percent' in status) || status.percent !== whole)
        set({ state: 'downloading', version, percent: whole });
    });
    autoUpdater.on('update-downloaded', ({ version }) => set({ state: 'ready', version, percent: 100 }));
    autoUpdater.on('error', () => fail(failed()));
    return autoUpdater;
  }

  async function check(): Answer<UpdateStatus> {
    if (wanted === null) return err(notSet());
    if (!source.isPackaged) return err(notInstalled());
    loading ??= load();
    const updater = await loading;
    updater.setFeedURL({ provider: 'generic', url: wanted.url, channel: wanted.channel });
    try {
      // Null: a program installed by a package manager or a person cannot replace itself, and nothing was compared.
      return (await inTime(updater.checkForUpdates())) === null ? fail(notOurs()) : ok(status);
    } catch {
      // The message contains addresses, which may contain a token.
      return fail(failed());
    }
  }

  function plan(afterMs: number): void {
    timer = setTimeout(() => {
      void check();
      plan(CHECK_EVERY_MS);
    }, afterMs);
    timer.unref();
  }

  function stop(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  }

  return {
    configure({ updateChannel, updateFeed }) {
      const next =
        updateChannel === 'off' || !isFeed(updateFeed)
          ? null
          : { url: updateFeed, channel: updateChannel === 'beta' ? 'beta' : 'latest' };
      if (JSON.stringify(next) === JSON.stringify(wanted)) return;
      wanted = next;
      stop();
      if (wanted === null) set({ state: 'off' });
      else {
        set({ state: 'current' });
        plan(LOAD_AFTER_MS);
      }
    },
    check,
    install() {
      if (status.state !== 'ready')
        return err(appError('not-found', 'No update is ready.', 'Look for updates first.'));
      void loading?.then((updater) => updater.quitAndInstall(false, true));
      return ok(undefined);
    },
    stop,
  };
}

/** @throws when the feed does not answer */
async function inTime<T>(checked: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), CHECK_MS);
    timer.unref();
  });
  try {
    return await Promise.race([checked, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What replaces the app must arrive over a connection nobody else can write to. */
function isFeed(address: string): boolean {
  try {
    return new URL(address).protocol === 'https:';
  } catch {
    return false;
  }
}

function notSet(): AppError {
  return appError(
    'not-configured',
    'No update feed is set.',
    'Set the channel and an https address of a feed in the settings (App).',
  );
}

function notInstalled(): AppError {
  return appError('usage', 'This copy runs from its sources and is not updated.', 'Use git pull.');
}

function notOurs(): AppError {
  return appError(
    'usage',
    'This copy of the app cannot replace itself.',
    'Update it the way it was installed.',
  );
}

function failed(): AppError {
  return appError(
    'server',
    'The update feed gave an unexpected answer.',
    'Try again later, or check its address.',
  );
}
