import { describe, expect, it } from 'vitest';
import { EMPTY_SUMMARY, type FinishedOperation, type Operation } from '../../../../shared/ipc/operation.ts';
import { createMemoryFiles } from '../../../testing/memory-files.ts';
import { createSeededRandom } from '../../../testing/seeded-random.ts';
import { createStillClock } from '../../../testing/still-clock.ts';
import { createBus } from '../bus.ts';
import { createOperations, type OperationHandle, type OperationSpec } from './operations.ts';
import type { OperationEnd } from '../news.ts';

const DONE: OperationEnd = { outcome: 'done', summary: EMPTY_SUMMARY, error: null, deferral: null };
const PUSH: OperationSpec = { kind: 'push', cause: 'person', subject: null, key: 'push', lane: 'store' };

/** A registry over one file in memory, and everything it told. */
function world(files = createMemoryFiles(createStillClock())) {
  const clock = createStillClock();
  const logged: string[] = [];
  const logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: (text: string) => void logged.push(text),
  };
  const bus = createBus(logger);
  const events: { readonly event: string; readonly payload: Operation | FinishedOperation }[] = [];
  for (const event of ['operation.progress', 'operation.done'] as const)
    bus.on(event, (payload) => events.push({ event, payload }));
  const operations = createOperations({
    files,
    path: '/operations.json',
    clock,
    random: createSeededRandom(1),
    logger,
    bus,
  });
  return { operations, clock, events, files, logged };
}

/** A run that ends when it is told to. */
function held() {
  let end: (end: OperationEnd) => void = () => undefined;
  const ended = new Promise<OperationEnd>((resolve) => {
    end = resolve;
  });
  let begun: (handle: OperationHandle) => void = () => undefined;
  const handle = new Promise<OperationHandle>((resolve) => {
    begun = resolve;
  });
  const run = (own: OperationHandle): Promise<OperationEnd> => {
    begun(own);
    return ended;
  };
  return { run, end, handle };
}

