import type { LogPath, MachineUuid } from '../../../../shared/domain/ids.ts';
import type { SearchRung } from '../../../../shared/domain/search-answer.ts';
import { TEXT_ORIGINS, type FoundText } from '../../../core/ports/search-index.ts';
import { DamagedIndex } from '../index-faults.ts';
import type { SqliteConnection } from '../sqlite-connection.ts';
import { rowDay } from './search-schema.ts';

type FoundRow = [
  id: number,
  machine: MachineUuid,
  path: LogPath,
  sha256: string,
  origin: number,
  host: string,
  commit: string | null,
  part: string | null,
  line: number,
  title: string | null,
  user: string | null,
  project: string | null,
  client: string | null,
];

/**
 * Reads what a page of an answer shows of its rows.
 * @throws {@link DamagedIndex} for a row that belongs to no log
 */
export function readFound(
  db: SqliteConnection,
  page: readonly { readonly id: number; readonly rung: SearchRung }[],
): readonly FoundText[] {
  const rows = db.rows(
    `select json_array(d.id, l.machine, l.path, l.sha256, l.origin, l.host, l.git_commit, d.part, d.line, d.title, d.user, d.project,
       d.client) as row from json_each(?) p cross join docs d on d.id = p.value cross join logs l on l.no = d.log`,
    JSON.stringify(page.map(({ id }) => id)),
  ) as FoundRow[];
  const known = new Map(rows.map((row) => [row[0], row]));
  return page.map(({ id, rung }) => {
    const row = known.get(id);
    if (row === undefined) throw new DamagedIndex('a row of the full text belongs to no log');
    const [, machine, path, sha256, origin, host, commit, part, line, title, user, project, client] = row;
    return {
      machine,
      path,
      sha256,
      origin: TEXT_ORIGINS[origin] ?? 'own',
      host,
      commit,
      part,
      line,
      title,
      user,
      project,
      client,
      day: rowDay(id),
      rung,
    };
  });
}
