import { opendirSync, realpathSync, statSync, type Dirent } from 'node:fs';
import type { SourceProblem, TranscriptFile } from '../../../core/ports/transcript-source.ts';

/** Checks within a time limit whether a folder's disk responds at all (`Files.answers`). */
export type DiskAnswers = (folder: string, ms: number) => Promise<boolean>;

/** How long a disk may take to respond. A share whose server is gone never does, and blocks its callers. */
const PATIENCE_MS = 2_000;
/** Entries read at once, after which other work gets a turn. */
const TURN = 1_000;

/** Names in a folder, sorted; links to folders count as folders, links to files are omitted. */
export interface FolderEntries {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** Names and facts of files below a root: no file is opened. */
export interface FolderLook {
  /** Empty when it does not exist. */
  entries(path: string): Promise<FolderEntries>;
  /** Size and time of a regular file; null when there is none. */
  facts(path: string): { readonly size: number; readonly mtimeMs: number } | null;
  readonly problems: SourceProblem[];
}

/** Starts a look. Anything unreadable becomes one of its problems, and the look continues. */
export function lookAtFolders(signal?: AbortSignal): FolderLook {
  const problems: SourceProblem[] = [];
  let seen = 0;
  return {
    problems,
    async entries(path) {
      signal?.throwIfAborted();
      const found = { files: [] as string[], folders: [] as string[] };
      for (const entry of entriesOf(path, problems)) {
        if (++seen % TURN === 0) await new Promise((resolve) => setImmediate(resolve));
        const isFolder =
          entry.isDirectory() || (entry.isSymbolicLink() && isFolderAt(`${path}/${entry.name}`));
        if (isFolder) found.folders.push(entry.name);
        else if (entry.isFile()) found.files.push(entry.name);
      }
      return { files: found.files.sort(), folders: found.folders.sort() };
    },
    facts(path) {
      try {
        const facts = statSync(path, { throwIfNoEntry: false });
        return facts?.isFile() === true ? { size: facts.size, mtimeMs: facts.mtimeMs } : null;
      } catch {
        return null;
      }
    },
  };
}

/** The roots that respond, each once by its real path; the others become problems. */
export async function standingRoots(
  roots: readonly string[],
  answers: DiskAnswers,
  problems: SourceProblem[],
): Promise<readonly string[]> {
  const standing = new Map<string, string>();
  for (const root of roots) {
    if (!(await answers(root, PATIENCE_MS))) {
      problems.push({ path: root, problem: 'the disk does not answer' });
      continue;
    }
    try {
      const real = realpathSync.native(root);
      if (!standing.has(real)) standing.set(real, root);
    } catch {
      // Missing: this agent was never used here.
    }
  }
  return [...standing.values()];
}

/** Returns a session's file from what a look knows of it; null when it is gone. */
export function fileAt(
  look: FolderLook,
  root: string,
  name: string,
  more: Pick<TranscriptFile, 'role' | 'grows'> & { readonly subagent?: string | null },
): TranscriptFile | null {
  const path = `${root}/${name}`;
  const facts = look.facts(path);
  return facts === null ? null : { path, name, ...facts, subagent: null, ...more };
}

/** Returns the transcripts of subagents in a folder, each named by its file. */
export async function subagentFiles(
  look: FolderLook,
  root: string,
  folder: string,
): Promise<readonly TranscriptFile[]> {
  const { files } = await look.entries(`${root}/${folder}`);
  return files.flatMap((name) => {
    const subagent = /^([\w-]{1,80})\.jsonl$/.exec(name)?.[1];
    if (subagent === undefined) return [];
    return fileAt(look, root, `${folder}/${name}`, { role: 'subagent', grows: 'appended', subagent }) ?? [];
  });
}

/** One at a time: a folder may contain a hundred thousand. */
function* entriesOf(path: string, problems: SourceProblem[]): Generator<Dirent> {
  try {
    const folder = opendirSync(path, { bufferSize: TURN });
    try {
      for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) yield entry;
    } finally {
      folder.closeSync();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code !== 'ENOENT' && code !== 'ENOTDIR') problems.push({ path, problem: `cannot be read (${code})` });
  }
}

function isFolderAt(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
