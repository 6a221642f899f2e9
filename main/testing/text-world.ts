import type { LogPath, MachineUuid } from '../../shared/domain/ids.ts';
import type { TextPackRef } from '../../shared/domain/log-entry.ts';
import { ok } from '../../shared/result.ts';
import { readPackRefs } from '../core/text-packs/read-refs.ts';
import { createShardTexts } from '../core/text-packs/publish-texts.ts';
import type { PackedText, TextSink } from '../core/text-packs/text-sink.ts';
import type { SyncDeps } from '../core/sync/sync-deps.ts';
import type { TestMachine } from './sync-world.ts';

/** A test machine that publishes text packs, on days that the test names. */
export interface TextMachine extends TestMachine {
  /** Moves its clock to noon of a day, `YYYY-MM-DD`. */
  on(day: string): void;
}

/** Lets a machine publish the text of its logs. */
export function publishingTexts(machine: TestMachine): TextMachine {
  let now = Date.UTC(2026, 10, 20, 12);
  const clock = { ...machine.deps.clock, now: () => now };
  const deps: SyncDeps = { ...machine.deps, clock };
  return Object.assign(machine, {
    deps: { ...deps, texts: createShardTexts(deps) },
    on: (day: string) => {
      now = new Date(`${day}T12:00:00`).getTime();
    },
  });
}

/** The packs that a machine's head names, and what is in each. */
export async function packsOf(
  { deps }: Pick<TestMachine, 'deps'>,
  machine: MachineUuid = deps.self.uuid,
): Promise<readonly (TextPackRef & { readonly texts: ReadonlyMap<string, string> })[]> {
  const read = async (name: string): Promise<Uint8Array> => {
    const found = await deps.store.get(name);
    if (!found.ok || found.value === null) throw new Error(`${name} is not in the store`);
    return (await deps.bytes.gunzip(found.value.bytes, 1e9)) as Uint8Array;
  };
  const head = JSON.parse(new TextDecoder().decode(await read(deps.layout.head(machine)))) as {
    readonly texts?: unknown;
  };
  const refs = readPackRefs(head.texts);
  if (refs === null) throw new Error('the head names no packs that a reader takes');
  return await Promise.all(
    refs.map(async (ref) => {
      const lines = new TextDecoder().decode(await read(deps.layout.textPack(machine, ref.name)));
      const logs = lines.trimEnd().split('\n').slice(1);
      const texts = logs.map((line) => JSON.parse(line) as PackedText);
      return { ...ref, texts: new Map(texts.map(({ path, text }) => [path, text])) };
    }),
  );
}

/** A sink that keeps all it is given. */
export interface MemoryTexts extends TextSink {
  /** `<first letter of the machine>/<path>` to the text. */
  readonly texts: Map<string, string>;
  /** Paths, in the order in which they were put. */
  readonly puts: LogPath[];
}

export function createMemoryTexts(): MemoryTexts {
  const texts = new Map<string, string>();
  const puts: LogPath[] = [];
  const isOf = (machine: MachineUuid) => (key: string) => key.startsWith(`${machine.slice(0, 1)}/`);
  return {
    texts,
    puts,
    put: async ({ machine }, arrived) => {
      for (const { path, text } of arrived) {
        puts.push(path);
        texts.set(`${machine.slice(0, 1)}/${path}`, text);
      }
      return ok(undefined);
    },
    drop: async (logs) => {
      for (const { machine, path } of logs) texts.delete(`${machine.slice(0, 1)}/${path}`);
      return ok(undefined);
    },
    missing: async (machines) =>
      ok(new Set(machines.filter((machine) => ![...texts.keys()].some(isOf(machine))))),
    forget: async (machine) => {
      for (const key of [...texts.keys()].filter(isOf(machine))) texts.delete(key);
      return ok(undefined);
    },
  };
}
