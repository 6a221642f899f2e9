import type {
  FoundSession,
  TranscriptFile,
  TranscriptSource,
} from '../../../core/ports/transcript-source.ts';
import { eitherParser, textParser } from '../reading/event-parser.ts';
import {
  fileAt,
  lookAtFolders,
  standingRoots,
  type DiskAnswers,
  type FolderLook,
} from '../reading/folders.ts';
import { readFile } from '../reading/read-file.ts';
import { describeSession, placeBelow, sessionsOnce } from '../reading/source-parts.ts';
import { PROJECT_RULES, RECORD_RULES, VERSION } from './records.ts';

const SESSION = /^(session-[\w.-]*?([0-9a-f]{8}))\.(jsonl?)$/i;
const SUBAGENT = /^([\w-]{1,80})\.jsonl$/;

/**
 * The chats of Gemini CLI: `tmp/<project>/chats/session-<time>-<first 8 of the id>.json` or `.jsonl`. A name holds only the beginning of an id,
 * so the name itself is the id here.
 * @param roots its folders (`~/.gemini`), absolute
 */
export function createGeminiSource(roots: readonly string[], answers: DiskAnswers): TranscriptSource {
  const source: TranscriptSource = {
    agent: 'gemini',
    parserVersion: VERSION,
    roots,
    async find(signal) {
      const look = lookAtFolders(signal);
      const sessions: FoundSession[] = [];
      for (const root of await standingRoots(roots, answers, look.problems))
        for (const project of (await look.entries(`${root}/tmp`)).folders)
          sessions.push(...(await sessionsOfProject(look, root, `tmp/${project}`)));
      return sessionsOnce(sessions, look.problems);
    },
    findLost: async () => ({ sessions: [], problems: [] }),
    // The title and the totals stand anywhere in it.
    describe: (session) => describeSession(source, session, ({ grows }) => grows === 'appended'),
    read: (file, offset, signal) => readFile(file.path, offset, signal),
    parser(session, file, from = null) {
      const parsed = { name: file.name, role: file.role, subagent: file.subagent, session };
      return file.role === 'facts'
        ? textParser(PROJECT_RULES, parsed)
        : eitherParser(RECORD_RULES, parsed, from);
    },
    restorePlace: placeBelow,
  };
  return source;
}

async function sessionsOfProject(
  look: FolderLook,
  root: string,
  project: string,
): Promise<readonly FoundSession[]> {
  const { files, folders } = await look.entries(`${root}/${project}/chats`);
  const marker = fileAt(look, root, `${project}/.project_root`, { role: 'facts', grows: 'rewritten' });
  const sessions = new Map<string, FoundSession>();
  for (const name of files) {
    const [, id, short = '', ending] = SESSION.exec(name) ?? [];
    if (id === undefined) continue;
    const grows = ending === 'jsonl' ? 'appended' : 'rewritten';
    const main = fileAt(look, root, `${project}/chats/${name}`, { role: 'main', grows });
    if (main === null) continue;
    // One that was gone on with was written anew as lines; the old form stays beside it.
    const older = sessions.get(id)?.files.map((file) => ({ ...file, role: 'sidecar' as const })) ?? [];
    const parents = folders.filter((folder) => folder.toLowerCase().startsWith(short.toLowerCase()));
    const children = (
      await Promise.all(parents.map((parent) => subagents(look, root, `${project}/chats/${parent}`)))
    ).flat();
    const files = [
      main,
      ...(marker === null ? [] : [marker]),
      ...children,
      ...older.filter((file) => file.name.endsWith('.json')),
    ];
    sessions.set(id, { agent: 'gemini', id, root, files, parent: null });
  }
  return [...sessions.values()];
}

async function subagents(look: FolderLook, root: string, folder: string): Promise<readonly TranscriptFile[]> {
  const { files } = await look.entries(`${root}/${folder}`);
  return files.flatMap((name) => {
    const subagent = SUBAGENT.exec(name)?.[1];
    if (subagent === undefined) return [];
    return fileAt(look, root, `${folder}/${name}`, { role: 'subagent', grows: 'appended', subagent }) ?? [];
  });
}
