import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';

/** How a child process ended. */
export interface ChildEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  /** Raw; only beginning and end when long. */
  readonly stderr: string;
  /** Why we ended it, if we did. */
  readonly ended: 'deadline' | 'silence' | 'cancelled' | 'output-limit' | null;
}

export interface ChildCall {
  readonly program: string;
  readonly args: readonly string[];
  /** Absolute; this process's working folder by default. */
  readonly cwd?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** No input by default. */
  readonly stdin?: string | Uint8Array | undefined;
  /** Milliseconds after which it is ended. */
  readonly deadlineMs: number;
  /** Milliseconds without output after which it is ended; no such limit by default. */
  readonly silenceMs?: number | undefined;
  /** Maximum bytes on standard output; beyond that it is ended. */
  readonly outputLimit: number;
  readonly signal?: AbortSignal | undefined;
  /** Called with the lines of the error output as they arrive. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Receives both outputs, which are then not stored. */
  readonly onOutput?: ((chunk: Buffer) => void) | undefined;
  /** Milliseconds between asking a process group to end and killing it. */
  readonly graceMs: number;
  /** A command line for a shell: it is asked to end with all its helpers, and none of them outlives it, however it ended. */
  readonly isShell?: boolean;
  readonly platform?: NodeJS.Platform;
}

const HEAD_LIMIT = 16_384;
const TAIL_LIMIT = 49_152;
/** How long an exited child's output may stay open and silent: a daemon started by a hook may hold it forever. */
const STRAY_OUTPUT_MS = 300;
/** How long helpers of an ended child have to notice before they are asked to end. */
const HELPERS_MS = 300;
/** Poll interval while helpers are ending. */
const LOOK_MS = 10;

/**
 * Runs a program without a shell, in its own session and process group, so that it has no terminal to prompt on and can be
 * ended together with everything it started. Rejects with spawn's asynchronous errors (`ENOENT`, `EACCES`).
 */
export function runChild(call: ChildCall): Promise<ChildEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(call.program, [...call.args], {
      ...(call.cwd === undefined ? {} : { cwd: call.cwd }),
      env: call.env,
      stdio: [call.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      detached: !isWindows(call),
      windowsHide: true,
      // cmd.exe has its own quoting rules: Node's quotes would reach the command.
      windowsVerbatimArguments: call.isShell === true && isWindows(call),
    });
    const group = groupOf(child, isWindows(call));
    const output = collect(call);
    const watch = watchOver(child, group, call);
    child.once('error', (error) => {
      watch.stop();
      reject(error);
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      watch.alive();
      if (output.addOut(chunk) > call.outputLimit) watch.end('output-limit');
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      watch.alive();
      output.addError(chunk);
    });
    if (child.stdin) {
      // A child that ends before reading everything breaks the pipe; its exit code gives the reason.
      child.stdin.on('error', () => undefined);
      child.stdin.end(call.stdin);
    }
    child.once('exit', () => {
      watch.exited();
      if (call.isShell) group.kill('SIGKILL');
    });
    child.once('close', (exitCode, signal) => {
      watch.stop();
      const ended = watch.ended();
      const answer = { exitCode, signal, stdout: output.out(), stderr: output.error(), ended };
      if (ended === null) resolve(answer);
      else void outlive(group, call.graceMs, watch.helpersAsked()).then(() => resolve(answer));
    });
  });
}

interface Output {
  /** @returns bytes so far */
  addOut(chunk: Buffer): number;
  addError(chunk: Buffer): void;
  out(): Buffer;
  error(): string;
}

function collect({ onLine, onOutput }: ChildCall): Output {
  const chunks: Buffer[] = [];
  let size = 0;
  let head = '';
  let tail = '';
  let open = '';
  const decoder = new TextDecoder();
  const report = (text: string): void => {
    if (!onLine) return;
    const lines = (open + text).split(/[\r\n]/);
    open = (lines.pop() ?? '').slice(-HEAD_LIMIT);
    for (const line of lines) if (line !== '') onLine(line);
  };
  return {
    addOut: (chunk) => {
      if (onOutput) onOutput(chunk);
      else chunks.push(chunk);
      size += chunk.length;
      return size;
    },
    addError: (chunk) => {
      if (onOutput) return onOutput(chunk);
      const text = decoder.decode(chunk, { stream: true });
      report(text);
      const room = HEAD_LIMIT - head.length;
      head += text.slice(0, Math.max(0, room));
      tail = (tail + text.slice(Math.max(0, room))).slice(-TAIL_LIMIT);
    },
    out: () => Buffer.concat(chunks),
    error: () => (tail === '' ? head : `${head}\n…\n${tail}`),
  };
}

