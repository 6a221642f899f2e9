import { appendFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appError } from '../../../shared/app-error.ts';
import { unwrap } from '../../../shared/result.ts';
import { createSaveWorld, type SaveWorld } from '../../testing/save-world.ts';
import { drain, enqueue, NOTHING, type QueueDeps, type QueueWork, type Undone } from './queue.ts';

let world: SaveWorld;
let deps: QueueDeps;
let state: string;
beforeEach(() => {
  world = createSaveWorld();
  state = join(world.home, 'state');
  deps = {
    ...world.deps,
    paths: {
      queue: join(state, 'queue.jsonl'),
      queueLock: join(state, 'queue.lock'),
    },
  };
});
afterEach(() => world.end());

const seen: QueueWork[] = [];
beforeEach(() => {
  seen.length = 0;
});
const DONE: Undone = { left: NOTHING, problem: null };
const run = async (work: QueueWork): Promise<Undone> => {
  seen.push(work);
  return DONE;
};
const left = (): readonly string[] =>
  readdirSync(state).filter((name) => name.startsWith('queue') && name.endsWith('.jsonl'));
const push = { kind: 'push', at: 1 } as const;

describe('the queue', () => {
  it('does each thing once, however often it was asked for, and is empty then', async () => {
    expect(unwrap(await drain(deps, run)).outcome).toBe('empty');
    for (let n = 0; n < 3; n++) unwrap(await enqueue(deps, push));
    unwrap(await enqueue(deps, { kind: 'index-pull', at: 2 }));
    unwrap(await enqueue(deps, { kind: 'notes-shown', at: 3, reader: 'mike', notes: ['a', 'b'] }));
    unwrap(await enqueue(deps, { kind: 'notes-shown', at: 4, reader: 'mike', notes: ['b', 'c'] }));
    expect(unwrap(await drain(deps, run)).outcome).toBe('done');
    expect(seen).toEqual([
      {
        indexPull: true,
        push: true,
        sweep: false,
        sessions: [],
        shown: [{ reader: 'mike', notes: ['a', 'b', 'c'] }],
      },
    ]);
    expect(left()).toEqual([]);
    expect(unwrap(await drain(deps, run)).outcome).toBe('empty');
  });

  it('keeps what failed for the next drain, in one file, and adds what came meanwhile', async () => {
    const offline = appError('offline', 'x', 'y');
    for (let n = 0; n < 3; n++) {
      unwrap(await enqueue(deps, push));
      const drained = unwrap(await drain(deps, async (work) => ({ left: work, problem: offline })));
      expect(drained).toMatchObject({ outcome: 'done', problem: offline, left: { push: true } });
    }
    expect(left()).toHaveLength(1);
    unwrap(await enqueue(deps, { kind: 'index-pull', at: 2 }));
    unwrap(await drain(deps, run));
    expect(seen).toEqual([{ indexPull: true, push: true, sweep: false, sessions: [], shown: [] }]);
    expect(left()).toEqual([]);
  });

  it('keeps what is added while it works', async () => {
    unwrap(await enqueue(deps, push));
    await drain(deps, async () => {
      // One hook comes after the queue was taken; another had it open before and writes into what was taken.
      unwrap(await enqueue(deps, { kind: 'index-pull', at: 2 }));
      const [taken] = left().filter((name) => name.includes('taken'));
      appendFileSync(join(state, taken!), '\n{"kind":"notes-shown","at":1,"reader":"mike","notes":["a"]}\n');
      return DONE;
    });
    unwrap(await drain(deps, run));
    expect(seen).toEqual([
      { indexPull: true, push: true, sweep: false, sessions: [], shown: [{ reader: 'mike', notes: ['a'] }] },
    ]);
  });

  it('does what a process that was killed had taken', async () => {
    mkdirSync(state);
    writeFileSync(join(state, 'queue.taken-1-abc.jsonl'), '{"kind":"push","at":1}\n');
    unwrap(await drain(deps, run));
    expect(seen).toEqual([{ indexPull: false, push: true, sweep: false, sessions: [], shown: [] }]);
  });

  it('passes over torn and foreign lines', async () => {
    mkdirSync(state);
    writeFileSync(
      deps.paths.queue,
      '{"kind":"pu\u0000\n[]\nnull\n{"kind":"rm"}\n{"kind":"notes-shown"}\n{"kind":"push","at"',
    );
    unwrap(await enqueue(deps, { kind: 'index-pull', at: 2 }));
    unwrap(await drain(deps, run));
    expect(seen).toEqual([{ indexPull: true, push: false, sweep: false, sessions: [], shown: [] }]);
    expect(left()).toEqual([]);
  });

  it('is worked on by one process at a time; the other leaves', async () => {
    unwrap(await enqueue(deps, push));
    let outcome = '';
    await drain(deps, async () => {
      unwrap(await enqueue(deps, push));
      outcome = unwrap(await drain(deps, run)).outcome;
      return DONE;
    });
    expect([outcome, seen]).toEqual(['busy', []]);
  });
});
