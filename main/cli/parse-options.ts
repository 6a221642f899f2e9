import { type AppError, fail, type Answer } from '../../shared/app-error.ts';
import type { MachineUuid } from '../../shared/domain/ids.ts';
import type { LogPlace, LogQuery, MachineRow } from '../../shared/domain/log-query.ts';
import type { Settings } from '../../shared/domain/settings.ts';
import { dayOf } from '../../shared/format/time.ts';
import { ok, type Result } from '../../shared/result.ts';
import { findMachine } from '../core/logs/find-machine.ts';
import type { LogIndex } from '../core/ports/log-index.ts';
import type { WorkspaceRoot } from '../core/workspaces/workspace-roots.ts';
import { parseDayWord } from './day-words.ts';

/** The options that select logs, as parsed by commander. */
export interface SelectOptions {
  readonly machine?: readonly string[];
  readonly user?: readonly string[];
  readonly project?: readonly string[];
  readonly client?: readonly string[];
  readonly date?: string;
  readonly from?: string;
  readonly to?: string;
  readonly place?: readonly string[];
  readonly captured?: boolean;
  readonly files?: boolean;
  readonly oldest?: boolean;
  readonly offset?: string;
  readonly limit?: string;
}

/** Values of `--place`: those of the index and those shown in the list. */
const PLACES: ReadonlyMap<string, LogPlace> = new Map([
  ['workspace', 'workspace'],
  ['local', 'local'],
  ['here', 'local'],
  ['cached', 'cached'],
  ['git', 'git'],
  ['store', 'store'],
]);

/** The zone for times of day: the setting's, else the system's. IANA name. */
export function zoneOf({ app }: Pick<Settings, 'app'>): string {
  return app.timeZone === '' ? new Intl.DateTimeFormat('en-US').resolvedOptions().timeZone : app.timeZone;
}

/**
 * Converts a command's selecting options to a query; names of machines are looked up in the index.
 * @param workspaces whose logs are listed: a row that only a workspace has is listed under its name
 * @param timeZone IANA name of the zone that determines today; only called when days are named, because it costs a process 40 ms
 */
export async function parseSelection(
  options: SelectOptions,
  text: readonly string[],
  index: LogIndex,
  timeZone: () => string,
  workspaces: readonly WorkspaceRoot[] = [],
): Answer<LogQuery> {
  const machines = await parseOrigins(options.machine ?? [], index, workspaces);
  if (!machines.ok) return machines;
  const days = parseDays(options, timeZone);
  if (!days.ok) return days;
  const { from, to } = days.value;
  const places = parsePlaces(options.place ?? []);
  if (!places.ok) return places;
  const [limit, offset] = [parseCount('limit', options.limit, 1), parseCount('offset', options.offset, 0)];
  if (!limit.ok) return limit;
  if (!offset.ok) return offset;
  return ok({
    ...(machines.value.length > 0 ? { machines: machines.value } : {}),
    ...(options.user ? { users: options.user } : {}),
    ...(options.project ? { projects: options.project } : {}),
    ...(options.client ? { clients: options.client } : {}),
    ...(places.value.length > 0 ? { places: places.value } : {}),
    ...(options.captured === undefined ? {} : { captured: options.captured }),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(text.length > 0 ? { text: text.join(' ') } : {}),
    ...(options.files ? { files: true } : {}),
    ...(limit.value === undefined ? {} : { limit: limit.value }),
    ...(offset.value === undefined ? {} : { offset: offset.value }),
    order: options.oldest ? 'oldest' : 'newest',
  });
}

function parseDays(
  { date, from, to }: SelectOptions,
  timeZone: () => string,
): Result<Pick<LogQuery, 'from' | 'to'>, AppError> {
  if (date === undefined && from === undefined && to === undefined) return ok({});
  const today = dayOf(Date.now(), timeZone());
  const read = (
    option: 'from' | 'to',
    text: string | undefined,
  ): Result<Pick<LogQuery, 'from' | 'to'>, AppError> => {
    if (date !== undefined || text !== undefined) {
      const day = parseDayWord(date === undefined ? option : 'date', date ?? text ?? '', today);
      return day.ok ? ok({ [option]: day.value }) : day;
    }
    return ok({});
  };
  const [first, last] = [read('from', from), read('to', to)];
  if (!first.ok) return first;
  if (!last.ok) return last;
  const days = { ...first.value, ...last.value };
  if (days.from !== undefined && days.to !== undefined && days.from > days.to)
    return fail(
      'usage',
      `--from ${days.from} is after --to ${days.to}.`,
      'Give the earlier day with --from.',
    );
  return ok(days);
}

function parsePlaces(words: readonly string[]): Result<readonly LogPlace[], AppError> {
  const unknown = words.filter((word) => !PLACES.has(word));
  if (unknown.length === 0) return ok([...new Set(words.flatMap((word) => PLACES.get(word) ?? []))]);
  return fail(
    'usage',
    `--place takes ${[...PLACES.keys()].join(', ')}, not ${unknown.join(', ').slice(0, 80)}.`,
    'See `session-log list --help`.',
  );
}

/** Like {@link parseMachines}, plus workspaces by name, as shown in the machine column. */
async function parseOrigins(
  names: readonly string[],
  index: LogIndex,
  workspaces: readonly WorkspaceRoot[],
): Answer<readonly MachineUuid[]> {
  const found: MachineUuid[] = [];
  for (const name of names) {
    const roots = workspaces.filter((root) => root.name.toLowerCase() === name.trim().toLowerCase());
    const machines = await parseMachines([name], index);
    if (!machines.ok && (roots.length === 0 || machines.error.code !== 'not-found')) return machines;
    found.push(
      ...roots.map(({ machine }) => machine),
      ...(machines.ok ? machines.value.map(({ machine }) => machine) : []),
    );
  }
  return ok(found);
}

/** Looks up machines by UUID prefix or host name. */
export async function parseMachines(
  names: readonly string[],
  index: LogIndex,
): Answer<readonly MachineRow[]> {
  if (names.length === 0) return ok([]);
  const all = await index.machines();
  if (!all.ok) return all;
  const found: MachineRow[] = [];
  for (const name of names) {
    const machine = findMachine(all.value, name);
    if (!machine.ok) return machine;
    found.push(machine.value);
  }
  return ok(found);
}

/** Parses a whole number of at least `least`; undefined when the option was not given. */
export function parseCount(
  name: string,
  value: string | undefined,
  least: number,
): Result<number | undefined, AppError> {
  if (value === undefined) return ok(undefined);
  const count = Number(value);
  if (/^\d{1,9}$/.test(value) && count >= least) return ok(count);
  return fail(
    'usage',
    `--${name} takes a whole number of at least ${least}, not "${value.slice(0, 40)}".`,
    'See --help.',
  );
}

/** Collects an option that may be given several times. */
export function several(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
