import { createHash } from 'node:crypto';

import { UNKNOWN_BOOT } from './record-name.ts';

/**
 * Runs a system program and returns its output, or null when it failed, is missing or timed out.
 * @param file program name
 * @param args arguments, passed without a shell
 */
export type RunProgram = (file: string, args: readonly string[]) => Promise<string | null>;

const PROGRAM_MS = 10_000;

export const runProgram: RunProgram = async (file, args) => {
  // Linux uses /proc instead, and every save waits for this file to load.
  const { runSystemProgram } = await import('../process/system-program.ts');
  // A fixed time zone, so that dates are the same for every caller.
  const { stdout, problem } = await runSystemProgram(file, args, PROGRAM_MS, { env: { TZ: 'UTC' } });
  return problem === null ? stdout : null;
};

/** Whether a process with this pid exists. Requires no permission, and sees what `/proc` may hide. */
export function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    // EPERM: it exists and belongs to somebody else.
    return !(cause instanceof Error && 'code' in cause && cause.code === 'ESRCH');
  }
}

/**
 * The host part of a record: a hash, so that no machine id is published in a shared folder.
 * @param appKey prevents matching the hash with other programs' hashes of the same id
 * @param machineId the platform's id of this machine; null falls back to the host name, which only makes two machines
 * of one name look the same on a disk they cannot share
 */
export function hostDigits(appKey: string, machineId: string | null, hostname: string): string {
  return digits(`${appKey}\n${machineId ?? `hostname ${hostname}`}`, 8);
}

/** The boot part of a record; UNKNOWN_BOOT if the host does not report it. */
export function bootDigits(bootId: string | null): string {
  return bootId === null ? UNKNOWN_BOOT : digits(bootId.toLowerCase(), 16);
}

function digits(text: string, count: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, count);
}
