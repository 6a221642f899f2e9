import { spawn } from 'node:child_process';
import { join } from 'node:path';

const CLI = join(import.meta.dirname, '..', '..', 'out', 'main', 'cli.js');

/** A `session-log browse` at work. */
export interface Browse {
  /** The printed address, with the token that works once. */
  readonly url: string;
  readonly port: number;
  /** Ends it. @returns its exit code; null if a signal ended it */
  stop(): Promise<number | null>;
}

/**
 * Starts the built program's browser view.
 * @param home absolute path of the data folder
 * @throws Error when it ends before it has printed its address; with what it printed
 */
export async function startBrowse(home: string): Promise<Browse> {
  const child = spawn(process.execPath, [CLI, 'browse', '--no-open', '--json'], {
    env: { ...process.env, SESSION_LOG_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  const stop = async (): Promise<number | null> => {
    child.kill('SIGINT');
    return await ended;
  };
  try {
    return { ...(await addressOf(child.stdout, child.stderr, ended)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function addressOf(
  stdout: NodeJS.ReadableStream,
  stderr: NodeJS.ReadableStream,
  ended: Promise<number | null>,
): Promise<Omit<Browse, 'stop'>> {
  return new Promise((resolve, reject) => {
    let text = '';
    let said = '';
    stderr.on('data', (part: Buffer) => {
      said += part.toString();
    });
    stdout.on('data', (part: Buffer) => {
      text += part.toString();
      const [line, rest] = text.split('\n', 2);
      if (line !== undefined && rest !== undefined)
        resolve((JSON.parse(line) as { readonly value: Omit<Browse, 'stop'> }).value);
    });
    void ended.then((code) => reject(new Error(`session-log browse ended with ${code}: ${text}${said}`)));
  });
}
