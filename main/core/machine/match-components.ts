import { isUniquePart } from './derive-uuid.ts';

type Components = Readonly<Record<string, string>>;

/** How a part of the hardware stands against what was recorded. */
export type ComponentState = 'same' | 'changed' | 'missing' | 'new';

/** Recorded parts against present ones. */
export interface ComponentMatch {
  readonly states: readonly { readonly name: string; readonly state: ComponentState }[];
  /** How many of the recorded ones are the same. */
  readonly matching: number;
  /** How many are recorded. */
  readonly of: number;
  /** True when at least one part that only one machine has is the same. */
  readonly unique: boolean;
}

/** Compares what was recorded with what is there now. */
export function matchComponents(recorded: Components, present: Components): ComponentMatch {
  const names = [...new Set([...Object.keys(recorded), ...Object.keys(present)])].sort();
  const states = names.map((name) => ({ name, state: stateOf(recorded[name], present[name]) }));
  const same = states.filter(({ state }) => state === 'same');
  return {
    states,
    matching: same.length,
    of: Object.keys(recorded).length,
    unique: same.some(({ name }) => isUniquePart(name)),
  };
}

/**
 * Where a data folder is, judged by its recorded hardware: `same` machine, one with a few parts `changed`, or `elsewhere`, that
 * is every part that only one machine has was recorded, is there, and is another. A part that cannot be seen is no evidence.
 */
export function placeOf(recorded: Components, present: Components): 'same' | 'changed' | 'elsewhere' {
  const { states, unique } = matchComponents(recorded, present);
  const changed = states.filter(({ state }) => state === 'changed');
  if (!unique && changed.some(({ name }) => isUniquePart(name))) return 'elsewhere';
  return changed.length > 0 ? 'changed' : 'same';
}

/**
 * True when recorded hardware may be this machine's older self: at least half of it, and something that only one machine has.
 * (Two laptops of one product line share processor and model.)
 */
export function mayBeSameMachine({ matching, of, unique }: ComponentMatch): boolean {
  return unique && matching * 2 >= of;
}

function stateOf(recorded: string | undefined, present: string | undefined): ComponentState {
  if (recorded === undefined) return 'new';
  if (present === undefined) return 'missing';
  return recorded === present ? 'same' : 'changed';
}
