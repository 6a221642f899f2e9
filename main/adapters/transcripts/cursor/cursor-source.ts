import type {
  FoundSession,
  TranscriptFile,
  TranscriptSource,
} from '../../../core/ports/transcript-source.ts';
import { lineParser } from '../reading/event-parser.ts';
import {
  fileAt,
  lookAtFolders,
  standingRoots,
  type DiskAnswers,
  type FolderLook,
} from '../reading/folders.ts';
import { readFile } from '../reading/read-file.ts';
import { describeSession, placeBelow, sessionsOnce } from '../reading/source-parts.ts';
import { LINE_RULES, VERSION } from './read-line.ts';

const MAIN = /^(.+)\.(?:jsonl|txt)$/;
const SUBAGENT = /^([\w-]{1,80})\.jsonl$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The agent transcripts of Cursor: `<project>/agent-transcripts/<session>.jsonl` of its command line, `<session>/<session>.jsonl` of the editor.
 * The `.txt` of older versions is found, kept and not understood.
 * @param roots its folders of projects (`~/.cursor/projects`), absolute
 */
export function createCursorSource(roots: readonly string[], answers: DiskAnswers): TranscriptSource {
  const source: TranscriptSource = {
    agent: 'cursor',
    parserVersion: VERSION,
    roots,
    async find(signal) {
      const look = lookAtFolders(signal);
      const sessions: FoundSession[] = [];
      for (const root of await standingRoots(roots, answers, look.problems))
        for (const project of (await look.entries(root)).folders)
          sessions.push(...(await sessionsOfProject(look, root, `${project}/agent-transcripts`)));
      return sessionsOnce(sessions, look.problems);
    },
    findLost: async () => ({ sessions: [], problems: [] }),
    describe: (session) => describeSession(source, session, () => true),
    read: (file, offset, signal) => readFile(file.path, offset, signal),
    parser: (session, { name, role, subagent }, from = null) =>
      lineParser(LINE_RULES, { name, role, subagent, session }, from),
    restorePlace: placeBelow,
  };
  return source;
}

async function sessionsOfProject(
  look: FolderLook,
  root: string,
  folder: string,
): Promise<readonly FoundSession[]> {
  const { files, folders } = await look.entries(`${root}/${folder}`);
  const ids = new Set([...files.flatMap((name) => MAIN.exec(name)?.[1] ?? []), ...folders]);
  const sessions: FoundSession[] = [];
  for (const id of ids) {
    const flat = files.filter((name) => MAIN.exec(name)?.[1] === id).map((name) => `${folder}/${name}`);
    const own = folders.includes(id) ? await filesOfFolder(look, root, `${folder}/${id}`) : [];
    const [main, ...older] = [...flat, ...own.filter((name) => MAIN.exec(nameOf(name))?.[1] === id)]
      .flatMap((name) => fileAt(look, root, name, { role: 'main', grows: 'appended' }) ?? [])
      .sort((a, b) => b.size - a.size);
    // A folder without a conversation is none.
    if (main === undefined) continue;
    if (!UUID.test(id)) {
      look.problems.push({ path: main.path, problem: 'its name is no session id' });
      continue;
    }
    const beside = own
      .filter((name) => name !== main.name && older.every((file) => file.name !== name))
      .flatMap((name) => fileAt(look, root, name, { role: 'sidecar', grows: 'rewritten' }) ?? []);
    const others = [
      ...older.map((file) => ({ ...file, role: 'sidecar' as const })),
      ...beside,
      ...(folders.includes(id) ? await subagents(look, root, `${folder}/${id}/subagents`) : []),
    ];
    sessions.push({ agent: 'cursor', id, root, files: [main, ...others], parent: null });
  }
  return sessions;
}

async function filesOfFolder(look: FolderLook, root: string, folder: string): Promise<readonly string[]> {
  return (await look.entries(`${root}/${folder}`)).files.map((name) => `${folder}/${name}`);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

async function subagents(look: FolderLook, root: string, folder: string): Promise<readonly TranscriptFile[]> {
  const { files } = await look.entries(`${root}/${folder}`);
  return files.flatMap((name) => {
    const subagent = SUBAGENT.exec(name)?.[1];
    if (subagent === undefined) return [];
    return fileAt(look, root, `${folder}/${name}`, { role: 'subagent', grows: 'appended', subagent }) ?? [];
  });
}
