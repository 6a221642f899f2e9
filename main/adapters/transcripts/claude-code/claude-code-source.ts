import type { FoundSession, TranscriptSource } from '../../../core/ports/transcript-source.ts';
import { lineParser, objectParser } from '../reading/event-parser.ts';
import { lookAtFolders, standingRoots, type DiskAnswers } from '../reading/folders.ts';
import { readFile } from '../reading/read-file.ts';
import { describeSession, placeBelow, sessionsOnce } from '../reading/source-parts.ts';
import { FACTS_RULES } from './facts-files.ts';
import { sessionsOfProject } from './find-sessions.ts';
import { createHistory, HISTORY_RULES } from './history.ts';
import { createOlderSubagents } from './older-subagents.ts';
import { LINE_RULES, VERSION } from './read-line.ts';

/**
 * The transcripts of Claude Code: `projects/<project>/<session>.jsonl` with subagents beside it, of every version.
 * @param roots its configuration folders (`~/.claude`, `CLAUDE_CONFIG_DIR`, one an account), absolute
 */
export function createClaudeCodeSource(roots: readonly string[], answers: DiskAnswers): TranscriptSource {
  const history = createHistory();
  const sessionOfSubagent = createOlderSubagents();
  const source: TranscriptSource = {
    agent: 'claude-code',
    parserVersion: VERSION,
    roots,
    async find(signal) {
      const look = lookAtFolders(signal);
      const sessions: FoundSession[] = [];
      for (const root of await standingRoots(roots, answers, look.problems))
        for (const project of (await look.entries(`${root}/projects`)).folders)
          sessions.push(...(await sessionsOfProject(look, root, `projects/${project}`, sessionOfSubagent)));
      return sessionsOnce(sessions, look.problems);
    },
    async findLost(present) {
      const look = lookAtFolders();
      const sessions: FoundSession[] = [];
      for (const root of await standingRoots(roots, answers, look.problems))
        sessions.push(...(await history.lost(look, root, present)));
      return sessionsOnce(sessions, look.problems);
    },
    describe: (session) => describeSession(source, session, (file) => file.role === 'main'),
    read: (file, offset, signal) =>
      file.role === 'history' ? history.read(file, offset) : readFile(file.path, offset, signal),
    parser(session, file, from = null) {
      const parsed = { name: file.name, role: file.role, subagent: file.subagent, session };
      if (file.role === 'facts') return objectParser(FACTS_RULES, parsed);
      if (file.role === 'history') return lineParser(HISTORY_RULES, parsed, from);
      return lineParser(LINE_RULES, parsed, from);
    },
    restorePlace: placeBelow,
  };
  return source;
}
