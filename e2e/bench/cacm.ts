import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createSqliteSearchIndex } from '../../main/adapters/sqlite/search/sqlite-search-index.ts';
import type { CalendarDate, LogPath, MachineUuid } from '../../shared/domain/ids.ts';
import { parseSearch } from '../../shared/domain/parse-search.ts';
import { unwrap } from '../../shared/result.ts';

const MACHINE = 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa' as MachineUuid;

/** How well the questions of a judged collection are answered. */
export interface Judged {
  readonly questions: number;
  readonly meanAveragePrecision: number;
  readonly ndcg: number;
  readonly unanswered: number;
}

/** Where the CACM collection lies: `SESSION_LOG_CACM`, else beside the repository; null without it. It is not ours to ship. */
export function cacmFolder(): string | null {
  const places = [
    process.env['SESSION_LOG_CACM'] ?? '',
    resolve(import.meta.dirname, '../../../shared/data/cacm'),
  ];
  return places.find((folder) => folder !== '' && existsSync(join(folder, 'cacm.all'))) ?? null;
}

/**
 * Asks the questions of the CACM collection as a person would, and judges the answers.
 * @param folder with `cacm.all`, `query.text`, `qrels.text`
 * @param file for the database
 */
export async function judgeCacm(folder: string, file: string): Promise<Judged> {
  const read = (name: string): string => readFileSync(join(folder, name), 'latin1');
  const index = createSqliteSearchIndex({ file, thread: 'caller' });
  const logs = records(read('cacm.all')).map(({ id, fields }) => ({
    machine: MACHINE,
    path: `${id}.md` as LogPath,
    size: 1,
    mtime: Date.parse('2026-01-05'),
    sha256: '',
    origin: 'own' as const,
    host: 'host',
    text: `# ${(fields['T'] ?? '').replaceAll(/\s+/g, ' ')}\n\n${['W', 'A', 'K'].map((key) => fields[key] ?? '').join('\n\n')}\n`,
  }));
  unwrap(await index.put(logs));
  const relevant = new Map<number, Set<number>>();
  for (const line of read('qrels.text').split('\n')) {
    const [question = 0, document = 0] = line.trim().split(/\s+/).map(Number);
    if (document > 0) relevant.set(question, (relevant.get(question) ?? new Set()).add(document));
  }
  let [questions, precision, ndcg, unanswered] = [0, 0, 0, 0];
  for (const { id, fields } of records(read('query.text'))) {
    const wanted = relevant.get(id);
    if (wanted === undefined) continue;
    questions++;
    const question = parseSearch((fields['W'] ?? '').replaceAll(/\s+/g, ' '), '2026-11-29' as CalendarDate);
    const asked = { question, me: { names: [], machine: MACHINE }, offset: 0, limit: 1_000 };
    const found = unwrap(await index.find(asked)).rows.map(({ path }) => Number.parseInt(path, 10));
    precision += averagePrecision(found, wanted);
    ndcg += gainAtTen(found, wanted);
    if (found.length === 0) unanswered++;
  }
  await index.close();
  return { questions, meanAveragePrecision: precision / questions, ndcg: ndcg / questions, unanswered };
}

function averagePrecision(found: readonly number[], wanted: ReadonlySet<number>): number {
  let [hits, sum] = [0, 0];
  for (const [at, document] of found.entries()) if (wanted.has(document)) sum += ++hits / (at + 1);
  return sum / wanted.size;
}

function gainAtTen(found: readonly number[], wanted: ReadonlySet<number>): number {
  let [gain, best] = [0, 0];
  for (let at = 0; at < 10; at++) {
    if (wanted.has(found[at] ?? -1)) gain += 1 / Math.log2(at + 2);
    if (at < wanted.size) best += 1 / Math.log2(at + 2);
  }
  return gain / best;
}

/** The records of a file: `.I 1`, then `.T` and further fields, each on lines of its own. */
function records(
  text: string,
): readonly { readonly id: number; readonly fields: Readonly<Record<string, string>> }[] {
  return text
    .split(/^\.I /m)
    .slice(1)
    .map((record) => {
      const fields: Record<string, string> = {};
      for (const part of record.split(/^\.(?=[A-Z]\s*$)/m).slice(1))
        fields[part.slice(0, 1)] ??= part.slice(1).trim();
      return { id: Number.parseInt(record, 10), fields };
    });
}
