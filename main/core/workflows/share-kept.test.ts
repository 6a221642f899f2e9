import { rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logId, type LogPath } from '../../../shared/domain/ids.ts';
import { unwrap } from '../../../shared/result.ts';
import { plantedSecrets } from '../../testing/planted-secrets.ts';
import {
  createSealedWorld,
  letIn,
  seal,
  type SealedMachine,
  type SealedWorld,
} from '../../testing/sealed-world.ts';
import { FOR_MIKE } from '../../testing/sync-world.ts';
import { secretId } from '../secrets/secret-id.ts';
import { allowLabel, revealLabel } from './behind-labels.ts';
import { forgetSecret } from './forget-secret.ts';
import { fullSync } from './full-sync.ts';
import { problemOf } from './outcome.ts';
import { pullIndex } from './pull-index.ts';
import { pullLogs } from './pull-logs.ts';
import { push } from './push.ts';
import { restoreAll } from './restore.ts';
import { sharedByOthers, shareKept } from './share-kept.ts';
import { unsealStore } from './unseal-store.ts';

const LOG = '2026-11-01-mike-one.md' as LogPath;
const OTHER = '2026-11-02-mike-two.md' as LogPath;
const [token = '', second = ''] = plantedSecrets(6, 2)
  .filter(({ kind }) => kind === 'npm token')
  .map(({ value }) => value);

let world: SealedWorld;
let a: SealedMachine;
let b: SealedMachine;
beforeEach(async () => {
  world = createSealedWorld();
  [a, b] = [world.withholding('a'), world.withholding('b')];
  await a.write(LOG, `# One\n\nwith ${token} and ${second}\n`);
  await a.write(OTHER, '# Two\n\nnone\n');
  unwrap(await push(a.sealing));
});
afterEach(() => world.end());

const keyOf = async (machine: SealedMachine) => unwrap(await machine.sealing.machineKeys.recipient());
const share = async (from: SealedMachine, to: SealedMachine) =>
  unwrap(await shareKept(from.sealing, await keyOf(to), 'share'));

/** What a person at `machine` sees behind the n-th label of the log of `a`. */
async function reveal(machine: SealedMachine, nth = 0) {
  unwrap(await pullIndex(machine.sealing, FOR_MIKE));
  unwrap(await pullLogs(machine.sealing, { ids: [logId(a.deps.self.uuid, LOG)] }, {}));
  return await revealLabel(machine.sealing, { id: logId(a.deps.self.uuid, LOG), exact: false, nth }, 'show');
}

function everything(): string {
  return [...world.bucket.objects.values()]
    .map(({ bytes }) => Buffer.from(bytes).toString('latin1'))
    .join('\n');
}

describe('values behind labels', () => {
  it('are read on another machine of the same person, each behind its label, and nowhere in the clear', async () => {
    expect(await reveal(b)).toMatchObject({ ok: false, error: { code: 'not-found' } });
    const report = await share(a, b);
    expect(report).toEqual({ key: await keyOf(a), with: [await keyOf(b)] });
    expect(unwrap(await reveal(b.restarted()))).toMatchObject([{ value: token }]);
    expect(unwrap(await reveal(b.restarted(), 1))).toMatchObject([{ value: second }]);
    const [shared] = unwrap(await sharedByOthers(b.sealing));
    expect(shared).toMatchObject({ host: 'host-a', logs: [{ path: LOG, values: [{}, {}] }] });
    expect(everything()).not.toContain(token);
    // It is another machine's log: nothing is put back into it here.
    const id = secretId(a.deps.bytes, new TextEncoder().encode(token));
    const label = { id: logId(a.deps.self.uuid, LOG), exact: false, nth: 0 };
    expect(await allowLabel(b.sealing, label, id)).toMatchObject({ ok: false });
  });

  it('are read without the store as they came last, and asked for nothing by a push with nothing new', async () => {
    await share(a, b);
    unwrap(await reveal(b));
    b.fault = () => ({ kind: 'fail', code: 'offline', when: 'before' });
    expect(unwrap(await sharedByOthers(b.sealing))).toHaveLength(1);
    b.fault = null;
    // The last change has to be a moment ago, or it might not be seen.
    utimesSync(a.paths.keptSecrets, 1_700_000_000, 1_700_000_000);
    unwrap(await push(a.sealing));
    a.calls.length = 0;
    unwrap(await push(a.restarted().sealing));
    expect(a.calls).toEqual([]);
    await a.write(OTHER, `# Two\n\nnow ${second}\n`);
    unwrap(await push(a.sealing));
    const [shared] = unwrap(await sharedByOthers(b.sealing));
    expect(shared?.logs.map(({ path }) => path).sort()).toEqual([LOG, OTHER]);
  });

  it('are for nobody else: not for who calls itself the same, nor for a colleague, nor for who was taken off', async () => {
    await share(a, b);
    // The same name and UUID, another key: somebody who claims to be that machine.
    const claims = world.withholding('b');
    expect(await keyOf(claims)).not.toBe(await keyOf(b));
    const colleague = world.withholding('c');
    for (const other of [claims, colleague]) {
      expect(await reveal(other)).toMatchObject({ ok: false, error: { code: 'not-found' } });
      expect(unwrap(await sharedByOthers(other.sealing))).toEqual([]);
    }
    unwrap(await shareKept(a.sealing, await keyOf(b), 'end'));
    expect(await reveal(b.restarted())).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });

  it('travel the same in a sealed store, where each member reads the logs, and after it was unsealed', async () => {
    await seal(a);
    await letIn(a, b);
    await seal(b);
    const colleague = world.withholding('c');
    await letIn(a, colleague);
    await share(a, b);
    unwrap(await unsealStore(a.sealing, {}));
    expect(everything()).not.toContain(token);
    expect(unwrap(await reveal(b.restarted()))).toMatchObject([{ value: token }]);
    expect(await reveal(colleague.restarted())).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });

  it.each(['restore', 'full sync'] as const)(
    'come back with a log whose disk was lost, to the machine that has its key (%s)',
    async (how) => {
      await share(a, b);
      rmSync(a.paths.keptSecrets, { recursive: true });
      rmSync(join(a.paths.sessionLogs, LOG));
      const again = a.restarted();
      const done =
        how === 'restore' ? await restoreAll(again.sealing) : await fullSync(again.sealing, FOR_MIKE);
      expect(problemOf(done)).toBeNull();
      expect(await a.read(LOG)).toBe(`# One\n\nwith ${token} and ${second}\n`);
    },
  );

  it('are gone everywhere when the secret is forgotten', async () => {
    await share(a, b);
    unwrap(await reveal(b));
    unwrap(await forgetSecret(a.sealing, secretId(a.deps.bytes, new TextEncoder().encode(token)), {}));
    const values = unwrap(await sharedByOthers(b.restarted().sealing)).flatMap(({ logs }) =>
      logs.flatMap((log) => log.values.map(({ value }) => value)),
    );
    expect(values).not.toContain(token);
  });

  it.each(['', 'age1nothing', 'host-b'])('go to no %j', async (key) => {
    expect(await shareKept(a.sealing, key, 'share')).toMatchObject({
      ok: false,
      error: { code: 'invalid-input' },
    });
    expect(await shareKept(a.sealing, await keyOf(a), 'share')).toMatchObject({ ok: false });
    expect(everything()).not.toContain('AGE ENCRYPTED');
  });
});
