import { DEFAULT_SETTINGS, type Settings } from '../../shared/domain/settings.ts';
import { EVENT_CHANNEL } from '../../shared/ipc/channels.ts';
import { hashOf } from '../../shared/ipc/route.ts';
import type { InboxNote } from '../../shared/ipc/payloads.ts';
import type { StatusSnapshot } from '../../shared/ipc/status.ts';
import type { ShellGround, ShellParts } from '../compose/app-service.ts';
import { noteAnnouncements, problemAnnouncements } from '../core/app/notes/announcements.ts';
import { openNetworkCost } from '../compose/network-cost.ts';
import type { DesktopService } from '../compose/desktop.ts';
import type { Face } from './face.ts';
import { followSettings } from './follow-settings.ts';
import { setBadge } from './notifications/badge.ts';
import { createNotifier } from './notifications/notifier.ts';
import { createElectronShell } from './shell/electron-shell.ts';
import { saveText } from './shell/save-text.ts';
import { createElectronFileManager } from './system/electron-file-manager.ts';
import { createElectronPower } from './system/electron-power.ts';
import { adoptLoginPath } from './system/login-path.ts';
import { createUpdater, type Updater } from './system/updater.ts';
import { followStatus } from './tray/follow-status.ts';
import { setAppMenu } from './windows/app-menu.ts';

/** Joins the visible half of the app and the service. */
export interface ServiceJoin {
  /** The desktop's half of the service. */
  shellParts(ground: ShellGround): ShellParts;
  /** Connects the opened service with tray, notifications and settings, and lets it begin. */
  begin(service: DesktopService): void;
}

/** @param face what shows already */
export function createServiceJoin(face: Face): ServiceJoin {
  const updater = createUpdater((update) => void face.service.then(({ app }) => app.setUpdate(update)));
  return {
    shellParts(ground) {
      const fileManager = createElectronFileManager();
      const power = createElectronPower(openNetworkCost);
      return {
        fileManager,
        power,
        shell: createElectronShell({
          info: ground.info,
          paths: ground.paths,
          fileManager,
          power,
          updater,
          openBrowser: (route) => face.browser.show(route),
          windowOf: face.windowOf,
          hidePanel: () => face.panel.hide(),
          quit: face.quit,
        }),
        saveText: (name, text, caller) => saveText(name, text, face.windowOf(caller)),
      };
    },
    begin({ app, ground }) {
      const zone = keepSettings({ app, ground }, updater);
      followStatus(app, (status, lists) => face.tray.show(status, lists, zone()));
      app.events.subscribe((event) => {
        if (event.event === 'status.changed') setBadge(waitingFor(event.payload));
      });
      const notify = createNotifier({
        onClick: (route) => face.browser.show(route),
        onRefused: (notice) => face.pages.send(EVENT_CHANNEL, { event: 'notice.show', payload: notice }),
      });
      app.onNewNotes((notes) => void announceNotes(app, notes, notify));
      app.onProblems((problems) => notify(problemAnnouncements(problems)));
      setAppMenu({
        openSettings: () => face.browser.show(hashOf({ view: 'settings' })),
        openCommandLine: () => face.browser.show(hashOf({ view: 'settings', page: 'app' })),
        showShortcuts: () => {
          face.browser.show();
          face.pages.send(EVENT_CHANNEL, { event: 'help.show', payload: {} }, 'browser');
        },
        quit: face.quit,
      });
      // Before the first git runs; elsewhere than on a Mac it resolves at once.
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

/** Unread notes and problems: what a number beside the icon counts. */
function waitingFor({ unread, attention }: StatusSnapshot): number {
  return unread + attention.length;
}

/** Follows the settings. @returns the zone in which times are shown, IANA name, as it is at each call */
function keepSettings(
  { app, ground }: Pick<DesktopService, 'app' | 'ground'>,
  updater: Updater,
): () => string {
  const read = ground.settings.get();
  let settings: Settings = read.ok ? read.value : DEFAULT_SETTINGS;
  followSettings(settings, null, updater);
  app.events.subscribe((event) => {
    if (event.event !== 'settings.changed') return;
    followSettings(event.payload, settings, updater);
    settings = event.payload;
  });
  return () => settings.app.timeZone || Intl.DateTimeFormat().resolvedOptions().timeZone;
}
