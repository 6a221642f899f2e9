import { groupBy } from '../../../../shared/group-by.ts';
import type { FoundSession, TranscriptSource } from '../../../core/ports/transcript-source.ts';
import { PARSER_VERSIONS } from '../parser-versions.ts';
import { eitherParser, textParser } from '../reading/event-parser.ts';
import { folderSource } from '../reading/folder-source.ts';
import { fileAt, subagentFiles, type DiskAnswers, type FolderLook } from '../reading/folders.ts';

const SESSION = /^(session-[\w.-]*?([0-9a-f]{8}))\.(jsonl?)$/i;

/**
 * The chats of Gemini CLI: `tmp/<project>/chats/session-<time>-<first 8 of the id>.json` or `.jsonl`. A name contains only the beginning of
 * an id, so here the name itself is the id.
 * @param roots its folders (`~/.gemini`), absolute
 */
export function createGeminiSource(roots: readonly string[], answers: DiskAnswers): TranscriptSource {
  return folderSource({
    agent: 'gemini',
    parserVersion: PARSER_VERSIONS.gemini,
    roots,
    answers,
    async *sessions(look, root) {
      for (const project of (await look.entries(`${root}/tmp`)).folders)
        yield* await sessionsOfProject(look, root, `tmp/${project}`);
    },
    // The title and the totals may be anywhere in it.
    hasEnds: ({ grows }) => grows === 'appended',
    async parser(file, from) {
      const { PROJECT_RULES, RECORD_RULES } = await import('./records.ts');
      return file.role === 'facts' ? textParser(PROJECT_RULES, file) : eitherParser(RECORD_RULES, file, from);
    },
  });
}

async function sessionsOfProject(
  look: FolderLook,
  root: string,
  project: string,
): Promise<Iterable<FoundSession>> {
  const { files, folders } = await look.entries(`${root}/${project}/chats`);
  const marker = fileAt(look, root, `${project}/.project_root`, { role: 'facts', grows: 'rewritten' });
  const sessions = new Map<string, FoundSession>();
  // Subagent folders are named by the whole id of their parent, whose file name contains its first 8 digits.
  const parentsOf = groupBy(folders, (folder) => folder.slice(0, 8).toLowerCase());
  for (const name of files) {
    const [, id, short = '', ending] = SESSION.exec(name) ?? [];
    if (id === undefined) continue;
    const grows = ending === 'jsonl' ? 'appended' : 'rewritten';
    const main = fileAt(look, root, `${project}/chats/${name}`, { role: 'main', grows });
    if (main === null) continue;
    // A continued chat was rewritten as lines; the old form stays beside it.
    const older = sessions.get(id)?.files.map((file) => ({ ...file, role: 'sidecar' as const })) ?? [];
    const parents = parentsOf.get(short.toLowerCase()) ?? [];
    const children = (
      await Promise.all(parents.map((parent) => subagentFiles(look, root, `${project}/chats/${parent}`)))
    ).flat();
    const files = [
      main,
      ...(marker === null ? [] : [marker]),
      ...children,
      ...older.filter((file) => file.name.endsWith('.json')),
    ];
    sessions.set(id, { agent: 'gemini', id, root, files, parent: null });
  }
  return sessions.values();
}
