import type {
  FoundSession,
  FoundSessions,
  ParserState,
  TranscriptFile,
  TranscriptParser,
  TranscriptSource,
} from '../../../core/ports/transcript-source.ts';
import type { ParsedFile } from './event-parser.ts';
import { lookAtFolders, standingRoots, type DiskAnswers, type FolderLook } from './folders.ts';
import { readFile } from './read-file.ts';
import { describeSession, placeBelow, sessionsOnce } from './source-parts.ts';

/** What distinguishes one agent's source from another's. */
interface AgentFolders extends Pick<TranscriptSource, 'agent' | 'parserVersion' | 'roots' | 'unwatched'> {
  readonly answers: DiskAnswers;
  /** Yields the sessions below a responsive root as they are found. */
  sessions(look: FolderLook, root: string, signal?: AbortSignal): AsyncIterable<FoundSession>;
  /** Sessions with only typed prompts left; none by default. */
  lost?(look: FolderLook, present: ReadonlySet<string>): (root: string) => AsyncIterable<FoundSession>;
  /** False for a main file that must be read completely to be described; for others both ends suffice. */
  hasEnds?(file: TranscriptFile): boolean;
  /** Loads the parser, which most listings do without. */
  parser(file: ParsedFile, from: ParserState | null): Promise<TranscriptParser>;
  /** The bytes of the file itself by default. */
  readonly read?: TranscriptSource['read'];
  /** Below the root, under its name, by default. */
  readonly restorePlace?: TranscriptSource['restorePlace'];
}

/** The transcripts of an agent that stores them in its own folders. */
export function folderSource(folders: AgentFolders): TranscriptSource {
  const { agent, parserVersion, roots, unwatched, answers } = folders;
  const below = async (
    look: FolderLook,
    find: (root: string) => AsyncIterable<FoundSession>,
  ): Promise<FoundSessions> => {
    const found = sessionsOnce();
    for (const root of await standingRoots(roots, answers, look.problems))
      for await (const session of find(root)) found.add(session);
    return { sessions: found.sessions(), problems: look.problems };
  };
  const source: TranscriptSource = {
    agent,
    parserVersion,
    roots,
    ...(unwatched ? { unwatched } : {}),
    find(signal) {
      const look = lookAtFolders(signal);
      return below(look, (root) => folders.sessions(look, root, signal));
    },
    async findLost(present) {
      const look = lookAtFolders();
      return folders.lost === undefined
        ? { sessions: [], problems: [] }
        : below(look, folders.lost(look, present));
    },
    describe: (session) => describeSession(source, session, (file) => folders.hasEnds?.(file) ?? true),
    read: folders.read ?? ((file, offset, signal) => readFile(file.path, offset, signal)),
    parser: (session, { name, role, subagent }, from = null) =>
      folders.parser({ name, role, subagent, session }, from),
    restorePlace: folders.restorePlace ?? placeBelow,
  };
  return source;
}
