import { isUniquePart } from './derive-uuid.ts';

type Components = Readonly<Record<string, string>>;

/** A hardware part compared with its record. */
export type ComponentState = 'same' | 'changed' | 'missing' | 'new';

/** Recorded and present parts compared. */
export interface ComponentMatch {
  readonly states: readonly { readonly name: string; readonly state: ComponentState }[];
  /** Number of unchanged recorded parts. */
  readonly matching: number;
  /** Recorded parts. */
  readonly of: number;
  /** Whether at least one part unique to one machine is unchanged. */
  readonly unique: boolean;
}

/** Compares recorded hardware with the present one. */
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
 * Judges where a data folder is by its recorded hardware: `same` machine, one with a few parts `changed`, or `elsewhere`: every part unique
 * to one machine was recorded, is present, and differs. An invisible part is no evidence.
 */
export function placeOf(recorded: Components, present: Components): 'same' | 'changed' | 'elsewhere' {
  const { states, unique } = matchComponents(recorded, present);
  const changed = states.filter(({ state }) => state === 'changed');
  if (!unique && changed.some(({ name }) => isUniquePart(name))) return 'elsewhere';
  return changed.length > 0 ? 'changed' : 'same';
}

/**
 * Whether recorded hardware may be this machine's older self: at least half of it, and something unique to one machine. (Two laptops of one
 * product line share processor and model.)
 */
export function mayBeSameMachine({ matching, of, unique }: ComponentMatch): boolean {
  return unique && matching * 2 >= of;
}

function stateOf(recorded: string | undefined, present: string | undefined): ComponentState {
  if (recorded === undefined) return 'new';
  if (present === undefined) return 'missing';
  return recorded === present ? 'same' : 'changed';
}
