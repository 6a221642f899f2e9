import { DEFAULT_SETTINGS, type Settings } from '../../shared/domain/settings.ts';
import { EVENT_CHANNEL } from '../../shared/ipc/channels.ts';
import { hashOf } from '../../shared/ipc/route.ts';
import type { InboxNote } from '../../shared/ipc/payloads.ts';
import type { StatusSnapshot } from '../../shared/ipc/status.ts';
import type { ShellBase, ShellParts } from '../compose/app-service.ts';
import {
  noteAnnouncements,
  lossAnnouncement,
  problemAnnouncements,
} from '../core/app/notes/announcements.ts';
import { openNetworkCost } from '../compose/network-cost.ts';
import type { DesktopService } from '../compose/desktop.ts';
import type { DesktopParts } from './desktop-parts.ts';
import { followSettings } from './follow-settings.ts';
import { setBadge } from './notifications/badge.ts';
import { createNotifier } from './notifications/notifier.ts';
import { createElectronShell } from './shell/electron-shell.ts';
import { saveText } from './shell/save-text.ts';
import { createElectronFileManager } from './system/electron-file-manager.ts';
import { createElectronPower } from './system/electron-power.ts';
import { electronUpdates } from './system/electron-updates.ts';
import { adoptLoginPath } from './system/login-path.ts';
import { createUpdater, type Updater } from './system/updater.ts';
import { followStatus } from './tray/follow-status.ts';
import { setAppMenu } from './windows/app-menu.ts';

/** Connects the visible half of the app and the service. */
export interface ServiceJoin {
  /** The desktop's half of the service. */
  shellParts(base: ShellBase): ShellParts;
  /** Connects the opened service with tray, notifications and settings, and starts it. */
  begin(service: DesktopService): void;
}

/** @param parts what is already visible */
export function createServiceJoin(parts: DesktopParts): ServiceJoin {
  const updater = createUpdater(
    electronUpdates(),
    (update) => void parts.service.then(({ app }) => app.setUpdate(update)),
  );
  return {
    shellParts(base) {
      const fileManager = createElectronFileManager();
      const power = createElectronPower(openNetworkCost);
      return {
        fileManager,
        power,
        shell: createElectronShell({
          info: base.info,
          paths: base.paths,
          fileManager,
          power,
          updater,
          openBrowser: (route) => parts.browser.show(route),
          windowOf: parts.windowOf,
          hidePanel: () => parts.panel.hide(),
          quit: parts.quit,
        }),
        saveText: (name, text, caller) => saveText(name, text, parts.windowOf(caller)),
      };
    },
    begin({ app, base }) {
      const zone = keepSettings({ app, base }, updater);
      followStatus(app, (status, lists) => parts.tray.show(status, lists, zone()));
      app.events.subscribe((event) => {
        if (event.event === 'status.changed') setBadge(waitingFor(event.payload));
      });
      const notify = createNotifier({
        onClick: (route) => parts.browser.show(route),
        onRefused: (notice) => parts.pages.send(EVENT_CHANNEL, { event: 'notice.show', payload: notice }),
      });
      app.onNewNotes((notes) => void announceNotes(app, notes, notify));
      app.onProblems((problems) => notify(problemAnnouncements(problems)));
      app.onLosses((losses) => notify([lossAnnouncement(losses)]));
      setAppMenu({
        save: () => parts.browser.show(hashOf({ view: 'save' })),
        openSettings: () => parts.browser.show(hashOf({ view: 'settings' })),
        openCommandLine: () => parts.browser.show(hashOf({ view: 'settings', page: 'app' })),
        showShortcuts: () => {
          parts.browser.show();
          parts.pages.send(EVENT_CHANNEL, { event: 'help.show', payload: {} }, 'browser');
        },
        quit: parts.quit,
      });
      // Before the first git runs; resolves at once on anything but a Mac.
      void adoptLoginPath().then(() => app.start());
    },
  };
}

async function announceNotes(
  app: DesktopService['app'],
  notes: readonly InboxNote[],
  notify: ReturnType<typeof createNotifier>,
): Promise<void> {
  const now = await app.status.get();
  notify(noteAnnouncements(notes, now.ok ? (now.value.machine?.uuid ?? null) : null));
}

/** Unread notes and problems: the number beside the icon. */
function waitingFor({ unread, attention }: StatusSnapshot): number {
  return unread + attention.length;
}

/** Follows the settings. @returns a function for the current zone in which times are shown, IANA name */
function keepSettings({ app, base }: Pick<DesktopService, 'app' | 'base'>, updater: Updater): () => string {
  const read = base.settings.get();
  let settings: Settings = read.ok ? read.value : DEFAULT_SETTINGS;
  followSettings(settings, null, updater);
  app.events.subscribe((event) => {
    if (event.event !== 'settings.changed') return;
    followSettings(event.payload, settings, updater);
    settings = event.payload;
  });
  return () => settings.app.timeZone || Intl.DateTimeFormat().resolvedOptions().timeZone;
}