interface Watch {
  alive(): void;
  end(why: NonNullable<ChildEnd['ended']>): void;
  exited(): void;
  stop(): void;
  ended(): ChildEnd['ended'];
  /** True when more than the child itself was asked to end. */
  helpersAsked(): boolean;
}

function watchOver(child: ChildProcess, group: Group, call: ChildCall): Watch {
  let why: ChildEnd['ended'] = null;
  let ask: NodeJS.Timeout | undefined;
  let asked = false;
  let force: NodeJS.Timeout | undefined;
  let stray: NodeJS.Timeout | undefined;
  let silence: NodeJS.Timeout | undefined;
  const end = (reason: NonNullable<ChildEnd['ended']>): void => {
    if (why !== null) return;
    why = reason;
    const askAll = (): void => {
      asked = true;
      group.kill('SIGTERM');
    };
    if (call.isShell) askAll();
    else {
      group.askLeader();
      ask = setTimeout(askAll, HELPERS_MS);
    }
    force = setTimeout(() => {
      group.kill('SIGKILL');
      // Processes that left the group keep the pipes open; nobody reads them any more.
      closePipes(child);
    }, call.graceMs);
  };
  let heard = 0;
  let isOver = false;
  // After this process was suspended (other work, sleep, a busy machine), timers fire before pending output is read.
  const unlessHeard = (then: () => void): void => {
    const before = heard;
    setImmediate(() => {
      if (!isOver && heard === before) then();
    });
  };
  const alive = (): void => {
    heard++;
    if (call.silenceMs !== undefined && why === null) {
      clearTimeout(silence);
      silence = setTimeout(() => unlessHeard(() => end('silence')), call.silenceMs);
    }
    stray?.refresh();
  };
  const cancel = (): void => end('cancelled');
  const deadline = setTimeout(() => end('deadline'), call.deadlineMs);
  alive();
  if (call.signal?.aborted) cancel();
  else call.signal?.addEventListener('abort', cancel, { once: true });
  return {
    alive,
    end,
    exited: () => {
      stray = setTimeout(() => unlessHeard(() => closePipes(child)), STRAY_OUTPUT_MS);
    },
    stop: () => {
      isOver = true;
      for (const timer of [deadline, silence, ask, force, stray]) clearTimeout(timer);
      call.signal?.removeEventListener('abort', cancel);
    },
    ended: () => why,
    helpersAsked: () => asked,
  };
}

/**
 * Waits until the helpers of a child that we ended (ssh, hooks, filters, the receiving end of a push into a folder) have ended too: they
 * may be removing their lock files. They notice by themselves that their peer is gone, are asked if they do not, and none outlives the
 * grace period.
 */
async function outlive(group: Group, graceMs: number, helpersAsked: boolean): Promise<void> {
  const started = performance.now();
  let asked = helpersAsked;
  while (group.isAlive()) {
    const waited = performance.now() - started;
    if (waited >= graceMs) return group.kill('SIGKILL');
    if (!asked && waited >= Math.min(HELPERS_MS, graceMs / 2)) {
      asked = true;
      group.kill('SIGTERM');
    }
    await wait(LOOK_MS);
  }
}

/** A child and everything it started that stayed in its group. */
interface Group {
  /**
   * Asks only the child to end. Not its helpers at once: a signal that reaches git between creating a lock file and registering it leaves
   * the file forever, and the receiving end of a push into a folder is such a helper (2 of 700 on a busy machine; alone, none of 1,000).
   */
  askLeader(): void;
  kill(signal: NodeJS.Signals): void;
  /** True while anything runs in it. On Windows the tree was killed, and there is nothing to ask. */
  isAlive(): boolean;
}

function groupOf(child: ChildProcess, isOnWindows: boolean): Group {
  const { pid } = child;
  if (isOnWindows) {
    const end = (): void => {
      if (pid === undefined) return;
      spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true }).on(
        'error',
        () => child.kill('SIGKILL'),
      );
    };
    return { askLeader: end, kill: end, isAlive: () => false };
  }
  /** @returns false when the whole group is gone */
  const send = (signal: NodeJS.Signals | 0): boolean => {
    try {
      return pid !== undefined && process.kill(-pid, signal);
    } catch {
      return false;
    }
  };
  return {
    askLeader: () => void child.kill('SIGTERM'),
    kill: (signal) => void send(signal),
    isAlive: () => send(0),
  };
}

function isWindows({ platform = process.platform }: ChildCall): boolean {
  return platform === 'win32';
}

function closePipes(child: ChildProcess): void {
  for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe?.destroy();
}
