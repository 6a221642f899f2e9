import type { CalendarDate, MachineUuid } from '../../shared/domain/ids.ts';
import type { LogPlace } from '../../shared/domain/log-query.ts';
import type { ListQuery } from './use-log-list.ts';

/** What a person has chosen to see. Lists are "any of these"; an empty one means all. */
export interface Filters {
  readonly text: string;
  readonly machines: readonly MachineUuid[];
  readonly users: readonly string[];
  readonly projects: readonly string[];
  readonly clients: readonly string[];
  readonly places: readonly LogPlace[];
  /** Inclusive days. */
  readonly from: CalendarDate | null;
  readonly to: CalendarDate | null;
  readonly groupBy: 'day' | 'machine';
  readonly order: 'newest' | 'oldest';
}

export const NO_FILTERS: Filters = {
  text: '',
  machines: [],
  users: [],
  projects: [],
  clients: [],
  places: [],
  from: null,
  to: null,
  groupBy: 'day',
  order: 'newest',
};

/** The filters that a person can take away one by one. */
export type ListFilter = 'machines' | 'users' | 'projects' | 'clients' | 'places';

/** True when something is filtered; grouping and order hide nothing. */
export function isFiltered(filters: Filters): boolean {
  return (
    filters.text.trim() !== '' ||
    filters.from !== null ||
    filters.to !== null ||
    [filters.machines, filters.users, filters.projects, filters.clients, filters.places].some(
      (list) => list.length > 0,
    )
  );
}

/** How many values are chosen, words and dates aside. */
export function countFilters(filters: Filters): number {
  const lists = [filters.machines, filters.users, filters.projects, filters.clients, filters.places];
  return lists.reduce((sum, list) => sum + list.length, 0);
}

/** The query that shows what was chosen. */
export function queryOf(filters: Filters): ListQuery {
  const text = filters.text.trim();
  return {
    ...(text === '' ? {} : { text }),
    ...(filters.machines.length === 0 ? {} : { machines: [...filters.machines] }),
    ...(filters.users.length === 0 ? {} : { users: [...filters.users] }),
    ...(filters.projects.length === 0 ? {} : { projects: [...filters.projects] }),
    ...(filters.clients.length === 0 ? {} : { clients: [...filters.clients] }),
    ...(filters.places.length === 0 ? {} : { places: [...filters.places] }),
    ...(filters.from === null ? {} : { from: filters.from }),
    ...(filters.to === null ? {} : { to: filters.to }),
    groupBy: filters.groupBy,
    order: filters.order,
  };
}

/** Adds a value to a list filter, or takes it away. */
export function toggle<T>(list: readonly T[], value: T): readonly T[] {
  return list.includes(value) ? list.filter((one) => one !== value) : [...list, value];
}
