import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The user's table, as the real program keeps it, in a file of the test: nobody's own crontab is touched. */
const CRONTAB = `#!/bin/sh
table="$(dirname "$0")/table"
case "$1" in
  -l) [ -f "$table" ] || { echo "no crontab for test" >&2; exit 1; }; cat "$table" ;;
  -r) rm -f "$table" ;;
  -) cat > "$table" ;;
esac
`;

/**
 * Puts a cron whose table is the file `table` into a folder, and a systemd that cannot be used.
 * @param bin absolute path of the folder, which is made
 * @returns a `PATH` that begins with it
 */
export function fakeCron(bin: string): string {
  mkdirSync(bin, { recursive: true });
  for (const [name, text] of [
    ['crontab', CRONTAB],
    ['systemctl', '#!/bin/sh\nexit 1\n'],
  ] as const) {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
  }
  return [bin, dirname(process.execPath), process.env['PATH'] ?? ''].join(':');
}
