import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok, unwrap } from '../../../shared/result.ts';
import { allDone } from '../../testing/all-done.ts';
import { createTestWorld, FOR_MIKE, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import { enqueue } from '../agent-hooks/queue.ts';
import { push } from '../sync/push.ts';
import { drainStoreQueue } from './drain-store-queue.ts';
import type { ReceivedNotes } from './receive-notes.ts';
import { status } from './status.ts';

const DAY = '2026-01-06-mike-late.md';

const OPTIONS = { ...FOR_MIKE, capture: async () => ok(undefined) };

let world: TestWorld;
let a: TestMachine;
beforeEach(() => {
  world = createTestWorld();
  a = world.machine('a');
});
afterEach(() => world.end());

async function queued(kind: 'push' | 'index-pull'): Promise<void> {
  unwrap(await enqueue({ ...a.deps, paths: a.paths }, { kind, at: a.deps.clock.now() }));
}

const waiting = async (): Promise<number> => unwrap(await status(a.base)).queued;

describe('the queue of hooks and saves', () => {
  it('is pushed, and is empty then', async () => {
    await a.write(DAY, '# Late\n');
    await queued('push');
    expect(await waiting()).toBe(1);
    expect(unwrap(await drainStoreQueue(a.base, OPTIONS)).problem).toBeNull();
    expect([...world.objects().keys()].some((name) => name.endsWith(DAY))).toBe(true);
    expect(await waiting()).toBe(0);
  });

  it('stays while the store is out of reach', async () => {
    await a.write(DAY, '# Late\n');
    await queued('push');
    a.fault = () => ({ kind: 'fail', code: 'offline', when: 'before' });
    expect(unwrap(await drainStoreQueue(a.base, OPTIONS)).problem?.code).toBe('offline');
    expect(await waiting()).toBe(1);
    a.fault = null;
    expect(unwrap(await drainStoreQueue(a.base, OPTIONS)).problem).toBeNull();
    expect(await waiting()).toBe(0);
  });

  it('stays when the store goes away half-way through the push', async () => {
    for (let n = 0; n < 3; n++) await a.write(`2026-01-0${n + 1}-mike-late.md`, `# ${n}\n`);
    await queued('push');
    let puts = 0;
    a.fault = ({ operation }) =>
      operation === 'put' && ++puts > 2 ? { kind: 'fail', code: 'offline', when: 'before' } : null;
    expect(unwrap(await drainStoreQueue(a.base, OPTIONS)).problem?.code).toBe('offline');
    expect(await waiting()).toBe(1);
  });

  it('does not keep what needs a person, so that it is not tried for ever', async () => {
    await a.write(DAY, '# Late\n\nall of it\n');
    allDone(await push(a.deps));
    await a.write(DAY, '# Late\n');
    await queued('push');
    expect(unwrap(await drainStoreQueue(a.base, OPTIONS)).problem?.code).toBe('partial');
    expect(await waiting()).toBe(0);
  });

  it('receives notes with the index it was asked for', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const b = world.machine('b');
    await b.write(`${today}-mara-news.md`, '# News\n\n## Note for mike\n\nHello.\n');
    allDone(await push(b.deps));
    await queued('index-pull');
    const told: ReceivedNotes[] = [];
    const onNotes = (notes: ReceivedNotes): void => void told.push(notes);
    expect(unwrap(await drainStoreQueue(a.base, { ...OPTIONS, onNotes })).problem).toBeNull();
    expect(told[0]?.unread).toHaveLength(1);
  });
});
