import { Socket } from 'node:net';
import type { Locks } from '../../core/ports/lock.ts';
import { CARRIER_FD, type LockProcessAnswer, type LockProcessOrder } from './kept-lock.ts';
import type { Processes, Sighting } from './verdict.ts';

type Acquire = Extract<LockProcessOrder, { readonly kind: 'acquire' }>;

/** Poll interval for a command whose master is gone. */
const LOOK_MS = 1_000;

/**
 * The lock process's side of {@link acquireKept}: this process does nothing else. It ends when the lock is released.
 * @param processes of this host
 * @param findCommand finds a command's processes by its mark; called once, as soon as the master is gone
 */
export async function keepLock(
  locks: Locks,
  processes: Processes,
  findCommand: (mark: string) => Promise<readonly number[]>,
): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  const carried = carrierClosed();
  const stop = new AbortController();
  let command: Command | null = null;
  let start: (order: Acquire | null) => void;
  let release: () => void;
  const started = new Promise<Acquire | null>((resolve) => {
    start = resolve;
  });
  const told = new Promise<void>((resolve) => {
    release = resolve;
  });
  process.on('message', (message) => {
    const order = message as LockProcessOrder;
    if (order.kind === 'acquire') start(order);
    else if (order.kind === 'running') command = watch(processes, [order.pid]);
    else if (order.kind === 'cancel') stop.abort();
    else release();
  });
  const alone = new Promise<void>((resolve) => {
    process.once('disconnect', () => {
      // Before the lock is acquired, nobody is left to want it.
      stop.abort();
      start(null);
      resolve();
    });
  });
  const first = await started;
  if (first === null) return process.exit(0);
  const lock = await locks.acquire({ ...first.request, signal: stop.signal });
  if (!lock.ok) return leave({ kind: 'refused', error: lock.error });
  answer({ kind: 'held' });
  const leftBehind = async (): Promise<void> => {
    await alone;
    // A master killed between starting the command and reporting it leaves a command nobody has named.
    const left = command ?? watch(processes, await findCommand(first.mark));
    await carried;
    await left.gone();
  };
  await Promise.race([told, leftBehind()]);
  leave({ kind: 'released', how: await lock.value.release() });
}

/** Resolves when no process has the other end open: neither the master nor any left by the command. */
function carrierClosed(): Promise<void> {
  return new Promise((resolve) => {
    const carrier = new Socket({ fd: CARRIER_FD, readable: true, writable: false });
    carrier.on('error', () => undefined);
    carrier.once('close', () => resolve());
    carrier.resume();
  });
}

interface Command {
  /** Resolves when it has ended. */
  gone(): Promise<void>;
}

/** The command's own process is polled as well: some programs (`sudo`) close all inherited descriptors. */
function watch(processes: Processes, pids: readonly number[]): Command {
  const first = pids.map((pid) => processes.look(pid, ''));
  const same = (seen: Sighting, then: Sighting | undefined): boolean =>
    seen.kind === 'running' && then?.kind === 'running' && seen.start === then.start;
  return {
    gone: async () => {
      const began = await Promise.all(first);
      for (const [at, pid] of pids.entries())
        while (same(await processes.look(pid, ''), began[at])) await nap();
    },
  };
}

function nap(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, LOOK_MS);
  });
}

function answer(what: LockProcessAnswer): void {
  if (process.connected) process.send?.(what, () => undefined);
}

function leave(what: LockProcessAnswer): void {
  if (process.connected) process.send?.(what, () => process.exit(0));
  else process.exit(0);
}
