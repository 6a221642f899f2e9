import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDbusSession } from './dbus-session.ts';
import { startNotificationDaemon } from './notification-daemon.ts';
import type { NotificationDaemon } from './notification-daemon.ts';
import { startTrayHost } from './tray-host.ts';
import type { TrayHost } from './tray-host.ts';

/** A desktop session of its own for one test: a bus with a tray and notifications, and a home folder. */
export interface Desktop {
  readonly tray: TrayHost;
  readonly notifications: NotificationDaemon;
  /** Home folder of the session; removed at its end. */
  readonly home: string;
  /** The whole environment for an app in this session; nothing of the tester's own session is in it. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * Starts a desktop session.
 * @param display value for DISPLAY
 */
export async function startDesktop(display: string): Promise<Desktop> {
  const home = await mkdtemp(join(tmpdir(), 'session-log-desktop-'));
  const bus = await startDbusSession();
  const tray = await startTrayHost(bus.address);
  const notifications = await startNotificationDaemon(bus.address);
  return {
    tray,
    notifications,
    home,
    env: {
      PATH: process.env['PATH'] ?? '',
      LANG: 'C.UTF-8',
      TZ: 'America/Los_Angeles',
      HOME: home,
      XDG_CONFIG_HOME: join(home, '.config'),
      XDG_CACHE_HOME: join(home, '.cache'),
      XDG_DATA_HOME: join(home, '.local', 'share'),
      XDG_RUNTIME_DIR: home,
      XDG_SESSION_TYPE: 'x11',
      DISPLAY: display,
      DBUS_SESSION_BUS_ADDRESS: bus.address,
      // No accessibility bus is offered, and looking for one takes seconds.
      NO_AT_BRIDGE: '1',
    },
    stop: async () => {
      tray.close();
      notifications.close();
      await bus.stop();
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
