import { parseCalendarDate, parseMachineUuid, type CalendarDate, type MachineUuid } from '../domain/ids.ts';
import { LOG_PLACES, type LogPlace } from '../domain/log-query.ts';

/** The filters chosen for the list. Lists mean "any of these"; an empty one means all. */
export interface ListFilters {
  readonly text: string;
  readonly machines: readonly MachineUuid[];
  readonly users: readonly string[];
  readonly projects: readonly string[];
  readonly clients: readonly string[];
  readonly places: readonly LogPlace[];
  /** True: only logs made from agents' transcripts; false: only hand-written ones; null: both. */
  readonly captured: boolean | null;
  /** Inclusive days. */
  readonly from: CalendarDate | null;
  readonly to: CalendarDate | null;
  readonly groupBy: 'day' | 'machine';
  readonly order: 'newest' | 'oldest';
}

export const NO_FILTERS: ListFilters = {
  text: '',
  machines: [],
  users: [],
  projects: [],
  clients: [],
  places: [],
  captured: null,
  from: null,
  to: null,
  groupBy: 'day',
  order: 'newest',
};

/** Maximum values of one filter read from an address; nobody selects more by hand. */
const MOST_VALUES = 100;
const LONGEST_TEXT = 500;
const LONGEST_NAME = 300;

/** Formats the filters as an address query, e.g. `q=retries&project=harbor&from=2026-01-05`; empty without filters. */
export function writeFilters(filters: ListFilters): string {
  const { text, from, to } = filters;
  const pairs: readonly (readonly [string, string])[] = [
    ...(text.trim() === '' ? [] : [['q', text.slice(0, LONGEST_TEXT)] as const]),
    ...named('machine', filters.machines),
    ...named('place', filters.places),
    ...named('person', filters.users),
    ...named('project', filters.projects),
    ...named('client', filters.clients),
    ...(filters.captured === null ? [] : [['made', filters.captured ? 'captured' : 'written'] as const]),
    ...(from === null ? [] : [['from', from] as const]),
    ...(to === null ? [] : [['to', to] as const]),
    ...(filters.groupBy === 'day' ? [] : [['by', filters.groupBy] as const]),
    ...(filters.order === 'newest' ? [] : [['order', filters.order] as const]),
  ];
  return pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
}

function named(name: string, values: readonly string[]): readonly (readonly [string, string])[] {
  return values.slice(0, MOST_VALUES).map((value) => [name, value] as const);
}

/** Parses an address query. Addresses come from anywhere: invalid parts are ignored. */
export function readFilters(query: string): ListFilters {
  const pairs = query.split('&').flatMap(readPair);
  const all = (name: string): string[] =>
    [...new Set(pairs.filter((pair) => pair.name === name).map((pair) => pair.value))].slice(0, MOST_VALUES);
  const one = (name: string): string => pairs.find((pair) => pair.name === name)?.value ?? '';
  const names = (name: string): string[] =>
    all(name).filter((value) => value !== '' && value.length <= LONGEST_NAME);
  return {
    text: one('q').slice(0, LONGEST_TEXT),
    machines: all('machine').flatMap((value) => {
      const machine = parseMachineUuid(value);
      return machine.ok ? [machine.value] : [];
    }),
    users: names('person'),
    projects: names('project'),
    clients: names('client'),
    places: LOG_PLACES.filter((place) => all('place').includes(place)),
    captured: one('made') === 'captured' ? true : one('made') === 'written' ? false : null,
    from: dayOrNull(one('from')),
    to: dayOrNull(one('to')),
    groupBy: one('by') === 'machine' ? 'machine' : 'day',
    order: one('order') === 'oldest' ? 'oldest' : 'newest',
  };
}

function dayOrNull(text: string): CalendarDate | null {
  const day = parseCalendarDate(text);
  return day.ok ? day.value : null;
}

function readPair(pair: string): { readonly name: string; readonly value: string }[] {
  const cut = pair.indexOf('=');
  if (cut < 1) return [];
  try {
    const value = decodeURIComponent(pair.slice(cut + 1));
    return value.includes('\0') ? [] : [{ name: pair.slice(0, cut), value }];
  } catch {
    return [];
  }
}
