import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EMPTY_SUMMARY, type FinishedOperation } from '../../../../shared/ipc/operation.ts';
import type { Git } from '../../ports/git.ts';
import type { MachineUuid } from '../../../../shared/domain/ids.ts';
import { requestIn } from '../../../../shared/ipc/sealing.ts';
import { ok, unwrap } from '../../../../shared/result.ts';
import {
  createSealedWorld,
  letIn,
  seal,
  type SealedMachine,
  type SealedWorld,
} from '../../../testing/sealed-world.ts';
import { push } from '../../workflows/push.ts';
import type { AppCore } from '../app-core.ts';
import { createAttentionList } from '../attention/attention-list.ts';
import { createBus } from '../bus.ts';
import { createOperations } from '../operations/operations.ts';
import { openPresentCore } from '../present-core.ts';
import { createDrills } from './drills.ts';
import { createJoinRequests } from './join-requests.ts';
import { createSealingService } from './sealing-service.ts';

let world: SealedWorld;
beforeEach(() => {
  world = createSealedWorld();
});
afterEach(() => world.end());

/** The room of one machine, and everything that pages and the app log hear of it. */
async function room(machine: SealedMachine) {
  const told: string[] = [];
  const tell = (text: string, facts?: object): void => void told.push(`${text} ${JSON.stringify(facts)}`);
  const logger = { debug: tell, info: tell, warn: tell, error: tell };
  const bus = createBus(logger);
  for (const name of ['operation.progress', 'operation.done'] as const)
    bus.on(name, (payload) => tell(name, payload));
  const { files, clock, random } = machine.deps;
  const path = `${machine.paths.state}/operations.json`;
  const operations = createOperations({ files, clock, random, logger, bus, path });
  // A room uses no more of the core than a workflow does.
  const { settings } = machine.sealing;
  const listed = { ...settings, git: { ...settings.git, workspaces: ['/w'], withSecrets: ['/w'] } };
  const core = { ...machine.sealing, settings: listed, paths: machine.paths, close: async () => undefined };
  const present = await openPresentCore(async () => ok(core as unknown as AppCore), logger);
  const attention = createAttentionList(clock, bus);
  // Of a workspace with a password in the address of its remote.
  const stdout = new TextEncoder().encode(
    'local\0remote.origin.url\nhttps://mara:a-token@forge.example/app.git\0',
  );
  const git = { run: async () => ok({ stdout }) } as unknown as Git;
  const drills = createDrills({ present, operations, attention, bus });
  const joins = createJoinRequests({ present, attention, bus, logger });
  const service = createSealingService({ present, operations, drills, joins, git });
  const ended = async (): Promise<FinishedOperation> => {
    await operations.settled();
    return operations.finished[0] as FinishedOperation;
  };
  return { service, operations, attention, bus, ended, told, history: () => files.read(path) };
}

