/** Every step of a team around a sealed store, and of forgetting, struck at each of its changes of disk and store. */
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { AppError } from '../../../shared/app-error.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import { unwrap, type Result } from '../../../shared/result.ts';
import { createSecretScanner } from '../../adapters/secrets/secret-scanner.ts';
import { createNodeClock } from '../../adapters/system/node-clock.ts';
import { Killed } from '../../testing/failing-calls.ts';
import { howOften } from '../../testing/how-often.ts';
import { createMemoryFiles, type MemoryFiles } from '../../testing/memory-files.ts';
import { plantedSecrets } from '../../testing/planted-secrets.ts';
import {
  createSealedWorld,
  letIn,
  type SealedMachine,
  type SealedWorld,
} from '../../testing/sealed-world.ts';
import type { Strike } from '../../testing/striking.ts';
import { forgetLog } from './forget-log.ts';
import { forgetSecret } from './forget-secret.ts';
import { secretId } from '../secrets/secret-id.ts';
import { problemOf, type Outcome } from './outcome.ts';
import { push } from './push.ts';
import { recoverKeys } from './recover-keys.ts';
import { keepRecovery, sealStore } from './seal-store.ts';
import { admitMachine, findRequest, joinTeam, listTeam, removeMachine } from './team-machines.ts';
import { unsealStore, type UnsealBase } from './unseal-store.ts';
import { verify } from './verify.ts';

const LOG = '2026-11-01-mike-one.md' as LogPath;
const OTHER = '2026-11-02-mike-two.md' as LogPath;
const token = plantedSecrets(6, 1).find(({ kind }) => kind === 'npm token')?.value ?? '';

let worlds: SealedWorld[] = [];
afterAll(async () => {
  for (const world of worlds) await world.end();
  worlds = [];
});

/** A team before a step: `a` has two logs in the store. */
interface Scene {
  readonly world: SealedWorld;
  readonly a: SealedMachine;
  readonly b: SealedMachine;
  readonly disk: MemoryFiles;
  /** The recovery key that was shown last. */
  recovery: string;
}

/** How far a step is, as other programs see it: what may not be is said in words. */
type Stand = 'before' | 'after' | 'under way' | `wrong: ${string}`;

interface Step {
  /** Which program is struck. */
  readonly who: 'a' | 'b';
  readonly begin: (scene: Scene) => Promise<unknown>;
  readonly run: (base: UnsealBase, scene: Scene) => Promise<Result<unknown, AppError>>;
  readonly stand: (scene: Scene) => Promise<Stand>;
  /** What has to hold at the end besides. */
  readonly after?: (scene: Scene) => Promise<unknown>;
}

const scanner = createSecretScanner();
afterAll(() => scanner.close());

async function scene(): Promise<Scene> {
  const world = createSealedWorld({ scanner });
  worlds.push(world);
  const [disk, another] = [createMemoryFiles(createNodeClock()), createMemoryFiles(createNodeClock())];
  const [a, b] = [world.withholding('a', disk), world.withholding('b', another)];
  await a.write(LOG, `# One\n\nCANARY and ${token}\n`);
  await a.write(OTHER, `# Two\n\nwith ${token}\n`);
  unwrap(await push(a.sealing));
  return { world, a, b, disk, recovery: '' };
}

async function sealAll(base: UnsealBase, made: Scene): Promise<Result<unknown, AppError>> {
  const done = await sealStore(base, {});
  if (!done.ok) return done;
  made.recovery = done.value.report.recovery ?? made.recovery;
  const kept = await keepRecovery(base);
  return kept.ok ? done : kept;
}

const isMember = async ({ sealing }: SealedMachine): Promise<boolean> =>
  unwrap(await joinTeam(sealing)).isMember;

/** By how many of the logs and the index lie there sealed. */
function standBy(made: Scene, isDone: (codec: string | undefined) => boolean): Stand {
  const own = [...made.world.bucket.objects].filter(
    ([name]) => name.includes(made.a.deps.self.uuid) && !name.includes('/keys/') && !name.includes('.gen-'),
  );
  const done = own.filter(([, { info }]) => isDone(info.metadata['codec'])).length;
  return done === 0 ? 'before' : done === own.length ? 'after' : 'under way';
}

/** Everything that disk and store hold. */
async function everything({ world, a, disk }: Scene): Promise<string> {
  const stored = [...world.bucket.objects.values()].map(async ({ bytes }) =>
    Buffer.from((await a.deps.bytes.gunzip(bytes, 1e6)) ?? bytes).toString('latin1'),
  );
  const here = [LOG, OTHER].map((path) => disk.text(join(a.paths.sessionLogs, path)) ?? '');
  return [...(await Promise.all(stored)), ...here].join('\n');
}

/** After the first write of forgetting nothing is as it was, and until the last something is there still. */
async function forgotten(made: Scene, value: string): Promise<Stand> {
  return (await everything(made)).includes(value) ? 'under way' : 'after';
}

