import { appError, type AppError, fail, type Answer } from '../../shared/app-error.ts';
import { parseLogId } from '../../shared/domain/log-path.ts';
import type { LogQuery, LogRow } from '../../shared/domain/log-query.ts';
import { parseSessionId } from '../../shared/domain/session-mark.ts';
import { err, ok } from '../../shared/result.ts';
import type { Core } from '../compose/core.ts';
import { refreshLocal } from '../core/workflows/refresh-local.ts';
import { candidateLine } from './list-text.ts';
import { parseSelection, zoneOf, type SelectOptions } from './parse-options.ts';

const PAGE = 1_000;
const CANDIDATES = 10;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Finds the session or log a person means.
 * @param words an id; a path or the end of one; a day (with `--machine` where several machines have one); the id of a session or its first
 *   eight characters; or words of its title, topic, person, project
 * @returns `ambiguous` with the candidates, or `not-found`
 */
export async function findLog(core: Core, words: readonly string[], options: SelectOptions): Answer<LogRow> {
  const fresh = await refreshLocal(core.sync);
  if (!fresh.ok) return fresh;
  const name = words.join(' ');
  const id = parseLogId(name);
  if (id.ok) {
    const row = await core.sync.index.row(id.value.id);
    if (!row.ok) return row;
    if (row.value) return ok(row.value);
  }
  const timeZone = (): string => zoneOf(core.settings);
  const search = DAY.test(name) ? { date: name } : {};
  const query = await parseSelection(
    { ...options, ...search },
    [],
    core.sync.index,
    timeZone,
    await core.sync.surroundings.workspaces(),
  );
  if (!query.ok) return query;
  for (const look of looks(name)) {
    const rows = await look(core, { ...query.value, limit: PAGE });
    if (!rows.ok) return rows;
    const [only] = rows.value;
    if (only && rows.value.length === 1) return ok(only);
    if (rows.value.length > 1) return err(ambiguous(name, rows.value, timeZone()));
  }
  return fail(
    'not-found',
    `No session matches "${name.slice(0, 80)}".`,
    'Run `session-log list` to see what there is.',
  );
}

type Look = (core: Core, query: LogQuery) => Answer<readonly LogRow[]>;

/** The possible meanings of a name, most exact first; the first that finds anything wins. */
function looks(name: string): readonly Look[] {
  if (DAY.test(name)) return [rowsOf({})];
  const text = name.replaceAll(/[/\\._#-]+/g, ' ');
  const lower = name.toLowerCase();
  // A session inside a daily log, as a list prints it.
  const part = name.includes('#') ? name.slice(name.indexOf('#') + 1) : name;
  const files = rowsOf({ text, files: true });
  const among =
    (rows: Look, test: (row: LogRow) => boolean): Look =>
    async (core, query) => {
      const found = await rows(core, query);
      return found.ok ? ok(found.value.filter(test)) : found;
    };
  return [
    among(files, (row) => row.path === name),
    among(files, (row) => row.path.endsWith(`/${name}`)),
    among(rowsOf({ text }), (row) => row.path.toLowerCase().includes(lower)),
    ...(parseSessionId(part).ok ? [bySession(part)] : []),
    rowsOf({ text }),
  ];
}

function rowsOf(more: LogQuery): Look {
  return async (core, query) => {
    const page = await core.sync.index.page({ ...query, ...more });
    return page.ok ? ok(page.value.rows) : page;
  };
}

/** As printed by `sessions`, and too long to be a word of a title. */
const ID_BEGINNING = 8;

/** By the whole id, else by its beginning. There is no index of sessions by id for this: rows are scanned, a thousand at a time. */
function bySession(id: string): Look {
  return async (core, query) => {
    const near: LogRow[] = [];
    for (let offset = 0; ; offset += PAGE) {
      const page = await core.sync.index.page({ ...query, offset });
      if (!page.ok) return page;
      const found = page.value.rows.filter((row) => row.session === id);
      if (found.length > 0) return ok(found);
      if (id.length >= ID_BEGINNING)
        near.push(...page.value.rows.filter(({ session }) => session?.startsWith(id) === true));
      if (page.value.rows.length < PAGE) return ok(near);
    }
  };
}

function ambiguous(name: string, rows: readonly LogRow[], timeZone: string): AppError {
  const shown = rows.slice(0, CANDIDATES);
  const more = rows.length > CANDIDATES ? `\n  … and ${rows.length - CANDIDATES} more` : '';
  const lines = shown.map((row) => `\n  ${candidateLine(row, timeZone)}`).join('');
  return appError(
    'ambiguous',
    `${rows.length === PAGE ? `${PAGE} or more` : rows.length} sessions match "${name.slice(0, 80)}":${lines}${more}`,
    'Give more words, the id below one of them, or --machine.',
    {
      details: {
        candidates: shown.map((row) => row.id),
        titles: shown.map((row) => row.title),
      },
    },
  );
}
