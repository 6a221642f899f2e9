import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import type { LockOwner, LockRequest, Locks } from '../../core/ports/lock.ts';

/** Locks to test, and the folder that they lie in. */
export interface LocksUnderTest {
  readonly locks: Locks;
  /** Absolute; there already. */
  readonly folder: string;
  /** Lets time pass where it is played. */
  pass?(ms: number): Promise<unknown>;
  end?(): void;
}

/** The promises of `Locks`, as tests; what a crash leaves is tested beside the adapter. */
export function locksContract(name: string, make: () => LocksUnderTest): void {
  describe(`locks contract: ${name}`, () => {
    let world: LocksUnderTest;
    let request: LockRequest;
    beforeEach(() => {
      world = make();
      request = { path: `${world.folder}/some.lock`, command: 'a test', waitMs: 0 };
    });
    afterEach(() => world.end?.());

    it('has one owner at a time, who is named to others', async () => {
      const held = unwrap(await world.locks.acquire(request));
      expect(unwrap(await world.locks.status(request.path))).toMatchObject({
        command: 'a test',
        verdict: 'alive',
      });
      const second = await world.locks.acquire({ ...request, command: 'another' });
      expect(second).toMatchObject({
        ok: false,
        error: { code: 'lock-held', transient: true, details: { owner: { command: 'a test' } } },
      });
      expect(unwrap(await world.locks.acquire({ ...request, path: `${request.path}2` }))).toBeDefined();
      await held.release();
    });

    it('is free after its release, which says so again when it is called again', async () => {
      const held = unwrap(await world.locks.acquire(request));
      expect(await held.release()).toBe('released');
      expect(await held.release()).toBe('released');
      expect(unwrap(await world.locks.status(request.path))).toBeNull();
      const next = unwrap(await world.locks.acquire(request));
      // A late second release of the first owner takes nothing from the second.
      await held.release();
      expect(await next.fence()).toMatchObject({ ok: true });
      expect(await next.release()).toBe('released');
    });

    it('is proved to be held, and no more after its release', async () => {
      const held = unwrap(await world.locks.acquire(request));
      expect(await held.fence()).toMatchObject({ ok: true });
      await held.release();
      expect(await held.fence()).toMatchObject({ ok: false, error: { code: 'lock-lost' } });
    });

    it('comes to who waits when it is released, and says meanwhile who is in the way', async () => {
      const held = unwrap(await world.locks.acquire(request));
      const seen: LockOwner[] = [];
      const waiting = world.locks.acquire({
        ...request,
        waitMs: 60_000,
        onWait: (owner) => void seen.push(owner),
      });
      await expect.poll(() => seen.length).toBeGreaterThan(0);
      expect(seen[0]?.command).toBe('a test');
      await held.release();
      await world.pass?.(2_000);
      expect(await unwrap(await waiting).release()).toBe('released');
    });

    it('is not waited for by who gives up', async () => {
      const held = unwrap(await world.locks.acquire(request));
      const stop = new AbortController();
      const waiting = world.locks.acquire({ ...request, waitMs: 60_000, signal: stop.signal });
      stop.abort();
      await world.pass?.(2_000);
      expect(await waiting).toMatchObject({ ok: false, error: { code: 'cancelled' } });
      await held.release();
    });
  });
}
