import { addTo } from '../../../../shared/group-by.ts';
import type { FoundSession, TranscriptFile } from '../../../core/ports/transcript-source.ts';
import { fileAt, type FolderLook } from '../reading/folders.ts';

const SESSION = /^([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\.jsonl$/i;
const SUBAGENT = /^agent-([\w-]{1,80})\.(jsonl|meta\.json)$/;
/** The client's run that summarizes a conversation: not an agent of the session. */
const COMPACTION = /^agent-acompact-/;
/** Set aside by the client itself. */
const SET_ASIDE = /\.orphaned-|\.superseded-/;
/** Maximum depth scanned in a session's folder: `subagents/workflows/<run>/<step>`. */
const DEPTH = 4;

/** Determines the session of a subagent file written by an older version. */
export type SessionOfSubagent = (path: string, size: number) => Promise<string | null>;

/** The sessions of one project folder. */
export async function* sessionsOfProject(
  look: FolderLook,
  root: string,
  project: string,
  sessionOf: SessionOfSubagent,
): AsyncGenerator<FoundSession> {
  const { files: names, folders: inner } = await look.entries(`${root}/${project}`);
  const older = await olderSubagents(look, root, project, names, sessionOf);
  const folders = new Set(inner);
  for (const name of names) {
    if (SUBAGENT.test(name) || SET_ASIDE.test(name) || !name.endsWith('.jsonl')) continue;
    const id = SESSION.exec(name)?.[1];
    if (id === undefined) {
      look.problems.push({ path: `${root}/${project}/${name}`, problem: 'its name is not a session id' });
      continue;
    }
    const main = fileAt(look, root, `${project}/${name}`, { role: 'main', grows: 'appended' });
    if (main === null || main.size === 0) continue;
    const beside = folders.has(id) ? await filesBeside(look, root, `${project}/${id}`, DEPTH) : [];
    const files = [main, ...beside, ...(older.get(id.toLowerCase()) ?? [])];
    yield { agent: 'claude-code', id: id.toLowerCase(), root, files, parent: null };
  }
}

async function filesBeside(
  look: FolderLook,
  root: string,
  folder: string,
  depth: number,
): Promise<readonly TranscriptFile[]> {
  const found: TranscriptFile[] = [];
  const { files, folders } = await look.entries(`${root}/${folder}`);
  for (const name of files) {
    const file = fileAt(look, root, `${folder}/${name}`, kindOf(name));
    if (file !== null) found.push(file);
  }
  if (depth > 0)
    for (const inner of folders)
      found.push(...(await filesBeside(look, root, `${folder}/${inner}`, depth - 1)));
  return found;
}

function kindOf(name: string): Pick<TranscriptFile, 'role' | 'grows' | 'subagent'> {
  const [, subagent = null, ending] = SUBAGENT.exec(name) ?? [];
  if (name === 'custom-title.json') return { role: 'facts', grows: 'rewritten', subagent: null };
  if (subagent === null || COMPACTION.test(name)) {
    const grows = name.endsWith('.jsonl') ? 'appended' : 'rewritten';
    return { role: 'sidecar', grows, subagent: null };
  }
  const isMeta = ending === 'meta.json';
  return { role: isMeta ? 'facts' : 'subagent', grows: isMeta ? 'rewritten' : 'appended', subagent };
}

/** Subagents of older versions, which are beside the sessions, by session. */
async function olderSubagents(
  look: FolderLook,
  root: string,
  project: string,
  names: readonly string[],
  sessionOf: SessionOfSubagent,
): Promise<ReadonlyMap<string, readonly TranscriptFile[]>> {
  const found = new Map<string, TranscriptFile[]>();
  for (const name of names) {
    const subagent = SUBAGENT.exec(name)?.[1];
    if (subagent === undefined || COMPACTION.test(name) || !name.endsWith('.jsonl')) continue;
    const file = fileAt(look, root, `${project}/${name}`, { role: 'subagent', grows: 'appended', subagent });
    const session = file === null ? null : (await sessionOf(file.path, file.size))?.toLowerCase();
    if (file !== null && session) addTo(found, session, file);
  }
  return found;
}
