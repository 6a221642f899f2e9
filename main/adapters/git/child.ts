import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';

/** How a child process ended. */
export interface ChildEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  /** Raw; beginning and end when it was long. */
  readonly stderr: string;
  /** Why we ended it, when we did. */
  readonly ended: 'deadline' | 'silence' | 'cancelled' | 'output-limit' | null;
}

export interface ChildCall {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: string | Uint8Array | undefined;
  readonly deadlineMs: number;
  readonly silenceMs: number | undefined;
  readonly outputLimit: number;
  readonly signal: AbortSignal | undefined;
  readonly onLine: ((line: string) => void) | undefined;
  /** Milliseconds between asking a process group to end and making it. */
  readonly graceMs: number;
}

const WINDOWS = process.platform === 'win32';
const HEAD_LIMIT = 16_384;
const TAIL_LIMIT = 49_152;
/** How long an exited child's output may stay open and silent: a daemon that a hook started may hold it for ever. */
const STRAY_OUTPUT_MS = 300;
/** How long helpers of an ended child are left to notice before they are asked themselves. */
const HELPERS_MS = 300;
/** Between two looks at helpers that are ending. */
const LOOK_MS = 10;

/**
 * Runs a program without a shell, in a session and process group of its own, so that it has no terminal to ask on and can be
 * ended together with everything it started. Throws what spawn throws asynchronously (`ENOENT`, `EACCES`).
 */
export function runChild(call: ChildCall): Promise<ChildEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(call.program, [...call.args], {
      cwd: call.cwd,
      env: call.env,
      stdio: [call.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      detached: !WINDOWS,
      windowsHide: true,
    });
    const output = collect(call.onLine);
    const watch = watchOver(child, call);
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
      // A child that ends before it has read everything breaks the pipe; its exit code tells why.
      child.stdin.on('error', () => undefined);
      child.stdin.end(call.stdin);
    }
    child.once('exit', () => watch.exited());
    child.once('close', (exitCode, signal) => {
      watch.stop();
      const ended = watch.ended();
      const answer = { exitCode, signal, stdout: output.out(), stderr: output.error(), ended };
      if (ended === null) resolve(answer);
      else void outlive(child, call.graceMs, watch.helpersAsked()).then(() => resolve(answer));
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

function collect(onLine: ((line: string) => void) | undefined): Output {
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
      chunks.push(chunk);
      size += chunk.length;
      return size;
    },
    addError: (chunk) => {
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
  /** True when not only the child was asked to end. */
  helpersAsked(): boolean;
}

function watchOver(child: ChildProcess, call: ChildCall): Watch {
  let why: ChildEnd['ended'] = null;
  let ask: NodeJS.Timeout | undefined;
  let asked = false;
  let force: NodeJS.Timeout | undefined;
  let stray: NodeJS.Timeout | undefined;
  let silence: NodeJS.Timeout | undefined;
  const end = (reason: NonNullable<ChildEnd['ended']>): void => {
    if (why !== null) return;
    why = reason;
    askLeader(child);
    ask = setTimeout(() => {
      asked = true;
      killGroup(child, 'SIGTERM');
    }, HELPERS_MS);
    force = setTimeout(() => {
      killGroup(child, 'SIGKILL');
      // What fled from the group keeps the pipes open; nobody reads them any more.
      closePipes(child);
    }, call.graceMs);
  };
  const alive = (): void => {
    if (call.silenceMs !== undefined && why === null) {
      clearTimeout(silence);
      silence = setTimeout(() => end('silence'), call.silenceMs);
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
      stray = setTimeout(() => closePipes(child), STRAY_OUTPUT_MS);
    },
    stop: () => {
      for (const timer of [deadline, silence, ask, force, stray]) clearTimeout(timer);
      call.signal?.removeEventListener('abort', cancel);
    },
    ended: () => why,
    helpersAsked: () => asked,
  };
}

/**
 * Waits until the helpers of a child that we ended (ssh, hooks, filters, the receiving end of a push into a folder) have ended too: they
 * may be removing their lock files. They notice by themselves that nobody talks to them any more, are asked if they do not, and none
 * outlives the grace.
 */
async function outlive(child: ChildProcess, graceMs: number, helpersAsked: boolean): Promise<void> {
  const started = performance.now();
  let asked = helpersAsked;
  while (isGroupAlive(child)) {
    const waited = performance.now() - started;
    if (waited >= graceMs) return killGroup(child, 'SIGKILL');
    if (!asked && waited >= Math.min(HELPERS_MS, graceMs / 2)) {
      asked = true;
      killGroup(child, 'SIGTERM');
    }
    await wait(LOOK_MS);
  }
}

/**
 * Asks the child alone to end. Not its helpers at once: a signal that meets git between the making of a lock file and the noting of it leaves
 * the file for ever, and the receiving end of a push into a folder is such a helper (2 of 700 on a busy machine; alone, none of 1,000).
 */
function askLeader(child: ChildProcess): void {
  if (WINDOWS) killGroup(child, 'SIGTERM');
  else child.kill('SIGTERM');
}

/** True while anything runs in the child's group. On Windows the tree was ended by force, and there is nothing to ask. */
function isGroupAlive(child: ChildProcess): boolean {
  if (WINDOWS || child.pid === undefined) return false;
  try {
    process.kill(-child.pid, 0);
    return true;
  } catch {
    return false;
  }
}

function closePipes(child: ChildProcess): void {
  for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe?.destroy();
}

/** Signals the child and everything it started that stayed in its group. */
function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  if (WINDOWS) {
    spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true }).on(
      'error',
      () => child.kill('SIGKILL'),
    );
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group is gone already.
  }
}
