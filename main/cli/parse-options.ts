import { appError, type AppError } from '../../shared/app-error.ts';
import { parseCalendarDate } from '../../shared/domain/ids.ts';
import type { LogPlace, LogQuery, MachineRow } from '../../shared/domain/log-query.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { findMachine } from '../core/logs/find-machine.ts';
import type { LogIndex } from '../core/ports/log-index.ts';

/** The words that select logs, as commander gives them. */
export interface SelectOptions {
  readonly machine?: readonly string[];
  readonly user?: readonly string[];
  readonly project?: readonly string[];
  readonly client?: readonly string[];
  readonly date?: string;
  readonly from?: string;
  readonly to?: string;
  readonly place?: readonly string[];
  readonly oldest?: boolean;
  readonly offset?: string;
  readonly limit?: string;
}

const PLACES: readonly LogPlace[] = ['local', 'cached', 'store'];

/** Turns the selecting options of a command into a query; names of machines are looked up in the index. */
export async function parseSelection(
  options: SelectOptions,
  text: readonly string[],
  index: LogIndex,
): Promise<Result<LogQuery, AppError>> {
  const machines = await parseMachines(options.machine ?? [], index);
  if (!machines.ok) return machines;
  const days = [options.date ?? options.from, options.date ?? options.to].map((day) =>
    day === undefined ? ok(undefined) : parseCalendarDate(day),
  );
  const bad = days.find((day) => !day.ok);
  if (bad && !bad.ok) return bad;
  const [from, to] = days.map((day) => (day.ok ? day.value : undefined));
  const places = (options.place ?? []).filter((place) => !PLACES.includes(place as LogPlace));
  if (places.length > 0)
    return err(
      appError(
        'usage',
        `--place takes ${PLACES.join(', ')}, not ${places.join(', ')}.`,
        'See `session-log list --help`.',
      ),
    );
  const [limit, offset] = [parseCount('limit', options.limit, 1), parseCount('offset', options.offset, 0)];
  if (!limit.ok) return limit;
  if (!offset.ok) return offset;
  return ok({
    ...(machines.value.length > 0 ? { machines: machines.value.map((row) => row.machine) } : {}),
    ...(options.user ? { users: options.user } : {}),
    ...(options.project ? { projects: options.project } : {}),
    ...(options.client ? { clients: options.client } : {}),
    ...(options.place ? { places: options.place as LogPlace[] } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(text.length > 0 ? { text: text.join(' ') } : {}),
    ...(limit.value === undefined ? {} : { limit: limit.value }),
    ...(offset.value === undefined ? {} : { offset: offset.value }),
    order: options.oldest ? 'oldest' : 'newest',
  });
}

/** Looks machines up by UUID prefix or host name. */
export async function parseMachines(
  names: readonly string[],
  index: LogIndex,
): Promise<Result<readonly MachineRow[], AppError>> {
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

/** A whole number of at least `least`; undefined when the option was not given. */
export function parseCount(
  name: string,
  value: string | undefined,
  least: number,
): Result<number | undefined, AppError> {
  if (value === undefined) return ok(undefined);
  const count = Number(value);
  if (/^\d{1,9}$/.test(value) && count >= least) return ok(count);
  return err(
    appError(
      'usage',
      `--${name} takes a whole number of at least ${least}, not "${value.slice(0, 40)}".`,
      'See --help.',
    ),
  );
}

/** Collects an option that may be given several times. */
export function several(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
