import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AppError } from '../../shared/app-error.ts';
import { logId, type LogPath } from '../../shared/domain/ids.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../shared/domain/settings.ts';
import { formatMachineIdentity } from '../../shared/domain/machine-identity.ts';
import { err, ok, unwrap, type Result } from '../../shared/result.ts';
import { createAge } from '../adapters/age/create-age.ts';
import { createSecretScanner } from '../adapters/secrets/secret-scanner.ts';
import { openSealing } from '../compose/sealing.ts';
import { openWithholding, type SecretTools } from '../compose/withholding.ts';
import { createMachineKeys, type MachineSecret } from '../core/machine/machine-keys.ts';
import type { Age } from '../core/ports/age.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { SecretScanner } from '../core/ports/secret-scanner.ts';
import { createShardTexts } from '../core/text-packs/publish-texts.ts';
import { problemOf } from '../core/workflows/outcome.ts';
import { pullIndex } from '../core/workflows/pull-index.ts';
import { pullLogs } from '../core/workflows/pull-logs.ts';
import { keepRecovery, sealStore, type SealReport } from '../core/workflows/seal-store.ts';
import type { SyncDeps } from '../core/sync/sync-deps.ts';
import type { UnsealBase } from '../core/workflows/unseal-store.ts';
import { admitMachine, findRequest, joinTeam } from '../core/workflows/team-machines.ts';
import { createMemoryKeychain } from './memory-keychain.ts';
import type { MemoryFiles } from './memory-files.ts';
import { striking, type Strike } from './striking.ts';
import { createTestWorld, FOR_MIKE, type TestMachine, type TestWorld } from './sync-world.ts';

/** What a program that seals and withholds works with. */
type SealedBase = UnsealBase & { readonly machineKeys: MachineSecret; readonly secrets: SecretTools };

/** A machine of a test whose program seals: the same as {@link TestMachine}, with the keys around its store. */
export interface SealedMachine extends TestMachine {
  readonly sealing: SealedBase;
  /** Its program anew, over the same disk: nothing that was only in memory is left. */
  restarted(): SealedMachine;
  /** Its program anew, which is struck at its n-th change of disk or store. */
  struck(strike: Strike, at: number): { readonly sealing: SealedBase; readonly changes: () => number };
}

/** A team whose programs seal, around one bucket in memory. */
export interface SealedWorld extends Pick<TestWorld, 'bucket'> {
  readonly age: Age;
  /** @param store another than the bucket in memory */
  machine(letter: string, store?: ObjectStore): SealedMachine;
  /** One whose program withholds secrets from what leaves in the clear, as every program does. @param disk another than the real one */
  withholding(letter: string, disk?: MemoryFiles): SealedMachine;
  /** Changes `store.sealedNames` on all of its machines. */
  hideNames(hides: boolean): void;
  end(): Promise<void>;
}

/**
 * Makes one. Call `end` after the test.
 * @param options.hidesNames what `store.sealedNames` says on its machines
 * @param options.scanner one that several worlds share, because starting one takes seconds; whoever made it closes it
 */
export function createSealedWorld({
  hidesNames = false,
  scanner,
}: {
  readonly hidesNames?: boolean;
  readonly scanner?: SecretScanner;
} = {}): SealedWorld {
  const world = createTestWorld();
  const tools: Tools = { age: createAge(), scanner: scanner ?? createSecretScanner(), hidesNames };
  return {
    bucket: world.bucket,
    hideNames: (hides) => void (tools.hidesNames = hides),
    age: tools.age,
    machine: (letter, store) =>
      sealedMachine(tools, world.machine(letter, store === undefined ? {} : { store }), false),
    withholding: (letter, disk) =>
      sealedMachine(tools, world.machine(letter, disk === undefined ? {} : { disk }), true, disk),
    end: async () => {
      if (scanner === undefined) await tools.scanner.close();
      await world.end();
    },
  };
}

