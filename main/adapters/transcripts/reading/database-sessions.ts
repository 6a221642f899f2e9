import { isAppError } from '../../../../shared/app-error.ts';
import { isSessionId, type AgentId } from '../../../../shared/transcripts/agents.ts';
import { addTo } from '../../../../shared/group-by.ts';
import type {
  FoundSession,
  TranscriptFile,
  TranscriptSource,
} from '../../../core/ports/transcript-source.ts';
import type { FolderLook } from './folders.ts';

/** A session according to its row. */
export interface SessionEntry {
  readonly id: string;
  readonly parent: string | null;
  /** Epoch milliseconds of its last change or that of one of its messages. */
  readonly changedAt: number;
  /** Bytes of its messages; only their number if summing up takes too long. */
  readonly size: number;
  /** The format of a session, where one database contains several: part of its export's name. */
  readonly form?: string;
}

/** A database's contents: its sessions, and the number of those in tables of an unknown format. */
export interface DatabaseEntries {
  readonly sessions: readonly SessionEntry[];
  readonly notUnderstood?: number;
}

/** Findings by database path; an unchanged one is not opened again. */
export type Databases = Map<string, { readonly print: string; readonly entries: DatabaseEntries }>;

/** How an agent's database is read. It loads SQLite, and so is only loaded if there is a database. */
export interface DatabaseReader {
  list(path: string): DatabaseEntries;
  export(path: string, id: string): Generator<Buffer>;
}

/** Returns the sessions of a database below a root; failures to read it become problems of the look. */
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
    const { sessions, notUnderstood = 0 } = entries;
    if (notUnderstood > 0)
      look.problems.push({ path, problem: `not understood: ${notUnderstood} sessions of a newer form` });
    const valid = sessions.filter(({ id }) => isSessionId(id));
    const children = descendants(valid);
    return valid.map((entry): FoundSession => {
      const { id, parent } = entry;
      const main = fileOf(path, entry, null);
      // A child is also a session of its own, which can be opened and restored.
      const helpers = (children.get(id) ?? []).map((child) => fileOf(path, child, child.id));
      return { agent, id, root, files: [main, ...helpers], parent };
    });
  } catch (error) {
    if (!isAppError(error)) throw error;
    look.problems.push({ path, problem: error.message });
    return [];
  }
}

/** The descendants of each session without a parent: what it delegated, and what those delegated in turn. */
function descendants(entries: readonly SessionEntry[]): ReadonlyMap<string, readonly SessionEntry[]> {
  const parents = new Map(entries.map(({ id, parent }) => [id, parent]));
  const found = new Map<string, SessionEntry[]>();
  for (const entry of entries) {
    let top = entry.id;
    for (let depth = 0; depth < DEEPEST; depth++) {
      const parent = parents.get(top);
      if (!parent || !parents.has(parent)) break;
      top = parent;
    }
    if (top !== entry.id && !parents.get(top)) addTo(found, top, entry);
  }
  return found;
}

/** Deeper than agents go, and a stop for cycles. */
const DEEPEST = 10;

function fileOf(
  path: string,
  { id, size, changedAt, form }: SessionEntry,
  subagent: string | null,
): TranscriptFile {
  return {
    path,
    name: form === undefined ? `export/${id}.json` : `export/${form}/${id}.json`,
    role: subagent === null ? 'main' : 'subagent',
    subagent,
    size,
    mtimeMs: changedAt,
    grows: 'rewritten',
    part: id,
  };
}

/** Reads a session of a database as its export. */
export function readingExports(reader: () => Promise<DatabaseReader>): TranscriptSource['read'] {
  return async function* ({ path, part = '' }: TranscriptFile, offset = 0, signal?: AbortSignal) {
    let skip = offset;
    for (const bytes of (await reader()).export(path, part)) {
      signal?.throwIfAborted();
      if (skip < bytes.length) yield bytes.subarray(skip);
      skip = Math.max(0, skip - bytes.length);
      // Rows are read synchronously; other work gets a turn in between.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
}
