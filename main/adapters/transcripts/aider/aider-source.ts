import { createHash } from 'node:crypto';
import { appError, isAppError } from '../../../../shared/app-error.ts';
import { isSessionId } from '../../../../shared/transcripts/agents.ts';
import type {
  FoundSession,
  TranscriptFile,
  TranscriptSource,
} from '../../../core/ports/transcript-source.ts';
import { PARSER_VERSIONS } from '../parser-versions.ts';
import { parserOver } from '../reading/event-parser.ts';
import { folderSource } from '../reading/folder-source.ts';
import { fileAt, type DiskAnswers, type FolderLook } from '../reading/folders.ts';
import { readFile } from '../reading/read-file.ts';
import { createBlockReader } from './blocks.ts';
import { createHistories, type Chat, type Histories } from './chats.ts';

const HISTORY = '.aider.chat.history.md';
/** Hundreds of times the size of years of chats. */
const LARGEST = 512 << 20;

/**
 * The chats of Aider: `.aider.chat.history.md` in each workspace, which contains them one after another. A chat has no id: it is identified
 * by its start and its folder.
 * @param roots workspaces, absolute
 * @param histories known state of the files, so that an unchanged one is not scanned again
 */
export function createAiderSource(
  roots: readonly string[],
  answers: DiskAnswers,
  histories: Histories = createHistories(),
): TranscriptSource {
  const folders = new Map(roots.map((root) => [folderName(root), root]));
  return folderSource({
    agent: 'aider',
    parserVersion: PARSER_VERSIONS.aider,
    roots,
    answers,
    unwatched: roots,
    async *sessions(look, root, signal) {
      yield* await chatsOf(look, root, histories, signal);
    },
    read: (file, offset, signal) => readChat(histories, file, offset, signal),
    hasEnds: () => false,
    async parser(file) {
      const { blockRules } = await import('./read-block.ts');
      const rules = blockRules(folders.get(file.session.slice(-8)) ?? null);
      return parserOver(rules, file, createBlockReader(), rules.start());
    },
  });
}

/** The last part of the ids of a folder's chats. */
function folderName(root: string): string {
  return createHash('sha256').update(root.replaceAll('\\', '/')).digest('hex').slice(0, 8);
}

async function chatsOf(
  look: FolderLook,
  root: string,
  histories: Histories,
  signal: AbortSignal | undefined,
): Promise<readonly FoundSession[]> {
  if (!(await look.entries(root)).files.includes(HISTORY)) return [];
  const file = fileAt(look, root, HISTORY, { role: 'main', grows: 'rewritten' });
  if (file === null || file.size === 0) return [];
  const passOver = (problem: string): readonly FoundSession[] => {
    look.problems.push({ path: file.path, problem });
    return [];
  };
  if (file.size > LARGEST) return passOver('it is larger than 512 MiB, so it is not read');
  try {
    const chats = await histories.chats(file.path, signal);
    if (chats.length === 0) return passOver('not understood: no chat begins in it');
    return chats.map((chat) => sessionOf(root, file, chat)).filter(({ id }) => isSessionId(id));
  } catch (error) {
    if (!isAppError(error)) throw error;
    return passOver(error.message);
  }
}

function sessionOf(root: string, file: TranscriptFile, chat: Chat): FoundSession {
  // A finished chat never changes, whatever is written after it. Its time is only taken from a text.
  const mtimeMs = Math.min(chat.endedAt ?? file.mtimeMs, file.mtimeMs);
  const part = { ...file, size: chat.to - chat.from, mtimeMs, part: chat.name };
  return { agent: 'aider', id: `${chat.name}-${folderName(root)}`, root, files: [part], parent: null };
}

async function* readChat(
  histories: Histories,
  { path, part }: TranscriptFile,
  offset = 0,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  // Its current position: the file may have been truncated or changed since it was found.
  const chat = (await histories.chats(path, signal)).find(({ name }) => name === part);
  if (chat === undefined)
    throw appError(
      'not-found',
      `The chat is gone from ${path}.`,
      'See which sessions there are: session-log sessions.',
    );
  let left = chat.to - chat.from - offset;
  for await (const bytes of readFile(path, chat.from + offset, signal)) {
    if (left <= 0) return;
    yield bytes.subarray(0, left);
    left -= bytes.length;
  }
}
