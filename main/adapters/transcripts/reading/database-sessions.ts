import { isAppError } from '../../../../shared/app-error.ts';
import { isSessionId, type AgentId } from '../../../../shared/transcripts/agents.ts';
import type {
  FoundSession,
  TranscriptFile,
  TranscriptSource,
} from '../../../core/ports/transcript-source.ts';
import type { FolderLook } from './folders.ts';

/** A session as its row says. */
export interface SessionEntry {
  readonly id: string;
  readonly parent: string | null;
  /** Epoch milliseconds of the last change of it or of one of its messages. */
  readonly changedAt: number;
  /** Bytes of its messages; only their count where adding them up takes too long. */
  readonly size: number;
}

/** What a database holds: its sessions, and of those in tables that nobody here knows their number. */
export interface DatabaseEntries {
  readonly sessions: readonly SessionEntry[];
  readonly notUnderstood: number;
}

/** What was found in databases, by path; one that did not change is not opened again. */
export type Databases = Map<string, { readonly print: string; readonly entries: DatabaseEntries }>;

/** How an agent's database is read. SQLite is loaded with it, so only where there is a database. */
export interface DatabaseReader {
  list(path: string): DatabaseEntries;
  export(path: string, id: string): Generator<Buffer>;
}

/** The sessions of a database below a root; what keeps it from being read is among the problems of the look. */
export async function databaseSessions(
  { look, root, agent }: { readonly look: FolderLook; readonly root: string; readonly agent: AgentId },
  path: string,
  databases: Databases,
  reader: () => Promise<DatabaseReader>,
): Promise<readonly FoundSession[]> {
  const print = JSON.stringify([look.facts(path), look.facts(`${path}-wal`)]);
  const known = databases.get(path);
  try {
    const entries = known?.print === print ? known.entries : (await reader()).list(path);
    databases.set(path, { print, entries });
    const { sessions, notUnderstood } = entries;
    if (notUnderstood > 0)
      look.problems.push({ path, problem: `not understood: ${notUnderstood} sessions of a newer form` });
    return sessions
      .filter(({ id }) => isSessionId(id))
      .map(({ id, parent, changedAt, size }) => ({
        agent,
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

/** Reads a session of a database as its export. */
export function readingExports(reader: () => Promise<DatabaseReader>): TranscriptSource['read'] {
  return async function* ({ path, part = '' }: TranscriptFile, offset = 0, signal?: AbortSignal) {
    let skip = offset;
    for (const bytes of (await reader()).export(path, part)) {
      signal?.throwIfAborted();
      if (skip < bytes.length) yield bytes.subarray(skip);
      skip = Math.max(0, skip - bytes.length);
      // Rows are read at once; others get a turn between them.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
}
