/** Runs a program without a shell; never throws. `problem` is null on success. */
export type RunProgram = (
  file: string,
  args: readonly string[],
  deadlineMs: number,
) => Promise<{ readonly stdout: string; readonly problem: string | null }>;

/** Whether the network is metered; null if the system does not report it. */
export type AskMetered = () => Promise<boolean | null>;

const DEADLINE_MS = 10_000;
/** NetworkManager's own property, by whichever query program is installed. */
const OBJECT = ['org.freedesktop.NetworkManager', '/org/freedesktop/NetworkManager'] as const;
const LINUX_PROGRAMS: readonly (readonly [file: string, args: readonly string[]])[] = [
  ['busctl', ['--system', 'get-property', ...OBJECT, OBJECT[0], 'Metered']],
  [
    'gdbus',
    [
      'call',
      '--system',
      '--dest',
      OBJECT[0],
      '--object-path',
      OBJECT[1],
      '--method',
      'org.freedesktop.DBus.Properties.Get',
      OBJECT[0],
      'Metered',
    ],
  ],
];
const WINDOWS_SCRIPT = `$n = [Windows.Networking.Connectivity.NetworkInformation, Windows.Networking.Connectivity, ContentType=WindowsRuntime]
$c = $n::GetInternetConnectionProfile().GetConnectionCost()
"$($c.NetworkCostType) $($c.Roaming) $($c.OverDataLimit)"`;

/**
 * Returns the query for this platform. macOS reports it only to programs that link its Network framework, so there it is always unknown.
 */
export function askMeteredOn(platform: NodeJS.Platform, run: RunProgram): AskMetered {
  if (platform === 'linux')
    return async () => {
      for (const [file, args] of LINUX_PROGRAMS) {
        const answer = await run(file, args, DEADLINE_MS);
        if (answer.problem === null) return readNetworkManager(answer.stdout);
      }
      return null;
    };
  if (platform === 'win32')
    return async () => {
      const args = ['-NoProfile', '-NonInteractive', '-Command', WINDOWS_SCRIPT];
      const answer = await run('powershell.exe', args, DEADLINE_MS);
      return answer.problem === null ? readConnectionCost(answer.stdout) : null;
    };
  return async () => null;
}

/** `u 4` of busctl, `(<uint32 4>,)` of gdbus: 0 unknown, 1 yes, 2 no, 3 probably yes, 4 probably no. Unknown is no reason to wait. */
function readNetworkManager(output: string): boolean | null {
  const value = /(?:^u |uint32 )(\d+)/.exec(output.trim())?.[1];
  return value === undefined ? null : value === '1' || value === '3';
}

/** `Unrestricted False False`: cost type, roaming, over the limit. Empty without a connection. */
function readConnectionCost(output: string): boolean | null {
  const [kind = '', roaming, over] = output.trim().split(/\s+/);
  if (kind === '') return false;
  if (!/^(?:Unknown|Unrestricted|Fixed|Variable)$/.test(kind)) return null;
  return kind === 'Fixed' || kind === 'Variable' || roaming === 'True' || over === 'True';
}
