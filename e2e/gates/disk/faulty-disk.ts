import type { AsyncDiskCalls, DiskCalls } from '../../../main/adapters/disk/disk.ts';
import type { NodeFilesDeps } from '../../../main/adapters/disk/node-files.ts';

/**
 * What goes wrong at one call. An errno is answered without the call being made; `lost:<errno>` after it was made, as a network
 * file system does that loses a reply; `short` takes half of the bytes of a write; `kill` ends the process before the call,
 * `killed-after` after it, `torn` in the middle of a write.
 */
export type Fault =
  | { readonly kind: 'errno' | 'lost'; readonly code: string }
  | { readonly kind: 'short' | 'kill' | 'killed-after' | 'torn' };

/** Thrown by every call of a process that is dead. It has no errno, so nothing in the product may swallow it as a failure of the disk. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

/** A disk on which one call goes wrong, and the record of what was asked of it. */
export interface FaultyDisk {
  readonly deps: NodeFilesDeps;
  readonly calls: readonly (keyof DiskCalls)[];
  /** True when the process that asked is taken for dead: whatever it says after that, nobody hears. */
  dead(): boolean;
  /** Descriptors that were opened and not closed. */
  open(): number;
}

/**
 * Puts a fault in front of a disk.
 * @param at which call, from 0; Infinity for none
 */
export function faultyDisk(real: DiskCalls, at: number, fault: Fault): FaultyDisk {
  const calls: (keyof DiskCalls)[] = [];
  const descriptors = new Set<number>();
  let dead = false;

  const attempt = (name: keyof DiskCalls, args: readonly unknown[]): unknown => {
    if (dead) throw new Killed();
    const index = calls.push(name) - 1;
    const perform = (with_: readonly unknown[] = args): unknown => {
      const answer = (real[name] as (...all: readonly unknown[]) => unknown)(...with_);
      if (name === 'open') descriptors.add(answer as number);
      if (name === 'close') descriptors.delete(args[0] as number);
      return answer;
    };
    if (index !== at) return perform();
    switch (fault.kind) {
      case 'errno':
        // A close that fails has closed, on every system that this runs on.
        if (name === 'close') perform();
        throw errno(fault.code);
      case 'lost':
        perform();
        if (name === 'open') closeAgain(real, descriptors);
        throw errno(fault.code);
      case 'short':
        return perform(
          name === 'write' ? [args[0], args[1], args[2], Math.ceil((args[3] as number) / 2)] : args,
        );
      case 'torn':
        if (name === 'write') perform([args[0], args[1], args[2], Math.ceil((args[3] as number) / 2)]);
        dead = true;
        throw new Killed();
      case 'kill':
        dead = true;
        throw new Killed();
      case 'killed-after':
        perform();
        dead = true;
        throw new Killed();
    }
  };
  const sync = mapCalls(
    (name) =>
      (...args: readonly unknown[]) =>
        attempt(name, args),
  ) as unknown as DiskCalls;
  const disk = mapCalls(
    (name) =>
      async (...args: readonly unknown[]) =>
        attempt(name, args),
  ) as unknown as AsyncDiskCalls;
  let drawn = 0;
  return {
    deps: { disk, syncDisk: sync, nonce: () => (drawn++).toString(16).padStart(12, '0') },
    calls,
    dead: () => dead,
    open: () => descriptors.size,
  };
}

/** One function for every call of a disk. */
export function mapCalls<T>(make: (name: keyof DiskCalls) => T): Record<keyof DiskCalls, T> {
  const names: readonly (keyof DiskCalls)[] = [
    'open',
    'write',
    'read',
    'fstat',
    'truncate',
    'fsync',
    'close',
    'rename',
    'link',
    'unlink',
    'mkdir',
    'chmod',
    'lutimes',
    'lstat',
    'stat',
    'realpath',
    'entries',
    'names',
    'free',
    'pause',
  ];
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<keyof DiskCalls, T>;
}

/** What the system throws. */
export function errno(code: string): Error {
  return Object.assign(new Error(`${code}: injected`), { code });
}

/** An `open` whose answer is lost leaves nobody who knows the descriptor: the kernel would close it with the process. */
function closeAgain(real: DiskCalls, descriptors: Set<number>): void {
  const last = [...descriptors].at(-1);
  if (last === undefined) return;
  real.close(last);
  descriptors.delete(last);
}
