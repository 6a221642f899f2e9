import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EMPTY_SUMMARY, type FinishedOperation } from '../../../../shared/ipc/operation.ts';
import { ok, unwrap } from '../../../../shared/result.ts';
import {
  createSealedWorld,
  letIn,
  seal,
  type SealedMachine,
  type SealedWorld,
} from '../../../testing/sealed-world.ts';
import { FOR_MIKE } from '../../../testing/sync-world.ts';
import { pullIndex } from '../../workflows/pull-index.ts';
import { push } from '../../workflows/push.ts';
import { unsealStore } from '../../workflows/unseal-store.ts';
import type { AppCore } from '../app-core.ts';
import { createAttentionList } from '../attention/attention-list.ts';
import { createBus } from '../bus.ts';
import { openPresentCore } from '../present-core.ts';
import { createPlainWatch } from './plain-watch.ts';

let world: SealedWorld;
let a: SealedMachine;
let b: SealedMachine;
beforeEach(async () => {
  world = createSealedWorld();
  [a, b] = [world.machine('a'), world.machine('b')];
});
afterEach(() => world.end());

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const READ = { kind: 'index', outcome: 'done', summary: EMPTY_SUMMARY } as FinishedOperation;

/** The app of a machine, and what needs a person there. */
async function app(machine: SealedMachine) {
  const bus = createBus(quiet);
  const core = { ...machine.sealing, paths: machine.paths, close: async () => undefined };
  const present = await openPresentCore(async () => ok(core as unknown as AppCore), quiet);
  const attention = createAttentionList(machine.deps.clock, bus);
  const { files } = machine.deps;
  const path = `${machine.paths.state}/plain-machines.json`;
  const watch = createPlainWatch({ files, path, present, attention, bus, logger: quiet });
  const looks = async (): Promise<readonly string[]> => {
    await bus.emit('operation.done', READ);
    return attention.items.map(({ error }) => error.message);
  };
  return {
    watch,
    attention,
    looks,
    reads: async (): Promise<readonly string[]> => {
      unwrap(await pullIndex(machine.sealing, FOR_MIKE));
      return looks();
    },
  };
}
const REPORTED = expect.stringMatching(/^host-b has begun to store its logs in the clear/) as string;

describe('a machine that begins to store in the clear', () => {
  it('is reported with what to do, until it is sealed or left so, and anew when it begins again', async () => {
    await a.write('2026-11-01-mike-log.md', '# Log\n');
    await b.write('2026-11-01-mara-log.md', '# Log\n');
    unwrap(await push(b.sealing));
    await seal(a);
    let { watch, attention, reads } = await app(a);
    // From before the store was sealed: who sealed it was told that others have to.
    expect(await reads()).toEqual([]);
    await letIn(a, b);
    await seal(b);
    expect(await reads()).toEqual([]);

    unwrap(await unsealStore(b.sealing, {}));
    expect(await reads()).toEqual([REPORTED]);
    const [item] = attention.items;
    expect(item).toMatchObject({ kind: 'stores-plain', route: '#/settings/readers' });
    expect(item?.error.remedy).toMatch(/^Ask whoever works there/);
    expect(await reads()).toEqual([REPORTED]);
    await watch.leave(String(item?.error.details?.['machine']));
    expect(attention.items).toEqual([]);
    ({ watch, attention, reads } = await app(a.restarted()));
    expect(await reads()).toEqual([]);

    await seal(b);
    expect(await reads()).toEqual([]);
    unwrap(await unsealStore(b.sealing, {}));
    expect(await reads()).toEqual([REPORTED]);
    await seal(b);
    expect(await reads()).toEqual([]);
  });

  it('is reported too when it never sealed, and came after the store was sealed', async () => {
    await seal(a);
    const { reads } = await app(a);
    expect(await reads()).toEqual([]);
    await b.write('2026-11-01-mara-log.md', '# Log\n');
    // An older program knows of no keys.
    unwrap(await push(b.base));
    expect(await reads()).toEqual([REPORTED]);
  });

  it('is nobody’s business where nothing is sealed, or without a key', async () => {
    await b.write('2026-11-01-mara-log.md', '# Log\n');
    unwrap(await push(b.sealing));
    const { reads, looks } = await app(a);
    expect(await reads()).toEqual([]);
    await seal(b);
    expect(await pullIndex(a.sealing, FOR_MIKE)).toMatchObject({ ok: false, error: { code: 'denied' } });
    expect(await looks()).toEqual([]);
  });
});
