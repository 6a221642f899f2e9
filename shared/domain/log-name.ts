import { parseCalendarDate, type CalendarDate } from './ids.ts';

/** What a log's name and location tell about it. */
export interface LogName {
  /** `daily`: one file per day with many sessions; `session`: one file per session; `other`: any other Markdown file. */
  readonly kind: 'daily' | 'session' | 'other';
  readonly date: CalendarDate | null;
  readonly user: string | null;
  readonly topic: string | null;
  /** `projects/<NAME>/…` */
  readonly project: string | null;
  /** `clients/<slug>/…` */
  readonly client: string | null;
}

const DAILY = /^SESSION-LOG-(\d{4}-\d{2}-\d{2})\.md$/i;
const SESSION = /^(\d{4}-\d{2}-\d{2})-([^-]+)-(.+)\.md$/i;

const NOWHERE = { project: null, client: null } as const;

/**
 * Parses a log's relative path, at any depth (month folders `YYYY-MM/`, `projects/<NAME>/`, `clients/<slug>/`). A trailing
 * `-2` of a session log is the collision discriminator of the save-and-sync document and stays part of the topic, because a
 * topic may itself end in a number.
 */
export function parseLogName(path: string): LogName {
  const cut = path.lastIndexOf('/');
  const file = path.slice(cut + 1);
  const place = cut === -1 ? NOWHERE : placeOf(path.slice(0, cut).split('/'));
  const daily = DAILY.exec(file);
  if (daily) {
    const date = parseCalendarDate(daily[1]);
    if (date.ok) return { kind: 'daily', date: date.value, user: null, topic: null, ...place };
  }
  const session = daily ? null : SESSION.exec(file);
  if (session) {
    const date = parseCalendarDate(session[1]);
    if (date.ok)
      return {
        kind: 'session',
        date: date.value,
        user: session[2] ?? null,
        topic: session[3] ?? null,
        ...place,
      };
  }
  return { kind: 'other', date: null, user: null, topic: null, ...place };
}

const ABOUT =
  /^[_.]?(?:read[_-]?me|index|contents|(?:[\p{L}\p{N}]+[_ .-])*template|template(?:[_ .-][\p{L}\p{N}]+)*)\.md$/iu;

/** True for a file about the logs beside it: a README, an index, a template. */
export function isAboutLogs(path: string): boolean {
  const file = path.slice(path.lastIndexOf('/') + 1);
  return file.length < 200 && !/\d{4}/.test(file) && ABOUT.test(file);
}

function placeOf(folders: readonly string[]): Pick<LogName, 'project' | 'client'> {
  return { project: after(folders, 'projects'), client: after(folders, 'clients') };
}

function after(folders: readonly string[], name: string): string | null {
  const at = folders.indexOf(name);
  return at === -1 ? null : (folders[at + 1] ?? null);
}
