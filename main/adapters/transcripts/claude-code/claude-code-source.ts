import type { TranscriptSource } from '../../../core/ports/transcript-source.ts';
import { PARSER_VERSIONS } from '../parser-versions.ts';
import { lineParser, objectParser } from '../reading/event-parser.ts';
import { folderSource } from '../reading/folder-source.ts';
import type { DiskAnswers } from '../reading/folders.ts';
import { readFile } from '../reading/read-file.ts';
import { FACTS_RULES } from './facts-files.ts';
import { sessionsOfProject } from './find-sessions.ts';
import { createHistory, HISTORY_RULES } from './history.ts';
import { createOlderSubagents } from './older-subagents.ts';

/**
 * The transcripts of Claude Code, of every version: `projects/<project>/<session>.jsonl` with subagents beside it.
 * @param roots its configuration folders (`~/.claude`, `CLAUDE_CONFIG_DIR`, one per account), absolute
 */
export function createClaudeCodeSource(roots: readonly string[], answers: DiskAnswers): TranscriptSource {
  const history = createHistory();
  const sessionOfSubagent = createOlderSubagents();
  return folderSource({
    agent: 'claude-code',
    parserVersion: PARSER_VERSIONS['claude-code'],
    roots,
    answers,
    async *sessions(look, root) {
      for (const project of (await look.entries(`${root}/projects`)).folders)
        yield* sessionsOfProject(look, root, `projects/${project}`, sessionOfSubagent);
    },
    lost: (look, present) => (root) => history.lost(look, root, present),
    read: (file, offset, signal) =>
      file.role === 'history' ? history.read(file, offset) : readFile(file.path, offset, signal),
    hasEnds: ({ role }) => role === 'main',
    async parser(file, from) {
      if (file.role === 'facts') return objectParser(FACTS_RULES, file);
      if (file.role === 'history') return lineParser(HISTORY_RULES, file, from);
      return lineParser((await import('./read-line.ts')).LINE_RULES, file, from);
    },
  });
}
