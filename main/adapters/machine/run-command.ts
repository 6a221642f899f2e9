import { execFile } from 'node:child_process';
import { basename } from 'node:path';

/** What became of a command. */
export interface CommandOutput {
  /** False when there is no such program, or it had to be stopped. */
  readonly ran: boolean;
  readonly stdout: string;
  /** In words, when it did not run or ended with an error. */
  readonly problem: string | null;
}

/** Runs a program without a shell. Never throws and always settles. */
export type RunCommand = (
  file: string,
  args: readonly string[],
  deadlineMs: number,
) => Promise<CommandOutput>;

const MAX_OUTPUT = 32 * 1024 * 1024;

/** The real thing. A program that does not answer in time is killed: no probe may hold up a command for ever. */
export const runCommand: RunCommand = (file, args, deadlineMs) =>
  new Promise((resolve) => {
    execFile(
      file,
      [...args],
      {
        timeout: deadlineMs,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_OUTPUT,
        windowsHide: true,
        encoding: 'utf8',
        // Words in the output must not depend on the language of the person's system.
        env: { ...process.env, LC_ALL: 'C' },
      },
      (error, stdout) => {
        const name = basename(file);
        if (!error) resolve({ ran: true, stdout, problem: null });
        else if (error.killed)
          resolve({ ran: false, stdout: '', problem: `${name} did not answer in ${deadlineMs} ms` });
        else if (typeof error.code === 'number')
          resolve({ ran: true, stdout, problem: `${name} ended with ${error.code}` });
        else
          resolve({
            ran: false,
            stdout: '',
            problem: `${name} could not be run (${error.code ?? error.message})`,
          });
      },
    );
  });
