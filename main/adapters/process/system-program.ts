import { basename } from 'node:path';
import { runChild } from './child.ts';

/** The result of a system program. */
export interface SystemProgramEnd {
  /** False when there is no such program, or it had to be stopped. */
  readonly ran: boolean;
  /** Exit code; null unless it ran. */
  readonly code: number | null;
  /** Empty unless it ran. */
  readonly stdout: string;
  readonly stderr: string;
  /** In words, when it did not run or failed. */
  readonly problem: string | null;
}

/** The part most callers need. */
export type ProgramOutput = Pick<SystemProgramEnd, 'ran' | 'stdout' | 'problem'>;

/** {@link runSystemProgram}, or its replacement in a test. */
export type RunSystemProgram = (
  file: string,
  args: readonly string[],
  deadlineMs: number,
) => Promise<ProgramOutput>;

/** Options of {@link runSystemProgram}. */
export interface SystemProgramOptions {
  readonly stdin?: string;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

const MAX_OUTPUT = 32 * 1024 * 1024;

/**
 * Runs a system program for its output, without a shell or a terminal. Never rejects and always settles: a program that does not
 * respond in time is killed with everything it started, because no query may block a command forever.
 * @param file name or absolute path
 * @param deadlineMs milliseconds
 */
export async function runSystemProgram(
  file: string,
  args: readonly string[],
  deadlineMs: number,
  { stdin, env }: SystemProgramOptions = {},
): Promise<SystemProgramEnd> {
  const name = basename(file);
  const stopped = (problem: string, stderr = ''): SystemProgramEnd => ({
    ran: false,
    code: null,
    stdout: '',
    stderr,
    problem: `${name} ${problem}`,
  });
  try {
    const { ended, exitCode, signal, stdout, stderr } = await runChild({
      program: file,
      args,
      // The output must not depend on the language of the person's system.
      env: { ...process.env, LC_ALL: 'C', ...env },
      stdin,
      deadlineMs,
      outputLimit: MAX_OUTPUT,
      graceMs: 0,
    });
    if (ended === 'deadline') return stopped(`did not answer in ${deadlineMs} ms`, stderr);
    if (ended !== null) return stopped(`printed more than ${MAX_OUTPUT} bytes`, stderr);
    if (exitCode === null) return stopped(`was ended by ${signal}`, stderr);
    const problem = exitCode === 0 ? null : `${name} ended with ${exitCode}`;
    return { ran: true, code: exitCode, stdout: stdout.toString('utf8'), stderr, problem };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return stopped(`could not be run (${code ?? message})`);
  }
}