const STEPS: Readonly<Record<string, Step>> = {
  sealing: {
    who: 'a',
    begin: async () => undefined,
    run: sealAll,
    async stand(made) {
      const sealed = standBy(made, (codec) => codec === 'age');
      return sealed === 'after' && made.recovery === '' ? 'under way' : sealed;
    },
    // Whichever run made it, the recovery key that somebody saw opens the store.
    after: async ({ world, recovery }) =>
      unwrap(
        await recoverKeys(world.withholding('c', createMemoryFiles(createNodeClock())).sealing, recovery),
      ),
  },
  'storing in the clear': {
    who: 'a',
    begin: async (made) => unwrap(await sealAll(made.a.sealing, made)),
    run: (base) => unsealStore(base, {}),
    stand: async (made) => standBy(made, (codec) => codec !== 'age'),
  },
  joining: {
    who: 'b',
    begin: async (made) => unwrap(await sealAll(made.a.sealing, made)),
    run: (base) => joinTeam(base),
    async stand({ a, b }) {
      const { requests } = unwrap(await listTeam(a.restarted().sealing));
      const [request, another] = requests;
      if (request === undefined) return 'before';
      const own = unwrap(await b.restarted().sealing.sealing.team()).self.recipient;
      return request.recipient === own && another === undefined ? 'after' : 'wrong: it asks with two keys';
    },
  },
  'letting in': {
    who: 'a',
    begin: async (made) => {
      unwrap(await sealAll(made.a.sealing, made));
      unwrap(await removeMachine(made.a.sealing, 'recovery'));
      unwrap(await joinTeam(made.b.sealing));
    },
    run: async (base, { b }) => {
      const request = await findRequest(base, 'host-b');
      const { words } = unwrap(await joinTeam(b.restarted().sealing));
      return request.ok ? await admitMachine(base, request.value, words) : request;
    },
    async stand({ b }) {
      const again = b.restarted();
      if (!(await isMember(again))) return 'before';
      const epochs = [1, 2].map((number) => again.sealing.sealing.deps.keyring.epoch(number));
      return (await Promise.all(epochs)).every(({ ok }) => ok) ? 'after' : 'wrong: it is in, and lacks a key';
    },
  },
  'taking out': {
    who: 'a',
    begin: async (made) => {
      unwrap(await sealAll(made.a.sealing, made));
      await letIn(made.a, made.b);
    },
    run: (base) => removeMachine(base, 'host-b'),
    async stand({ a, b }) {
      const { epoch, members } = unwrap(await listTeam(a.restarted().sealing));
      const isIn = members.some(({ name }) => name === 'host-b');
      if (isIn !== (await isMember(b.restarted()))) return 'wrong: it is neither in nor out';
      if (isIn !== (epoch === 1)) return 'wrong: it is in the new epoch';
      return isIn ? 'before' : 'after';
    },
  },
  recovering: {
    who: 'b',
    begin: async (made) => unwrap(await sealAll(made.a.sealing, made)),
    run: (base, { recovery }) => recoverKeys(base, recovery),
    stand: async ({ b }) => ((await isMember(b.restarted())) ? 'after' : 'before'),
  },
  'forgetting a log': {
    who: 'a',
    begin: async () => undefined,
    run: (base) => forgetLog(base, LOG, {}),
    stand: (made) => forgotten(made, 'CANARY'),
  },
  'forgetting a secret': {
    who: 'a',
    begin: async () => undefined,
    run: (base, { a }) => forgetSecret(base, secretId(a.deps.bytes, new TextEncoder().encode(token)), {}),
    stand: (made) => forgotten(made, token),
  },
};

/** What is promised however often it was struck: nothing is damaged, and the machine's next push goes through. */
async function soundness({ a }: Scene): Promise<readonly string[]> {
  const again = a.restarted();
  const pushed = problemOf(await push(again.sealing));
  const { problems } = unwrap(await verify(again.sealing, { deep: true })).report;
  return [...(pushed === null ? [] : [pushed.message]), ...problems.map((one) => JSON.stringify(one))];
}

/** Each so many-th change in `npm test`, begun elsewhere for each strike; every one in a night. */
const STRIDE = howOften(7, 1);
const STRIKES: readonly Strike[] = ['killed before', 'killed after', 'disk full', 'store full'];

describe.each(Object.entries(STEPS))('%s', (what, { who, begin, run, stand, after }) => {
  // At the same time, because each mostly waits.
  it.concurrent.each(STRIKES)('is before or after, and finished by the same command: %s', async (strike) => {
    for (let at = 1 + (STRIKES.indexOf(strike) % STRIDE); ; at += STRIDE) {
      const made = await scene();
      await begin(made);
      const struck = made[who].struck(strike, at);
      let problem: AppError | null = null;
      try {
        const done = await run(struck.sealing, made);
        problem = problemOf(done as Result<Outcome<unknown>, AppError>) ?? null;
      } catch (thrown) {
        if (!(thrown instanceof Killed)) throw thrown;
      }
      if (struck.changes() < at) break;
      const place = `${what}, ${strike}, change ${at}`;
      const found = await stand(made);
      expect(found, place).not.toContain('wrong');
      if (strike.endsWith('full') && found !== 'after') expect(problem?.remedy, place).toBeTruthy();
      expect(await soundness(made), place).toEqual([]);
      if (found !== 'after') unwrap(await run(made[who].restarted().sealing, made));
      expect([await stand(made), await soundness(made)], place).toEqual(['after', []]);
      await after?.(made);
      await made.world.end();
    }
  });
});
