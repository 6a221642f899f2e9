import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startService } from './child-service.ts';

/** A session bus that belongs to one test run. */
export interface DbusSession {
  /** Value for DBUS_SESSION_BUS_ADDRESS. */
  readonly address: string;
  stop(): Promise<void>;
}

/** No service folder is named, so that nothing of this machine's desktop is started on the bus. */
const settings = (
  folder: string,
): string => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${folder}/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

/**
 * Starts a private session bus.
 * @throws Error when dbus-daemon is not installed or does not start
 */
export async function startDbusSession(): Promise<DbusSession> {
  const folder = await mkdtemp(join(tmpdir(), 'session-log-bus-'));
  const config = join(folder, 'bus.conf');
  await writeFile(config, settings(folder));
  try {
    const daemon = await startService('dbus-daemon', [
      `--config-file=${config}`,
      '--nofork',
      '--nopidfile',
      '--print-address=3',
    ]);
    return {
      address: daemon.answer,
      stop: async () => {
        await daemon.stop();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
