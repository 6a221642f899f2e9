import { isSessionId } from '../../../../shared/transcripts/agents.ts';
import type {
  FoundSession,
  TranscriptFile,
  TranscriptSource,
} from '../../../core/ports/transcript-source.ts';
import { lineParser } from '../reading/event-parser.ts';
import { fileAt, lookAtFolders, standingRoots, type DiskAnswers } from '../reading/folders.ts';
import { readFile } from '../reading/read-file.ts';
import { describeSession, placeBelow, sessionsOnce } from '../reading/source-parts.ts';
import { LINE_RULES, VERSION } from './read-line.ts';

const EVENTS = 'events.jsonl';

/**
 * The sessions of Copilot CLI: `session-state/<session>/events.jsonl`, with what lies beside it.
 * @param roots its folders (`~/.copilot`), absolute
 */
export function createCopilotSource(roots: readonly string[], answers: DiskAnswers): TranscriptSource {
  const source: TranscriptSource = {
    agent: 'copilot',
    parserVersion: VERSION,
    roots,
    async find(signal) {
      const look = lookAtFolders(signal);
      const sessions: FoundSession[] = [];
      for (const root of await standingRoots(roots, answers, look.problems))
        for (const id of (await look.entries(`${root}/session-state`)).folders) {
          const folder = `session-state/${id}`;
          const main = fileAt(look, root, `${folder}/${EVENTS}`, { role: 'main', grows: 'appended' });
          if (main === null || !isSessionId(id)) continue;
          const beside = (await look.entries(`${root}/${folder}`)).files
            .filter((name) => name !== EVENTS)
            .map((name) => fileAt(look, root, `${folder}/${name}`, { role: 'sidecar', grows: 'rewritten' }))
            .filter((file): file is TranscriptFile => file !== null);
          sessions.push({ agent: 'copilot', id, root, files: [main, ...beside], parent: null });
        }
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
