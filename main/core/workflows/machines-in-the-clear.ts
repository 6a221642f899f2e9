import type { Answer } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import { ok } from '../../../shared/result.ts';
import { isNotAdmitted } from '../sealing/sealing-errors.ts';
import type { RunOptions } from '../sync/sync-deps.ts';
import type { SealingBase } from './sealing-base.ts';

/** Another machine of a sealed store that has not sealed everything. */
export interface MachineInTheClear {
  readonly machine: MachineUuid;
  /** From the index. */
  readonly host: string;
  /** It stores in the clear now. */
  readonly storesPlain: boolean;
  /** It declared once that everything of it is sealed. */
  readonly hasMoved: boolean;
}

/**
 * Other machines that store in the clear, or have not said that all of theirs is sealed: somebody decided so there, they run an older
 * program, or did not run the command yet.
 */
export async function machinesInTheClear(
  { sync, sealing: { deps } }: Pick<SealingBase, 'sync' | 'sealing'>,
  options: Pick<RunOptions, 'signal'>,
): Answer<readonly MachineInTheClear[]> {
  const machines = await sync.index.machines();
  if (!machines.ok) return machines;
  const heads = await deps.store.list(sync.layout.heads, options);
  if (!heads.ok) return heads;
  const plain = new Set(
    heads.value.objects.filter(({ metadata }) => metadata['codec'] !== 'age').map(({ name }) => name),
  );
  const found: MachineInTheClear[] = [];
  for (const { machine, host, own } of machines.value) {
    if (own) continue;
    const moved = await deps.keyring.hasMoved(machine);
    if (!moved.ok) return moved;
    const storesPlain = plain.has(sync.layout.head(machine));
    if (!moved.value || storesPlain) found.push({ machine, host, storesPlain, hasMoved: moved.value });
  }
  return ok(found);
}

/** The same for a member of a sealed store; null where nothing is sealed, or this machine has no key. */
export async function lookInTheClear(
  base: Pick<SealingBase, 'sync' | 'sealing'>,
): Answer<readonly MachineInTheClear[] | null> {
  const newest = await base.sealing.deps.keyring.newest();
  if (!newest.ok) return isNotAdmitted(newest.error) ? ok(null) : newest;
  return newest.value === null ? ok(null) : machinesInTheClear(base, {});
}
