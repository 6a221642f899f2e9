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

/** What tells the source of one agent from that of another. */
interface AgentFolders extends Pick<TranscriptSource, 'agent' | 'parserVersion' | 'roots' | 'unwatched'> {
  readonly answers: DiskAnswers;
  /** Sessions below a root that answers, as they are found. */
  sessions(look: FolderLook, root: string, signal?: AbortSignal): AsyncIterable<FoundSession>;
  /** Sessions of which only typed prompts are left; none unless given. */
  lost?(look: FolderLook, present: ReadonlySet<string>): (root: string) => AsyncIterable<FoundSession>;
  /** False for a main file that can only be described when all of it was read; of the others both ends are. */
  hasEnds?(file: TranscriptFile): boolean;
  parser(file: ParsedFile, from: ParserState | null): TranscriptParser;
  /** The bytes of the file itself unless given. */
  readonly read?: TranscriptSource['read'];
  /** Below the root, under its name, unless given. */
  readonly restorePlace?: TranscriptSource['restorePlace'];
}

/** The transcripts of an agent that keeps them below folders of its own. */
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
