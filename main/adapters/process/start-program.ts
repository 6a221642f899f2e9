import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';

/** Options of {@link startDetached}. */
export interface DetachedOptions {
  /** Absolute; this process's working folder by default. */
  readonly cwd?: string;
  /** Milliseconds to watch for a program that fails by exiting; 0: having started is enough. */
  readonly watchMs?: number;
}

/**
 * Starts a program that outlives this process: in its own session, without terminal and output. It is started when this returns,
 * before the promise settles.
 * @returns null when it runs; otherwise why not: the system's code (`ENOENT`), or `ended with 1`
 */
export function startDetached(
  program: string,
  args: readonly string[],
  { cwd, watchMs = 0 }: DetachedOptions = {},
): Promise<string | null> {
  return new Promise((resolve) => {
    let child: ChildProcess;
    try {
      child = spawn(program, args, {
        ...(cwd === undefined ? {} : { cwd }),
        detached: true,
        stdio: 'ignore',
        windowsHide: true,
      });
    } catch (error) {
      // Some failures are not emitted as events: a folder that is a file.
      resolve((error as NodeJS.ErrnoException).code ?? String(error));
      return;
    }
    let timer: NodeJS.Timeout | undefined;
    const settle = (problem: string | null): void => {
      clearTimeout(timer);
      resolve(problem);
    };
    child.once('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
    child.once('spawn', () => {
      if (watchMs === 0) settle(null);
      else timer = setTimeout(() => settle(null), watchMs);
    });
    child.once('exit', (code) => settle(code === 0 ? null : `ended with ${code ?? 'a signal'}`));
    child.unref();
  });
}

/** How {@link runInForeground} runs a program. */
export interface ForegroundCall {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** This process's streams by default. */
  readonly stdio?: StdioOptions;
  /** True for a command line for `cmd.exe`; on other systems the caller names its shell. */
  readonly shell?: boolean;
  /** Signals sent to this process alone that are forwarded: the program decides what they mean. */
  readonly handOn?: readonly NodeJS.Signals[];
  /** Called as soon as it has a process id. */
  readonly onStarted?: (pid: number) => void;
}

/** How a program in the foreground ended. */
export interface ForegroundEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it could not be started: the system's code, such as `ENOENT`; null when it was. */
  readonly problem: string | null;
}

/** Runs a program with this process's terminal until it ends, however long a person takes. Never rejects. */
export function runInForeground(call: ForegroundCall): Promise<ForegroundEnd> {
  return new Promise((resolve) => {
    const child = spawn(call.program, [...call.args], {
      ...(call.cwd === undefined ? {} : { cwd: call.cwd }),
      ...(call.env === undefined ? {} : { env: { ...process.env, ...call.env } }),
      stdio: call.stdio ?? 'inherit',
      shell: call.shell ?? false,
    });
    const signals = call.handOn ?? [];
    const handOn = (signal: NodeJS.Signals): void => void child.kill(signal);
    for (const signal of signals) process.on(signal, handOn);
    const settle = (end: ForegroundEnd): void => {
      for (const signal of signals) process.off(signal, handOn);
      resolve(end);
    };
    // At once, not when reported as started: the receiver may be all that is left a moment later.
    if (child.pid !== undefined) call.onStarted?.(child.pid);
    child.once('error', (error: NodeJS.ErrnoException) =>
      settle({ code: null, signal: null, problem: error.code ?? error.message }),
    );
    child.once('exit', (code, signal) => settle({ code, signal, problem: null }));
  });
}
