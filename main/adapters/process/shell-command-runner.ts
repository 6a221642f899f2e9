import { spawn, type ChildProcess } from 'node:child_process';
import type { CommandEnd, CommandRun, CommandRunner } from '../../core/ports/command-runner.ts';

const OUTPUT_BYTES = 4_096;

export interface ShellCommandRunnerOptions {
  /** Milliseconds between asking a command to end and ending it. */
  readonly graceMs?: number;
  readonly platform?: NodeJS.Platform;
}

/**
 * Runs configured command lines through `/bin/sh -c` or `cmd.exe /d /s /c`, in a process group of its own. When the command ends, by itself or by
 * its deadline, the whole group is ended: it may run inside a lock that is given up right after.
 */
export function createShellCommandRunner(options: ShellCommandRunnerOptions = {}): CommandRunner {
  const platform = options.platform ?? process.platform;
  return { run: (request) => run(request, platform, options.graceMs ?? 2_000) };
}

function run(request: CommandRun, platform: NodeJS.Platform, graceMs: number): Promise<CommandEnd> {
  return new Promise((resolve) => {
    if (request.signal?.aborted) {
      resolve({ kind: 'cancelled', code: null, output: '' });
      return;
    }
    const child = start(request, platform);
    const output = tail(OUTPUT_BYTES);
    let why: 'timed-out' | 'cancelled' | null = null;
    let force: NodeJS.Timeout | undefined;
    const end = (reason: 'timed-out' | 'cancelled'): void => {
      if (why !== null) return;
      why = reason;
      endGroup(child, platform, 'SIGTERM');
      force = setTimeout(() => endGroup(child, platform, 'SIGKILL'), graceMs);
    };
    const onAbort = (): void => end('cancelled');
    const deadline = setTimeout(() => end('timed-out'), request.timeoutMs);
    request.signal?.addEventListener('abort', onAbort, { once: true });
    const settle = (ended: CommandEnd): void => {
      clearTimeout(deadline);
      clearTimeout(force);
      request.signal?.removeEventListener('abort', onAbort);
      resolve(ended);
    };
    child.stdout?.on('data', output.add);
    child.stderr?.on('data', output.add);
    child.once('error', (error) => settle({ kind: 'not-started', code: null, output: error.message }));
    // What it left in the background holds the pipes open and would keep `close` from coming.
    child.once('exit', () => endGroup(child, platform, 'SIGKILL'));
    child.once('close', (code) =>
      settle({
        kind: why ?? (code === null ? 'killed' : 'exited'),
        code: why === null ? code : null,
        output: output.text(),
      }),
    );
  });
}

function start(request: CommandRun, platform: NodeJS.Platform): ChildProcess {
  const windows = platform === 'win32';
  const [shell, args] = windows
    ? [process.env['ComSpec'] ?? 'cmd.exe', ['/d', '/s', '/c', `"${request.command}"`]]
    : ['/bin/sh', ['-c', request.command]];
  return spawn(shell, args, {
    cwd: request.cwd,
    env: { ...process.env, ...request.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own on POSIX; on Windows the tree is found by its parent.
    detached: !windows,
    windowsHide: true,
    // cmd.exe has its own idea of quotes: node's would reach the command.
    windowsVerbatimArguments: windows,
  });
}

function endGroup(child: ChildProcess, platform: NodeJS.Platform, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  if (platform === 'win32') {
    spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true }).on(
      'error',
      () => child.kill(),
    );
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone, which is what was wanted.
  }
}

function tail(limit: number): { readonly add: (chunk: Buffer) => void; readonly text: () => string } {
  let kept = Buffer.alloc(0);
  return {
    add: (chunk) => {
      kept = Buffer.concat([kept, chunk]);
      if (kept.length > limit) kept = kept.subarray(kept.length - limit);
    },
    text: () => kept.toString('utf8').trim(),
  };
}
