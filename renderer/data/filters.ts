import { NO_FILTERS, type ListFilters } from '../../shared/ipc/list-filters.ts';
import type { ListQuery } from './use-log-list.ts';

/** Daily logs by machine, place and day: everything else applies to their sessions. */
export type DailyQuery = Pick<ListQuery, 'machines' | 'places' | 'from' | 'to'>;

/** The filters that a person can remove one by one. */
export type ListFilter = 'machines' | 'users' | 'projects' | 'clients' | 'places';

/** True when the filters include words. */
export function isSearched(filters: ListFilters): boolean {
  return filters.text.trim() !== '';
}

/** True when the filters include anything but words: a day, a machine, a person. */
export function isNarrowed(filters: ListFilters): boolean {
  return filters.from !== null || filters.to !== null || countFilters(filters) > 0;
}

/** The same without words. */
export function withoutSearch(filters: ListFilters): ListFilters {
  return { ...filters, text: '' };
}

/** The same words, grouping and order, without other filters. */
export function withoutFilters(filters: ListFilters): ListFilters {
  return { ...NO_FILTERS, text: filters.text, groupBy: filters.groupBy, order: filters.order };
}

/** Which daily logs fold under their days: none if a filter applies only to their sessions. */
export function dailyQueryOf(filters: ListFilters): DailyQuery | null {
  const { users, projects, clients, groupBy, captured } = filters;
  // Daily logs are written by saves.
  if (captured === true) return null;
  if (isSearched(filters) || groupBy !== 'day' || users.length + projects.length + clients.length > 0)
    return null;
  const { machines, places, from, to } = queryOf(filters);
  return {
    ...(machines === undefined ? {} : { machines }),
    ...(places === undefined ? {} : { places }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

/** The number of selected values, except words and dates. */
export function countFilters(filters: ListFilters): number {
  const lists = [filters.machines, filters.users, filters.projects, filters.clients, filters.places];
  return lists.reduce((sum, list) => sum + list.length, filters.captured === null ? 0 : 1);
}

/** The query for these filters. */
export function queryOf(filters: ListFilters): ListQuery {
  const text = filters.text.trim();
  return {
    ...(text === '' ? {} : { text }),
    ...(filters.machines.length === 0 ? {} : { machines: [...filters.machines] }),
    ...(filters.users.length === 0 ? {} : { users: [...filters.users] }),
    ...(filters.projects.length === 0 ? {} : { projects: [...filters.projects] }),
    ...(filters.clients.length === 0 ? {} : { clients: [...filters.clients] }),
    ...(filters.places.length === 0 ? {} : { places: [...filters.places] }),
    ...(filters.captured === null ? {} : { captured: filters.captured }),
    ...(filters.from === null ? {} : { from: filters.from }),
    ...(filters.to === null ? {} : { to: filters.to }),
    groupBy: filters.groupBy,
    order: filters.order,
  };
}

/** Adds a value to a list filter, or removes it. */
export function toggle<T>(list: readonly T[], value: T): readonly T[] {
  return list.includes(value) ? list.filter((one) => one !== value) : [...list, value];
}
