import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';

/** A background program that a test started. */
export interface ChildService {
  /** What it wrote to its ready pipe. */
  readonly answer: string;
  /** Ends it and waits for its end. */
  stop(): Promise<void>;
}

/** A program must be ready within this time, in milliseconds. */
const READY_MS = 15_000;
/** After this time, in milliseconds, a program that was asked to end is killed. */
const END_MS = 5000;

/**
 * Starts a program and waits for the line by which it says that it is ready.
 * @param command program
 * @param args its arguments; it must write one line to file descriptor 3
 * @throws Error when it ends, or stays silent, instead; with what it printed
 */
export async function startService(command: string, args: readonly string[]): Promise<ChildService> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const answer = await firstLine(child, command);
  return {
    answer,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise<void>((resolve) => {
        child.once('exit', () => resolve());
      });
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), END_MS);
      await ended;
      clearTimeout(kill);
    },
  };
}

/** Waits for the line on descriptor 3. */
function firstLine(child: ChildProcess, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    let errors = '';
    const fail = (why: string): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`${command} ${why}. ${errors.trim()}`));
    };
    const timer = setTimeout(() => fail(`was not ready after ${READY_MS / 1000} s`), READY_MS);
    child.stderr?.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-2000);
    });
    (child.stdio[3] as Readable).on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (!text.includes('\n')) return;
      clearTimeout(timer);
      resolve(text.trim());
    });
    child.once('error', (error) => fail(`did not start: ${error.message}`));
    child.once('exit', (code) => fail(`ended with ${code} before it was ready`));
  });
}