describe('operations', () => {
  it('of one key are one', async () => {
    const { operations } = world();
    const first = held();
    const one = operations.start(PUSH, first.run);
    const two = operations.start(PUSH, () => Promise.reject(new Error('must not run')));
    expect(two.id).toBe(one.id);
    first.end(DONE);
    expect((await two.ended).outcome).toBe('done');
    expect(operations.start(PUSH, held().run).id).not.toBe(one.id);
  });

  it('that take what is there follow one that has begun when a person asks, once', async () => {
    const { operations, clock } = world();
    const [first, second] = [held(), held()];
    const fresh: OperationSpec = { ...PUSH, fresh: true };
    const one = operations.start(fresh, first.run);
    expect(operations.start(fresh, held().run).id).toBe(one.id);
    await first.handle;
    // A double click is one.
    expect(operations.start(fresh, held().run).id).toBe(one.id);
    clock.advance(1_000);
    expect(operations.start({ ...fresh, cause: 'change' }, held().run).id).toBe(one.id);
    const two = operations.start(fresh, second.run);
    expect(two.id).not.toBe(one.id);
    expect(operations.start(fresh, held().run).id).toBe(two.id);
    first.end(DONE);
    await second.handle;
    second.end(DONE);
    expect((await two.ended).outcome).toBe('done');
    expect(operations.running).toEqual([]);
  });

  it('of the schedule are followed by a person’s at once', async () => {
    const { operations } = world();
    const [first, second] = [held(), held()];
    const one = operations.start({ ...PUSH, fresh: true, cause: 'start' }, first.run);
    await first.handle;
    const two = operations.start({ ...PUSH, fresh: true }, second.run);
    expect(two.id).not.toBe(one.id);
    first.end(DONE);
    second.end(DONE);
    await two.ended;
  });

  it('of one lane run one after another', async () => {
    const { operations } = world();
    const [first, second] = [held(), held()];
    operations.start(PUSH, first.run);
    const full = operations.start({ ...PUSH, kind: 'full', key: 'full' }, second.run);
    await first.handle;
    expect(operations.running.map(({ kind, phase }) => `${kind} ${phase}`)).toEqual([
      'push queued',
      'full queued',
    ]);
    const next = await Promise.race([second.handle, Promise.resolve().then(() => 'waits')]);
    expect(next).toBe('waits');
    first.end(DONE);
    await second.handle;
    second.end(DONE);
    await full.ended;
    expect(operations.running).toEqual([]);
  });

  it('tell at most ten times a second where they are, but each turn', async () => {
    const { operations, clock, events } = world();
    const one = held();
    operations.start(PUSH, one.run);
    const handle = await one.handle;
    const told = (): number => events.filter(({ event }) => event === 'operation.progress').length;
    const before = told();
    for (let done = 0; done < 1_000; done++) {
      clock.advance(1);
      handle.report({ done });
    }
    expect(told() - before).toBe(10);
    handle.report({ phase: 'uploading' });
    expect(told() - before).toBe(11);
    one.end(DONE);
  });

  it('that wait in their lane can be cancelled before they begin', async () => {
    const { operations } = world();
    const first = held();
    operations.start(PUSH, first.run);
    const second = operations.start({ ...PUSH, key: 'x' }, () => Promise.reject(new Error('must not run')));
    expect(operations.cancel(second.id)).toBe(true);
    first.end(DONE);
    expect((await second.ended).outcome).toBe('cancelled');
    expect(operations.cancel(second.id)).toBe(false);
    expect(operations.cancel('nothing')).toBe(false);
  });

  it('abort their signal when they are cancelled, and do not stand for the next of their key', async () => {
    const { operations } = world();
    const first = held();
    const one = operations.start({ ...PUSH, lane: null }, first.run);
    const handle = await first.handle;
    operations.cancel(one.id);
    expect(handle.signal.aborted).toBe(true);
    expect(operations.running[0]?.cancelling).toBe(true);
    expect(operations.start({ ...PUSH, lane: null }, held().run).id).not.toBe(one.id);
    first.end(DONE);
  });

  it('that throw end as a defect, without its words, and with one end', async () => {
    const { operations, events, logged } = world();
    const end = await operations.start(PUSH, () => Promise.reject(new Error('/secret/path'))).ended;
    expect(end).toMatchObject({ outcome: 'failed', error: { code: 'bug' } });
    expect(JSON.stringify(end)).not.toContain('secret');
    expect(logged).toHaveLength(1);
    expect(events.filter(({ event }) => event === 'operation.done')).toHaveLength(1);
  });

  it('that have ended are there after a restart, for two weeks', async () => {
    const before = world();
    await before.operations.start(PUSH, async () => DONE).ended;
    await before.operations.settled();
    const after = world(before.files);
    await after.operations.load();
    expect(after.operations.list(10).finished).toEqual(before.operations.list(10).finished);
    expect(after.operations.list(10).finished).toHaveLength(1);
    const late = world(before.files);
    late.clock.advance(15 * 24 * 60 * 60 * 1_000);
    await late.operations.load();
    expect(late.operations.list(10).finished).toEqual([]);
  });

  it('begin anew with a file that is damaged', async () => {
    for (const text of ['', '{', '[]', '{"operations":[{"id":1}]}', '{"operations":{}}']) {
      const files = createMemoryFiles(createStillClock());
      files.put('/operations.json', text);
      const { operations } = world(files);
      await operations.load();
      expect(operations.finished).toEqual([]);
    }
  });

  it('that the app began by itself and that found nothing are kept once, a person’s always', async () => {
    const { operations } = world();
    for (let i = 0; i < 5; i++)
      await operations.start({ ...PUSH, cause: 'schedule' }, async () => DONE).ended;
    for (let i = 0; i < 3; i++) await operations.start(PUSH, async () => DONE).ended;
    expect(operations.finished.map(({ cause }) => cause)).toEqual(['person', 'person', 'person', 'schedule']);
  });
});
