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
import { unpacking } from '../reading/unpack-zstd.ts';
import { LINE_RULES, VERSION } from './read-line.ts';

const ROLLOUT = /^rollout-.*?([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\.jsonl(\.zst)?$/i;
/** `sessions/<year>/<month>/<day>`. */
const DEPTH = 3;

/**
 * The rollouts of Codex: `sessions/<year>/<month>/<day>/rollout-<time>-<thread>.jsonl`, `archived_sessions/`, packed ones too.
 * @param roots its folders (`~/.codex`, `CODEX_HOME`), absolute
 */
export function createCodexSource(roots: readonly string[], answers: DiskAnswers): TranscriptSource {
  const source: TranscriptSource = {
    agent: 'codex',
    parserVersion: VERSION,
    roots,
    async find(signal) {
      const look = lookAtFolders(signal);
      const sessions: FoundSession[] = [];
      for (const root of await standingRoots(roots, answers, look.problems)) {
        sessions.push(...(await rolloutsBelow(look, root, 'sessions', DEPTH)));
        sessions.push(...(await rolloutsBelow(look, root, 'archived_sessions', 0)));
      }
      return sessionsOnce(sessions, look.problems);
    },
    // Codex deletes nothing by itself.
    findLost: async () => ({ sessions: [], problems: [] }),
    describe: (session) => describeSession(source, session, (file) => !isPacked(file)),
    read: (file, offset, signal) => readFile(file.path, offset, signal),
    parser(session, file, from = null) {
      const parsed = { name: file.name, role: file.role, subagent: file.subagent, session };
      if (!isPacked(file)) return lineParser(LINE_RULES, parsed, from);
      return unpacking(lineParser(LINE_RULES, parsed, null), file.name);
    },
    restorePlace: placeBelow,
  };
  return source;
}

function isPacked({ name }: Pick<TranscriptFile, 'name'>): boolean {
  return name.endsWith('.zst');
}

async function rolloutsBelow(
  look: FolderLook,
  root: string,
  folder: string,
  depth: number,
): Promise<readonly FoundSession[]> {
  const sessions: FoundSession[] = [];
  const { files, folders } = await look.entries(`${root}/${folder}`);
  for (const name of files) {
    const [, id, packed] = ROLLOUT.exec(name) ?? [];
    if (id === undefined) continue;
    const grows = packed === undefined ? 'appended' : 'rewritten';
    const file = fileAt(look, root, `${folder}/${name}`, { role: 'main', grows });
    if (file !== null && file.size > 0)
      sessions.push({ agent: 'codex', id: id.toLowerCase(), root, files: [file], parent: null });
  }
  if (depth > 0)
    for (const inner of folders)
      sessions.push(...(await rolloutsBelow(look, root, `${folder}/${inner}`, depth - 1)));
  return sessions;
}
