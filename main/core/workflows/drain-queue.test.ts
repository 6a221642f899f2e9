import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appError, type AppError } from '../../../shared/app-error.ts';
import { parseCalendarDate } from '../../../shared/domain/ids.ts';
import { err, ok, unwrap } from '../../../shared/result.ts';
import { createSaveWorld, type SaveWorld } from '../../testing/save-world.ts';
import {
  countQueued,
  drain,
  enqueue,
  NOTHING,
  type QueueDeps,
  type QueueWork,
  type Undone,
} from '../agent-hooks/queue.ts';
import { listInbox } from '../notes/inbox.ts';
import { notesOfLogs, receiveNotes, type ReceiveDeps } from '../notes/receive-notes.ts';
import { drainQueue, isLeft, type QueueActions } from './drain-queue.ts';
import { askFor } from './ask-for.ts';

let world: SaveWorld;
let deps: QueueDeps & ReceiveDeps;
let state: string;
beforeEach(() => {
  world = createSaveWorld();
  state = join(world.home, 'state');
  deps = {
    ...world.deps,
    paths: {
      queue: join(state, 'queue.jsonl'),
      queueLock: join(state, 'queue.lock'),
      inbox: join(state, 'inbox.json'),
      receipts: join(state, 'receipts.json'),
      notesLock: join(state, 'notes.lock'),
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

const MIKE = { user: 'mike', fullName: null };
const receive = async (text: string): Promise<void> => {
  const bytes = new TextEncoder().encode(`## User\n- **User:** Howard Enos (howard)\n${text}`);
  const date = unwrap(parseCalendarDate(new Date().toISOString().slice(0, 10)));
  const incoming = notesOfLogs(
    world.deps.bytes,
    world.workspace,
    [{ path: `${date}-howard-x.md`, bytes, committer: 'h' }],
    date,
  );
  unwrap(await receiveNotes(deps, { user: 'mike', fullName: null }, incoming));
};

describe('draining', () => {
  /** Actions that fail as they are told, and what was done in its order. */
  function actions(failing: Partial<Record<keyof QueueActions, AppError>> = {}) {
    const did: string[] = [];
    const act = (name: keyof QueueActions) => async () => {
      did.push(name);
      const error = failing[name];
      return error === undefined ? ok(undefined) : err(error);
    };
    return {
      did,
      all: { pullIndex: act('pullIndex'), push: act('push'), capture: act('capture') } satisfies QueueActions,
    };
  }
  const everything = async (note = 'a'): Promise<void> => {
    unwrap(await enqueue(deps, push));
    unwrap(await enqueue(deps, { kind: 'index-pull', at: 2 }));
    unwrap(await enqueue(deps, { kind: 'notes-shown', at: 3, reader: 'mike', notes: [note] }));
  };

  it('makes receipts, pulls the index, then pushes, and leaves nothing', async () => {
    await receive('## Note for mike\n\nThe build is red.\n');
    const [note] = unwrap(await listInbox(deps, MIKE, 'unread'));
    await everything(note?.hash ?? '');
    const { did, all } = actions();
    let unread = -1;
    const looking = async () => {
      unread = unwrap(await listInbox(deps, MIKE, 'unread')).length;
      return all.pullIndex();
    };
    const drained = unwrap(await drainQueue(deps, { ...all, pullIndex: looking }));
    expect(drained).toMatchObject({ outcome: 'done', problem: null });
    expect([unread, did]).toEqual([0, ['pullIndex', 'push']]);
    expect(isLeft(drained)).toBe(false);
    expect(left()).toEqual([]);
  });

  it('keeps sessions that have ended before it pushes, and those for later of which somebody else is at work', async () => {
    const ended = { agent: 'codex', id: 's-1', transcript: null, isOver: true } as const;
    for (const isOver of [true, false])
      unwrap(await enqueue(deps, { kind: 'session', at: 1, ...ended, isOver }));
    unwrap(await enqueue(deps, push));
    const { did, all } = actions({ capture: appError('lock-held', 'x', 'y') });
    const drained = unwrap(await drainQueue(deps, all));
    expect([did, isLeft(drained)]).toEqual([['capture', 'push'], true]);
    unwrap(await drain(deps, run));
    expect(seen).toEqual([{ indexPull: false, push: false, sweep: false, sessions: [ended], shown: [] }]);
  });

  it('is not blocked by what needs a person: a log that was cut is tried once, and the index is pulled all the same', async () => {
    await everything();
    const partial = appError('partial', 'A log was cut.', 'Decide.');
    const { did, all } = actions({ push: partial });
    expect(unwrap(await drainQueue(deps, all)).problem).toEqual(partial);
    expect(did).toEqual(['pullIndex', 'push']);
    expect(left()).toEqual([]);
    expect(unwrap(await drainQueue(deps, all)).outcome).toBe('empty');
  });

  it('pushes although the index could not be pulled, and keeps only what will be retried', async () => {
    await everything();
    const { did, all } = actions({
      pullIndex: appError('corrupt', 'x', 'y'),
      push: appError('timeout', 'x', 'y'),
    });
    expect(isLeft(unwrap(await drainQueue(deps, all)))).toBe(true);
    expect(did).toEqual(['pullIndex', 'push']);
    expect(unwrap(await countQueued(world.deps.files, deps.paths))).toBe(1);
    unwrap(await drain(deps, run));
    expect(seen).toEqual([{ indexPull: false, push: true, sweep: false, sessions: [], shown: [] }]);
  });

  it('does what was asked for while it worked: whoever came meanwhile has left it to this drain', async () => {
    unwrap(await enqueue(deps, push));
    const { did, all } = actions();
    let other = '';
    const busy: QueueActions = {
      ...all,
      push: async () => {
        if (did.length === 0) {
          unwrap(await enqueue(deps, { kind: 'index-pull', at: 2 }));
          other = unwrap(await drainQueue(deps, all)).outcome;
        }
        return all.push();
      },
    };
    expect(unwrap(await drainQueue(deps, busy))).toMatchObject({ outcome: 'done', problem: null });
    expect([other, did]).toEqual(['busy', ['push', 'pullIndex']]);
    expect(left()).toEqual([]);
  });

  it('counts one hook as one request, also after a drain that could not do it', async () => {
    const count = async (): Promise<number> => unwrap(await countQueued(world.deps.files, deps.paths));
    expect(await count()).toBe(0);
    await askFor(deps, 'push');
    expect(await count()).toBe(1);
    const offline = appError('offline', 'x', 'y');
    unwrap(await drainQueue(deps, actions({ push: offline }).all));
    expect(await count()).toBe(1);
    unwrap(await enqueue(deps, { kind: 'notes-shown', at: 3, reader: 'mike', notes: ['a'] }));
    expect(await count()).toBe(1);
  });
});
