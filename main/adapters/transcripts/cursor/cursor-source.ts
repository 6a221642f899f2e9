import { posix } from 'node:path';
import { appError, type AppError } from '../../../../shared/app-error.ts';
import { err } from '../../../../shared/result.ts';
import type {
  FoundSession,
  TranscriptFile,
  TranscriptSource,
} from '../../../core/ports/transcript-source.ts';
import { PARSER_VERSIONS } from '../parser-versions.ts';
import {
  databaseSessions,
  readingExports,
  type DatabaseReader,
  type Databases,
} from '../reading/database-sessions.ts';
import { lineParser, objectParser } from '../reading/event-parser.ts';
import { folderSource } from '../reading/folder-source.ts';
import { fileAt, subagentFiles, type DiskAnswers, type FolderLook } from '../reading/folders.ts';
import { readFile } from '../reading/read-file.ts';
import { placeBelow } from '../reading/source-parts.ts';

const MAIN = /^(.+)\.(?:jsonl|txt)$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const reader = async (): Promise<DatabaseReader> => (await import('./export-composer.ts')).CURSOR;
const readExport = readingExports(reader);
const isExport = ({ name }: Pick<TranscriptFile, 'name'>): boolean => name.startsWith('export/');

/**
 * The sessions of Cursor: `<project>/agent-transcripts/<session>.jsonl` of its command line, `<session>/<session>.jsonl` of the editor, and
 * the editor's database, which has more facts about the same sessions. The `.txt` files of older versions are found and copied, but not
 * parsed.
 * @param folders of projects (`~/.cursor/projects`), absolute
 * @param users the editor's user folders (`Cursor/User`), absolute
 * @param databases what is known of them from the last time
 */
export function createCursorSource(
  folders: readonly string[],
  users: readonly string[],
  answers: DiskAnswers,
  databases: Databases = new Map(),
): TranscriptSource {
  return folderSource({
    agent: 'cursor',
    parserVersion: PARSER_VERSIONS.cursor,
    roots: [...folders, ...users],
    unwatched: users,
    answers,
    async *sessions(look, root) {
      const path = `${root}/globalStorage/state.vscdb`;
      if (look.facts(path) !== null)
        yield* await databaseSessions({ look, root, agent: 'cursor' }, path, databases, reader);
      else if (!users.includes(root))
        for (const project of (await look.entries(root)).folders)
          yield* sessionsOfProject(look, root, `${project}/agent-transcripts`);
    },
    read: (file, offset, signal) =>
      isExport(file) ? readExport(file, offset, signal) : readFile(file.path, offset, signal),
    hasEnds: (file) => !isExport(file),
    async parser(file, from) {
      if (isExport(file)) return objectParser((await import('./read-composer.ts')).COMPOSER_RULES, file);
      return lineParser((await import('./read-line.ts')).LINE_RULES, file, from);
    },
    restorePlace: (root, name) => (isExport({ name }) ? err(noWayBack()) : placeBelow(root, name)),
  });
}

function noWayBack(): AppError {
  return appError(
    'invalid-input',
    'Cursor cannot take back a session that was in its database.',
    'Restore it elsewhere with --to.',
  );
}

async function* sessionsOfProject(
  look: FolderLook,
  root: string,
  folder: string,
): AsyncGenerator<FoundSession> {
  const entries = await look.entries(`${root}/${folder}`);
  const folders = new Set(entries.folders);
  const flatFiles = new Map<string, string[]>(entries.folders.map((id) => [id, []]));
  for (const name of entries.files) {
    const id = MAIN.exec(name)?.[1];
    if (id !== undefined) flatFiles.set(id, [...(flatFiles.get(id) ?? []), `${folder}/${name}`]);
  }
  for (const [id, flat] of flatFiles) {
    const own = folders.has(id) ? await filesOfFolder(look, root, `${folder}/${id}`) : [];
    const [main, ...older] = [...flat, ...own.filter((name) => MAIN.exec(posix.basename(name))?.[1] === id)]
      .flatMap((name) => fileAt(look, root, name, { role: 'main', grows: 'appended' }) ?? [])
      .sort((a, b) => b.size - a.size);
    // A folder without a conversation is not a session.
    if (main === undefined) continue;
    if (!UUID.test(id)) {
      look.problems.push({ path: main.path, problem: 'its name is not a session id' });
      continue;
    }
    const beside = own
      .filter((name) => name !== main.name && older.every((file) => file.name !== name))
      .flatMap((name) => fileAt(look, root, name, { role: 'sidecar', grows: 'rewritten' }) ?? []);
    const others = [
      ...older.map((file) => ({ ...file, role: 'sidecar' as const })),
      ...beside,
      ...(folders.has(id) ? await subagentFiles(look, root, `${folder}/${id}/subagents`) : []),
    ];
    yield { agent: 'cursor', id, root, files: [main, ...others], parent: null };
  }
}

async function filesOfFolder(look: FolderLook, root: string, folder: string): Promise<readonly string[]> {
  return (await look.entries(`${root}/${folder}`)).files.map((name) => `${folder}/${name}`);
}
