import { isObject } from '../json.ts';
import type { Settings } from './settings.ts';

type Values = Readonly<Record<string, unknown>>;

/**
 * Rebases a change onto settings that somebody else has changed meanwhile: what it touched is taken from it, the rest from the current
 * settings. Lists are merged by additions and removals, objects key by key.
 * @param over the settings the change was based on
 * @param wanted the changed settings
 * @param now the current file
 */
export function rebaseSettings(over: Settings, wanted: Settings, now: Settings): Settings {
  return rebased(over, wanted, now) as Settings;
}

function rebased(over: unknown, wanted: unknown, now: unknown): unknown {
  if (isSame(over, wanted)) return now;
  if (isObject(over) && isObject(wanted) && isObject(now)) return rebasedObject(over, wanted, now);
  if (Array.isArray(over) && Array.isArray(wanted) && Array.isArray(now))
    return rebasedList(over, wanted, now);
  return wanted;
}

function rebasedObject(over: Values, wanted: Values, now: Values): Values {
  const entries: [string, unknown][] = [];
  for (const key of new Set([...Object.keys(now), ...Object.keys(wanted)])) {
    const [was, will, is] = [over, wanted, now].map((one) =>
      Object.hasOwn(one, key) ? one[key] : undefined,
    );
    const value = rebased(was, will, is);
    if (value !== undefined) entries.push([key, value]);
  }
  return Object.fromEntries(entries);
}

function rebasedList(
  over: readonly unknown[],
  wanted: readonly unknown[],
  now: readonly unknown[],
): readonly unknown[] {
  // Nobody else changed it: the order in the change counts, too.
  if (isSame(over, now)) return wanted;
  const added = wanted.filter((one) => !over.includes(one) && !now.includes(one));
  return [...now.filter((one) => wanted.includes(one) || !over.includes(one)), ...added];
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
