import type {
  FoundSession,
  TranscriptFile,
  TranscriptSource,
} from '../../../core/ports/transcript-source.ts';
import { PARSER_VERSIONS } from '../parser-versions.ts';
import { lineParser } from '../reading/event-parser.ts';
import { folderSource } from '../reading/folder-source.ts';
import { fileAt, type DiskAnswers, type FolderLook } from '../reading/folders.ts';
import { unpacking } from '../reading/unpack-zstd.ts';

const ROLLOUT = /^rollout-.*?([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\.jsonl(\.zst)?$/i;
/** `sessions/<year>/<month>/<day>`. */
const DEPTH = 3;

/**
 * The rollouts of Codex: `sessions/<year>/<month>/<day>/rollout-<time>-<thread>.jsonl`, `archived_sessions/`, compressed ones
 * too.
 * @param roots its folders (`~/.codex`, `CODEX_HOME`), absolute
 */
export function createCodexSource(roots: readonly string[], answers: DiskAnswers): TranscriptSource {
  return folderSource({
    agent: 'codex',
    parserVersion: PARSER_VERSIONS.codex,
    roots,
    answers,
    async *sessions(look, root) {
      yield* rolloutsBelow(look, root, 'sessions', DEPTH);
      yield* rolloutsBelow(look, root, 'archived_sessions', 0);
    },
    hasEnds: (file) => !isPacked(file),
    async parser(file, from) {
      const { LINE_RULES } = await import('./read-line.ts');
      return isPacked(file)
        ? unpacking(lineParser(LINE_RULES, file, null), file.name)
        : lineParser(LINE_RULES, file, from);
    },
  });
}

function isPacked({ name }: Pick<TranscriptFile, 'name'>): boolean {
  return name.endsWith('.zst');
}

async function* rolloutsBelow(
  look: FolderLook,
  root: string,
  folder: string,
  depth: number,
): AsyncGenerator<FoundSession> {
  const { files, folders } = await look.entries(`${root}/${folder}`);
  for (const name of files) {
    const [, id, packed] = ROLLOUT.exec(name) ?? [];
    if (id === undefined) continue;
    const grows = packed === undefined ? 'appended' : 'rewritten';
    const file = fileAt(look, root, `${folder}/${name}`, { role: 'main', grows });
    if (file !== null && file.size > 0)
      yield { agent: 'codex', id: id.toLowerCase(), root, files: [file], parent: null };
  }
  if (depth > 0)
    for (const inner of folders) yield* rolloutsBelow(look, root, `${folder}/${inner}`, depth - 1);
}
