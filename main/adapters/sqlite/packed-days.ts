import { dayText } from '../../../shared/domain/day-number.ts';
import type { CalendarDate, MachineUuid } from '../../../shared/domain/ids.ts';
import type { DayCount } from '../../../shared/domain/log-query.ts';

/** Logs per machine and day, packed: a year of a hundred machines has 36,500 of them. */
export interface PackedDays {
  readonly machines: readonly (readonly [no: number, machine: MachineUuid])[];
  /** A JSON list of `day, machine's number, logs`, flat. */
  readonly counts: string;
}

/** Sums the counts in {@link PackedDays} by day. */
export function unpackDays({ machines, counts }: PackedDays): readonly DayCount[] {
  const uuids = new Map(machines);
  const numbers = JSON.parse(counts) as number[];
  const dates = new Map<number, CalendarDate>();
  const days: DayCount[] = [];
  for (let at = 0; at < numbers.length; at += 3) {
    const [day, no, logs] = [numbers[at] as number, numbers[at + 1] as number, numbers[at + 2] as number];
    const machine = uuids.get(no);
    if (!machine) continue;
    const date = dates.get(day) ?? (dayText(day) as CalendarDate);
    dates.set(day, date);
    days.push({ machine, date, logs });
  }
  return days;
}
