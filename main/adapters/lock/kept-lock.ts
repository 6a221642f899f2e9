import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Stream } from 'node:stream';
import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import type { LockRequest, Released } from '../../core/ports/lock.ts';

/** Messages to the lock process. */
export type LockProcessOrder =
  | {
      readonly kind: 'acquire';
      readonly request: Omit<LockRequest, 'signal' | 'onWait'>;
      /** The value of {@link MARK_VARIABLE} in the command's environment. */
      readonly mark: string;
    }
  /** The command runs; the lock must be held as long as its process exists, whatever becomes of its parent. */
  | { readonly kind: 'running'; readonly pid: number }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'release' };

/** Messages from the lock process. */
export type LockProcessAnswer =
  | { readonly kind: 'held' }
  | { readonly kind: 'refused'; readonly error: AppError }
  | { readonly kind: 'released'; readonly how: Released };

/** The lock process's end of the carrier, beside its standard streams and the message channel. */
export const CARRIER_FD = 4;
/** The variable that identifies a command whose master died before it could report its process. */
export const MARK_VARIABLE = 'SESSION_LOG_LOCK_MARK';
/** The command's end: high, because scripts open files under the low numbers and bash under 63 and below. */
const COMMAND_FD = 42;

/** A lock that outlives the process that took it for a command. */
export interface KeptLock {
  /** For `spawn`: inherited standard streams, and the carrier, whose copies in the command's processes hold the lock. */
  readonly stdio: readonly ('inherit' | 'ignore' | Stream)[];
  /** For `spawn`, to add to the command's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Must be called once the command has a process id. */
  running(pid: number): void;
  /** Releases the lock although processes of the command may continue in the background. */
  release(): Promise<Released>;
}

/**
 * Takes a lock in a separate process. It does not receive the terminal's signals, and releases the lock when told to, or when its
 * master and all processes of the command are gone: what the kernel does for `flock`.
 * @param lockProcess program and arguments that run {@link keepLock}
 * @returns as `Locks.acquire`; `io` when no lock process can be started
 */
export async function acquireKept(
  lockProcess: readonly [program: string, ...args: string[]],
  request: LockRequest,
): Answer<KeptLock> {
  const { signal, onWait: _, ...plain } = request;
  const child = spawn(lockProcess[0], lockProcess.slice(1), {
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc', 'pipe'],
  });
  const answers = listen(child);
  const cancel = (): void => order(child, { kind: 'cancel' });
  signal?.addEventListener('abort', cancel, { once: true });
  const mark = randomBytes(16).toString('hex');
  order(child, { kind: 'acquire', request: plain, mark });
  if (signal?.aborted) cancel();
  const first = await answers.next();
  signal?.removeEventListener('abort', cancel);
  const carrier = child.stdio[CARRIER_FD];
  if (first?.kind === 'refused') return err(first.error);
  if (first?.kind !== 'held' || !carrier) return err(noLockProcess());
  // Nothing is read from it, and its errors mean the end of the lock process.
  carrier.on('error', () => undefined);
  return ok({
    stdio: carry(carrier),
    env: { [MARK_VARIABLE]: mark },
    running: (pid) => order(child, { kind: 'running', pid }),
    release: async () => {
      order(child, { kind: 'release' });
      const last = await answers.next();
      carrier.destroy();
      // Without its lock process the lock has had a dead owner for a while.
      return last?.kind === 'released' ? last.how : 'lost';
    },
  });
}

function carry(carrier: Stream): KeptLock['stdio'] {
  const stdio: ('inherit' | 'ignore' | Stream)[] = ['inherit', 'inherit', 'inherit'];
  while (stdio.length < COMMAND_FD) stdio.push('ignore');
  return [...stdio, carrier];
}

/** Messages in order of arrival; null once the lock process is gone. */
function listen(child: ChildProcess): { next(): Promise<LockProcessAnswer | null> } {
  const waiting: (LockProcessAnswer | null)[] = [];
  let wake: ((answer: LockProcessAnswer | null) => void) | null = null;
  let gone = false;
  const take = (answer: LockProcessAnswer | null): void => {
    if (wake === null) waiting.push(answer);
    else wake(answer);
    wake = null;
  };
  const end = (): void => {
    gone = true;
    take(null);
  };
  child.on('message', (answer) => take(answer as LockProcessAnswer));
  child.once('error', end);
  // Not its exit, which may be reported before its last messages are read: the channel ends after them.
  child.once('disconnect', end);
  return {
    next: () =>
      new Promise((settle) => {
        const answer = waiting.shift();
        if (answer !== undefined) settle(answer);
        else if (gone) settle(null);
        else wake = settle;
      }),
  };
}

function order(child: ChildProcess, what: LockProcessOrder): void {
  // A lock process that is gone shows by its missing reply.
  if (child.connected) child.send(what, () => undefined);
}

function noLockProcess(): AppError {
  return appError(
    'io',
    'The process that would keep the lock could not be started.',
    'Check that this machine has enough memory and free processes, then run the command again.',
  );
}