describe('sealing for the windows', () => {
  it('shows a store in the clear, seals it as an operation, and proves it', async () => {
    const a = world.machine('a');
    for (let n = 1; n < 4; n++) await a.write(`2026-11-0${n}-mike-log.md`, `# Log ${n}\n`);
    unwrap(await push(a.sealing));
    await a.write('2026-11-09-mike-next.md', '# Next\n');
    const { service, ended } = await room(a);
    const before = unwrap(await service.audit());
    expect(before).toMatchObject({ standing: 'clear', epoch: null, members: [], provedAt: null });
    expect(before.leaving.paths).toEqual(['2026-11-09-mike-next.md']);
    expect(before).toMatchObject({ staying: 0, withheld: 0 });
    expect(before.remotes).toEqual([
      { workspace: '/w', name: 'origin', url: 'https://***@forge.example/app.git', takesSecrets: true },
    ]);
    await service.seal({ newRecovery: false });
    const sealed = await ended();
    expect(sealed).toMatchObject({ kind: 'seal', outcome: 'done', error: null });
    expect(sealed.summary.sealed).toBeGreaterThan(3);
    await service.drill();
    expect(await ended()).toMatchObject({ kind: 'drill', outcome: 'done', summary: { proved: 4 } });
    const after = unwrap(await service.audit());
    expect(after).toMatchObject({ standing: 'member', epoch: 1, notSealed: 0, problems: [] });
    expect(after.provedAt).toBeGreaterThan(0);
  });

  it('names the keys that can read the values kept here, and whose they are', async () => {
    const [a, b] = [world.machine('a'), world.machine('b')];
    await seal(a);
    await letIn(a, b);
    const { service } = await room(a);
    const own = unwrap(await b.sealing.machineKeys.recipient());
    const stranger = `age1${'q'.repeat(58)}`;
    for (const key of [own, stranger]) unwrap(await a.sealing.secrets.shared.add(key));
    expect(unwrap(await service.audit())).toMatchObject({
      sharedWith: [
        { key: own, name: 'host-b' },
        { key: stranger, name: null },
      ],
      hidesNames: false,
    });
  });

  it('gives the recovery key until somebody has it, and to nobody else', async () => {
    const { service, ended, told, history } = await room(world.machine('a'));
    expect(unwrap(await service.recoveryKey({ kept: false })).key).toBeNull();
    await service.seal({ newRecovery: false });
    await ended();
    const { key } = unwrap(await service.recoveryKey({ kept: false }));
    expect(key).toMatch(/^AGE-SECRET-KEY-1/);
    expect(unwrap(await service.recoveryKey({ kept: false })).key).toBe(key);
    const kept = new TextDecoder().decode(unwrap(await history()) ?? undefined);
    expect(kept).toContain('"seal"');
    for (const text of [...told, kept]) expect(text).not.toContain('AGE-SECRET');
    expect(unwrap(await service.recoveryKey({ kept: true })).key).toBeNull();
    expect(unwrap(await service.recoveryKey({ kept: false })).key).toBeNull();
    await service.seal({ newRecovery: true });
    await ended();
    expect(unwrap(await service.recoveryKey({ kept: false })).key).not.toBe(key);
  });

  it('lets a machine in by the words that were compared, and out again', async () => {
    const [a, b] = [await room(world.machine('a')), await room(world.machine('b'))];
    await a.service.seal({ newRecovery: false });
    await a.ended();
    expect(unwrap(await b.service.audit())).toMatchObject({ standing: 'outside', epoch: null });
    expect(await b.service.requests()).toMatchObject({ ok: false, error: { code: 'denied' } });
    const { words, isMember } = unwrap(await b.service.join());
    expect(isMember).toBe(false);
    const [request] = unwrap(await a.service.requests()).requests;
    expect(request).toMatchObject({ name: 'host-b', words, nameIsTaken: false });
    const machine = request?.machine as NonNullable<typeof request>['machine'];
    const other = [...words].reverse();
    expect(await a.service.admit({ machine, words: other })).toMatchObject({ error: { code: 'denied' } });
    expect(unwrap(await b.service.audit()).standing).toBe('outside');
    expect(unwrap(await a.service.admit({ machine, words: [...words] }))).toEqual({ name: 'host-b' });
    expect(unwrap(await b.service.audit()).standing).toBe('member');
    expect(await a.service.admit({ machine, words: [...words] })).toMatchObject({
      error: { code: 'not-found' },
    });
    const member = unwrap(await a.service.audit()).members.find(({ name }) => name === 'host-b');
    const removed = unwrap(await a.service.remove({ recipient: member?.recipient ?? '' }));
    expect(removed).toEqual({ name: 'host-b', epoch: 2 });
    expect(unwrap(await b.service.audit()).standing).toBe('outside');
  });

  it('tells after a read of the index who asks to join, until they are in', async () => {
    const mine = world.machine('a');
    const [a, b] = [await room(mine), await room(world.machine('b'))];
    const readIndex = async (): Promise<void> => {
      const done: FinishedOperation = {
        ...(await sealed),
        kind: 'index',
        outcome: 'done',
      };
      await a.bus.emit('operation.done', done);
    };
    await a.service.seal({ newRecovery: false });
    const sealed = a.ended();
    await readIndex();
    expect(a.attention.items).toEqual([]);
    const { words } = unwrap(await b.service.join());
    await readIndex();
    expect(a.attention.items).toMatchObject([
      { kind: 'join-request', answers: ['not-now'], error: { message: expect.stringContaining('host-b') } },
    ]);
    const request = requestIn(a.attention.items[0]?.error ?? {});
    expect(request).toMatchObject({ name: 'host-b', words });
    unwrap(await a.service.admit({ machine: request?.machine as MachineUuid, words: [...words] }));
    expect(a.attention.items).toEqual([]);
    // From then on one call tells that nobody asks.
    let calls = 0;
    mine.fault = () => {
      calls += 1;
      return null;
    };
    await readIndex();
    expect([a.attention.items, calls]).toEqual([[], 1]);
  });

  it('lets a machine in by the recovery key', async () => {
    const [a, b] = [await room(world.machine('a')), await room(world.machine('b'))];
    await a.service.seal({ newRecovery: false });
    await a.ended();
    const { key } = unwrap(await a.service.recoveryKey({ kept: true }));
    expect(key).toBeNull();
    expect(await b.service.recover({ text: 'nothing of it' })).toMatchObject({
      error: { code: 'invalid-input' },
    });
    await a.service.seal({ newRecovery: true });
    await a.ended();
    const again = unwrap(await a.service.recoveryKey({ kept: false })).key ?? '';
    expect(unwrap(await b.service.recover({ text: again }))).toEqual({ epochs: 1 });
    expect(unwrap(await b.service.audit()).standing).toBe('member');
  });

  it('proves the backup after each full sync of its own, and says what did not come back', async () => {
    const a = world.machine('a');
    for (const n of [1, 2]) await a.write(`2026-11-0${n}-mike-log.md`, `# Log ${n}\n`);
    unwrap(await push(a.sealing));
    const { operations, attention, ended } = await room(a);
    const full = (cause: 'person' | 'schedule'): unknown =>
      operations.start({ kind: 'full', cause, subject: null, key: cause, lane: 'store' }, async () => ({
        outcome: 'done',
        summary: EMPTY_SUMMARY,
        error: null,
        deferral: null,
      }));
    full('person');
    expect(await ended()).toMatchObject({ kind: 'full' });
    full('schedule');
    expect(await ended()).toMatchObject({ kind: 'drill', cause: 'schedule', summary: { proved: 2 } });
    expect(attention.items).toEqual([]);
    a.fault = ({ operation }) =>
      operation === 'list' ? null : { kind: 'fail', code: 'offline', when: 'before' };
    full('schedule');
    expect(await ended()).toMatchObject({ kind: 'drill', error: { code: 'offline' } });
    expect(attention.items).toEqual([]);
    a.fault = null;
    for (const object of world.bucket.objects.values()) object.bytes.fill(0);
    full('schedule');
    expect(await ended()).toMatchObject({ kind: 'drill', outcome: 'failed' });
    expect(attention.items).toMatchObject([{ kind: 'corrupt', route: '#/settings/readers' }]);
  });

  it('is stopped, continues where it stopped, and proves nothing by half', async () => {
    const a = world.machine('a');
    for (let n = 10; n < 40; n++) await a.write(`2026-11-01-mike-${n}.md`, `# Log ${n}\n`);
    unwrap(await push(a.sealing));
    const { service, operations, ended } = await room(a);
    const { operation } = unwrap(await service.seal({ newRecovery: false }));
    let puts = 0;
    a.fault = ({ operation: call }) => {
      // The keys, a push and a few logs.
      if (call === 'put' && ++puts === 12) operations.cancel(operation);
      return null;
    };
    expect(await ended()).toMatchObject({ outcome: 'cancelled' });
    a.fault = null;
    expect(unwrap(await service.audit()).notSealed).toBeGreaterThan(0);
    await service.seal({ newRecovery: false });
    expect(await ended()).toMatchObject({ outcome: 'done' });
    expect(unwrap(await service.audit()).notSealed).toBe(0);
    const drilling = unwrap(await service.drill());
    a.fault = () => {
      operations.cancel(drilling.operation);
      return null;
    };
    expect(await ended()).toMatchObject({ kind: 'drill', outcome: 'cancelled' });
    a.fault = null;
    expect(unwrap(await service.audit()).provedAt).toBeNull();
  });
});
