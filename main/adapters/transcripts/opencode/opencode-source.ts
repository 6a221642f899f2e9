import { isAppError } from '../../../../shared/app-error.ts';
import { ok } from '../../../../shared/result.ts';
import { isSessionId } from '../../../../shared/transcripts/agents.ts';
import type {
  FoundSession,
  TranscriptFile,
  TranscriptSource,
} from '../../../core/ports/transcript-source.ts';
import { objectParser } from '../reading/event-parser.ts';
import { folderSource } from '../reading/folder-source.ts';
import type { DiskAnswers, FolderLook } from '../reading/folders.ts';
import { placeBelow } from '../reading/source-parts.ts';
import type { DatabaseEntries } from './export-session.ts';
import { EXPORT_RULES, VERSION } from './records.ts';

const DATABASE = 'opencode.db';

/** What was found in databases, by path; one that did not change is not opened again. */
export type Databases = Map<string, { readonly print: string; readonly entries: DatabaseEntries }>;

/**
 * The sessions of opencode, out of its database; each is read as its export.
 * @param roots its data folders (`~/.local/share/opencode`), absolute
 * @param databases what is known of them from the last time
 */
export function createOpencodeSource(
  roots: readonly string[],
  answers: DiskAnswers,
  databases: Databases = new Map(),
): TranscriptSource {
  return folderSource({
    agent: 'opencode',
    parserVersion: VERSION,
    roots,
    answers,
    unwatched: true,
    sessions: (look, root) => sessionsOf(look, root, databases),
    read: readExport,
    hasEnds: () => false,
    parser: (file) => objectParser(EXPORT_RULES, file),
    restorePlace(root, name) {
      const place = placeBelow(root, name);
      return place.ok ? ok({ how: 'import', command: ['opencode', 'import'] }) : place;
    },
  });
}

async function sessionsOf(
  look: FolderLook,
  root: string,
  databases: Databases,
): Promise<readonly FoundSession[]> {
  const path = `${root}/${DATABASE}`;
  if (look.facts(path) === null) return [];
  try {
    const { sessions, notUnderstood } = await entriesOf(look, path, databases);
    if (notUnderstood > 0)
      look.problems.push({ path, problem: `not understood: ${notUnderstood} sessions of a newer form` });
    return sessions
      .filter(({ id }) => isSessionId(id))
      .map(({ id, parent, changedAt, size }) => ({
        agent: 'opencode',
        id,
        root,
        files: [
          {
            path,
            name: `export/${id}.json`,
            role: 'main',
            subagent: null,
            size,
            mtimeMs: changedAt,
            grows: 'rewritten',
            part: id,
          },
        ],
        parent,
      }));
  } catch (error) {
    if (!isAppError(error)) throw error;
    look.problems.push({ path, problem: error.message });
    return [];
  }
}

async function entriesOf(look: FolderLook, path: string, databases: Databases): Promise<DatabaseEntries> {
  const print = JSON.stringify([look.facts(path), look.facts(`${path}-wal`)]);
  const known = databases.get(path);
  if (known?.print === print) return known.entries;
  // SQLite is loaded only where there is a database.
  const { listSessions } = await import('./export-session.ts');
  const entries = listSessions(path);
  databases.set(path, { print, entries });
  return entries;
}

async function* readExport(
  { path, part = '' }: TranscriptFile,
  offset = 0,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { exportSession } = await import('./export-session.ts');
  let skip = offset;
  for (const bytes of exportSession(path, part)) {
    signal?.throwIfAborted();
    if (skip < bytes.length) yield bytes.subarray(skip);
    skip = Math.max(0, skip - bytes.length);
    // Rows are read at once; others get a turn between them.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
