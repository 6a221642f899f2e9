/** Which tasks the pending page shows; part of its address. */
export interface TaskFilters {
  /** Short name of a person; null for everybody. */
  readonly person: string | null;
  /** A project or client; null for all. */
  readonly project: string | null;
  /** Only what the reader wrote. */
  readonly mine: boolean;
  /** Includes completed tasks. */
  readonly done: boolean;
}

/** Every open task. */
export const EVERY_TASK: TaskFilters = { person: null, project: null, mine: false, done: false };

/** Maximum characters of a name, as in the channel. */
const LONGEST = 200;

/** Formats filters as an address query, e.g. `person=mara&done=1`; empty without filters. */
export function writeTaskFilters(filters: TaskFilters): string {
  const query = new URLSearchParams();
  if (filters.person !== null) query.set('person', filters.person);
  if (filters.project !== null) query.set('project', filters.project);
  if (filters.mine) query.set('mine', '1');
  if (filters.done) query.set('done', '1');
  return query.toString();
}

/** Parses an address query; anything else is ignored. */
export function readTaskFilters(text: string): TaskFilters {
  const query = new URLSearchParams(text);
  const name = (key: string): string | null => {
    const value = query.get(key);
    return value === null || value === '' || value.length > LONGEST || /\p{Cc}/u.test(value) ? null : value;
  };
  return {
    person: name('person'),
    project: name('project'),
    mine: query.get('mine') === '1',
    done: query.get('done') === '1',
  };
}