interface Tools {
  readonly age: Age;
  readonly scanner: SecretScanner;
  /** What `store.sealedNames` says on every machine. */
  hidesNames: boolean;
}

function sealedMachine(
  tools: Tools,
  machine: TestMachine,
  withholds: boolean,
  disk?: MemoryFiles,
): SealedMachine {
  const { age, scanner } = tools;
  const { paths } = machine;
  const identity = formatMachineIdentity(machine.deps.self.identity);
  if (disk !== undefined) disk.put(paths.machineId, new TextDecoder().decode(identity));
  else {
    mkdirSync(dirname(paths.machineId), { recursive: true });
    writeFileSync(paths.machineId, identity, { flag: 'a' });
  }
  const start = (over: Partial<Pick<SyncDeps, 'files' | 'store'>> = {}): SealedBase => {
    const deps = { ...machine.deps, ...over };
    const machineKeys = createMachineKeys({
      files: deps.files,
      locks: deps.locks,
      clock: deps.clock,
      age,
      keychain: createMemoryKeychain('absent'),
      paths,
      hasRights: true,
    });
    const { opened, keyring, complete } = openSealing(deps.store, {
      ...deps,
      age,
      machineKeys,
      paths,
      hidesNames: () => tools.hidesNames,
    });
    const settings = (): Settings => DEFAULT_SETTINGS;
    const { disk, tools: secrets } = openWithholding(
      paths,
      { ...deps, scanner },
      machineKeys,
      deps.self.hostname,
      settings,
      () => keyring.isSealing(),
    );
    const stored = { ...deps, store: opened, ...(withholds ? disk : {}) };
    const texts = createShardTexts(stored);
    const sync = { ...stored, texts };
    return {
      ...machine.base,
      sync,
      disk: deps.files,
      secrets,
      machineKeys,
      sealing: complete(texts),
    };
  };
  const wrap = (): SealedMachine => {
    const sealing = start();
    return {
      ...machine,
      sealing,
      restarted: wrap,
      struck: (strike, at) => {
        const { changes, ...over } = striking(machine.deps.files, machine.deps.store, strike, at);
        return { sealing: start(over), changes };
      },
      get base() {
        return machine.base;
      },
      // One store stands under all of its programs.
      get fault() {
        return machine.fault;
      },
      set fault(decide) {
        machine.fault = decide;
      },
    };
  };
  return wrap();
}

/** Seals what a machine has, by somebody who keeps the recovery key; throws when it is not all sealed. */
export async function seal(machine: SealedMachine): Promise<SealReport> {
  const { report, problem } = unwrap(await sealStore(machine.sealing, {}));
  if (problem !== null) throw new Error(problem.message);
  if (report.recovery !== null) unwrap(await keepRecovery(machine.sealing));
  return report;
}

/** Has `newcomer` ask, and `member` let it in. */
export async function letIn(member: SealedMachine, newcomer: SealedMachine): Promise<void> {
  const { words } = unwrap(await joinTeam(newcomer.sealing));
  const request = unwrap(await findRequest(member.sealing, newcomer.deps.self.hostname));
  unwrap(await admitMachine(member.sealing, request, words));
}

/** Pulls the index and a log of another machine. @returns the log's text, or the failure of either */
export async function readLog(
  reader: SealedMachine,
  of: SealedMachine,
  path: string,
): Promise<Result<string, AppError>> {
  const index = await pullIndex(reader.sealing, FOR_MIKE);
  const problem = problemOf(index);
  if (problem !== null) return err(problem);
  const { uuid } = of.deps.self;
  const pulled = await pullLogs(reader.sealing, { ids: [logId(uuid, path as LogPath)] }, {});
  if (!pulled.ok) return pulled;
  const [failed] = pulled.value.report.failed;
  if (failed !== undefined) return err(failed.error);
  if (pulled.value.problem !== null) return err(pulled.value.problem);
  return ok(await readFile(join(reader.paths.cache, uuid, path), 'utf8'));
}
