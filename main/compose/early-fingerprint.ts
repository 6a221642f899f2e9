import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { folderFingerprint } from '../adapters/disk/folder-fingerprint.ts';
import { dataPaths, resolveHome } from './paths.ts';

/** What is remembered of as many logs as make it worth while (`MANY_LOGS` of the status) takes about this many bytes. */
const MUCH = 128 * 1024;

/**
 * Asks for the fingerprint of this machine's logs before the rest of a command is loaded, if there are many: both take as long, and on two
 * cores they run side by side.
 * @returns undefined when there are few, or that is not known
 */
export function earlyFingerprint(): Promise<Uint8Array | null> | undefined {
  const home = resolveHome();
  if (!home.ok) return undefined;
  const { sessionLogs, state } = dataPaths(home.value);
  return remembersMany(state) ? folderFingerprint(sessionLogs) : undefined;
}

function remembersMany(state: string): boolean {
  try {
    return readdirSync(state).some(
      (name) => name.endsWith('.settled') && statSync(join(state, name)).size > MUCH,
    );
  } catch {
    return false;
  }
}
