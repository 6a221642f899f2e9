import { posix } from 'node:path';
import type { FoundSession, TranscriptSource } from '../../../core/ports/transcript-source.ts';
import { lineParser } from '../reading/event-parser.ts';
import { folderSource } from '../reading/folder-source.ts';
import { fileAt, subagentFiles, type DiskAnswers, type FolderLook } from '../reading/folders.ts';
import { LINE_RULES, VERSION } from './read-line.ts';

const MAIN = /^(.+)\.(?:jsonl|txt)$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The agent transcripts of Cursor: `<project>/agent-transcripts/<session>.jsonl` of its command line, `<session>/<session>.jsonl` of the editor.
 * The `.txt` of older versions is found, kept and not understood.
 * @param roots its folders of projects (`~/.cursor/projects`), absolute
 */
export function createCursorSource(roots: readonly string[], answers: DiskAnswers): TranscriptSource {
  return folderSource({
    agent: 'cursor',
    parserVersion: VERSION,
    roots,
    answers,
    async sessions(look, root) {
      const sessions: FoundSession[] = [];
      for (const project of (await look.entries(root)).folders)
        sessions.push(...(await sessionsOfProject(look, root, `${project}/agent-transcripts`)));
      return sessions;
    },
    parser: (file, from) => lineParser(LINE_RULES, file, from),
  });
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
    const [main, ...older] = [...flat, ...own.filter((name) => MAIN.exec(posix.basename(name))?.[1] === id)]
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
      ...(folders.includes(id) ? await subagentFiles(look, root, `${folder}/${id}/subagents`) : []),
    ];
    sessions.push({ agent: 'cursor', id, root, files: [main, ...others], parent: null });
  }
  return sessions;
}

async function filesOfFolder(look: FolderLook, root: string, folder: string): Promise<readonly string[]> {
  return (await look.entries(`${root}/${folder}`)).files.map((name) => `${folder}/${name}`);
}
