import * as v from 'valibot';
import type { Answer } from '../../../shared/app-error.ts';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import { ok } from '../../../shared/result.ts';
import { stateObject, writeState } from '../files/state-file.ts';
import type { Files } from '../ports/files.ts';
import type { LogIndex } from '../ports/log-index.ts';

const text = v.pipe(v.string(), v.maxLength(200));
const SESSION = v.object({
  title: text,
  user: text,
  host: text,
  day: text,
  /** Open tasks of its thread; null unless its log is the newest of one. */
  tasks: v.nullable(v.number()),
});
/** Facts about one project, client or workspace. */
const PROJECT = v.object({
  /** The newest sessions, at most {@link SESSIONS}. */
  sessions: v.array(SESSION),
  /** Who worked on it when, newest first: user and epoch milliseconds. */
  recent: v.array(v.tuple([text, v.number()])),
});

export type BriefSession = v.InferOutput<typeof SESSION>;
export type BriefProject = v.InferOutput<typeof PROJECT>;

/** `state/brief.json`: the start of an agent's session, so that the hook opens no database. Regenerable. */
export const BRIEF_FORMAT = {
  schema: stateObject({
    // Each is parsed on demand: a hook needs one, and has some milliseconds.
    projects: v.record(v.string(), v.unknown()),
    /** When each person last looked at the news: short name and epoch milliseconds; absent in an older program's file. */
    looked: v.optional(v.array(v.tuple([text, v.number()])), []),
  }),
  // A hook can read and parse this within some milliseconds.
  maxBytes: 512 * 1024,
};

/** One project of the file; null when damaged. */
export function readProject(written: unknown): BriefProject | null {
  const parsed = v.safeParse(PROJECT, written);
  return parsed.success ? parsed.output : null;
}

/** Sessions a brief lists; sessions counted; projects in the file; rows read for it. */
const [SESSIONS, RECENT, PROJECTS, LOOKED_AT] = [3, 30, 300, 1_000];
/** Most people with known looks. */
const READERS = 200;

/** A brief's facts besides the sessions. */
export interface BriefFacts {
  /** Open tasks by row id. */
  readonly tasks: ReadonlyMap<string, number>;
  /** When each person last looked at the news, by short name. */
  readonly looked: ReadonlyMap<string, number>;
}

/** Writes the brief of every project from the local index. */
export async function saveBrief(
  deps: { readonly files: Files; readonly index: Pick<LogIndex, 'page'> },
  path: string,
  { tasks, looked }: BriefFacts,
): Answer<void> {
  const page = await deps.index.page({ limit: LOOKED_AT });
  if (!page.ok) return page;
  const projects: Record<string, BriefProject> = {};
  for (const row of page.value.rows)
    for (const key of keysOf(row)) {
      const known = (Object.hasOwn(projects, key) ? projects[key] : null) ?? { sessions: [], recent: [] };
      if (Object.keys(projects).length >= PROJECTS && !Object.hasOwn(projects, key)) continue;
      projects[key] = {
        sessions:
          known.sessions.length < SESSIONS ? [...known.sessions, sessionOf(row, tasks)] : known.sessions,
        recent:
          known.recent.length < RECENT
            ? [...known.recent, [userOf(row), row.time ?? row.mtime]]
            : known.recent,
      };
    }
  const written = await writeState(deps.files, path, {
    schema: 1,
    projects,
    looked: [...looked].slice(0, READERS).map(([reader, upTo]) => [reader.slice(0, 60), upTo]),
  });
  return written.ok ? ok(undefined) : written;
}

function keysOf(row: LogRow): readonly string[] {
  const names = [row.project, row.client, row.place === 'workspace' || row.place === 'git' ? row.host : null];
  return [...new Set(names.flatMap((name) => (name === null ? [] : [briefKey(name)])))].filter(
    (key) => key !== '',
  );
}

/** A name in the file: of a project, a client, a workspace or a folder. */
export function briefKey(name: string): string {
  return name.toLowerCase().slice(0, 100);
}

function sessionOf(row: LogRow, tasks: ReadonlyMap<string, number>): BriefSession {
  return {
    title: (row.title ?? row.topic ?? row.path).slice(0, 100),
    user: userOf(row),
    host: row.host.slice(0, 60),
    day: row.date,
    tasks: tasks.get(row.id) ?? null,
  };
}

function userOf(row: LogRow): string {
  return (row.user ?? row.author ?? '').slice(0, 60);
}
