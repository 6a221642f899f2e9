import * as v from 'valibot';
import type { Answer } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import { ok } from '../../../shared/result.ts';
import { MIB, recallState, stateObject, writeState } from '../files/state-file.ts';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { KeyNames } from './key-names.ts';

/** Machines that declared all of their objects sealed. */
export interface MovedMachines {
  /** Whether a machine has declared so. A withdrawal is never believed. */
  hasMoved(machine: MachineUuid): Answer<boolean>;
  /** Keeps that a machine has. */
  keepMoved(machine: MachineUuid): Answer<void>;
}

interface Deps {
  readonly files: Files;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly store: ObjectStore;
}

/** How long the store's answer is valid, milliseconds: a window stays open for days. */
const LOOK_AGAIN_MS = 60_000;
const FORMAT = { schema: stateObject({ moved: v.array(v.string()) }), maxBytes: MIB };

/** Whether an answer is still valid. @param at monotonic milliseconds; null when nothing was asked yet */
export function isRecent(clock: Pick<Clock, 'monotonic'>, at: number | null): boolean {
  return at !== null && clock.monotonic() - at < LOOK_AGAIN_MS;
}

/** @param folder where it is kept, absolute */
export function createMovedMachines(
  { files, clock, store }: Deps,
  names: Pick<KeyNames, 'moved'>,
  folder: string,
): MovedMachines {
  let kept: Set<string> | null = null;
  let askedAt: number | null = null;
  const path = `${folder}/moved.json`;
  const known = async (): Promise<Set<string>> => {
    kept ??= new Set((await recallState(files, path, FORMAT))?.moved);
    return kept;
  };
  return {
    hasMoved: async (machine) => {
      const moved = await known();
      if (moved.has(machine) || isRecent(clock, askedAt)) return ok(moved.has(machine));
      const page = await store.list(names.moved);
      if (!page.ok) return page;
      askedAt = clock.monotonic();
      const before = moved.size;
      for (const { name } of page.value.objects)
        moved.add(name.slice(names.moved.length).replace(/\.txt$/, ''));
      if (moved.size > before) {
        const written = await writeState(files, path, { schema: 1, moved: [...moved] });
        if (!written.ok) return written;
      }
      return ok(moved.has(machine));
    },
    keepMoved: async (machine) => {
      const moved = await known();
      moved.add(machine);
      return await writeState(files, path, { schema: 1, moved: [...moved] });
    },
  };
}
