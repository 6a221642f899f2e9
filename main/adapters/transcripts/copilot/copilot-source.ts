import { isSessionId } from '../../../../shared/transcripts/agents.ts';
import type { TranscriptSource } from '../../../core/ports/transcript-source.ts';
import { PARSER_VERSIONS } from '../parser-versions.ts';
import { lineParser } from '../reading/event-parser.ts';
import { folderSource } from '../reading/folder-source.ts';
import { fileAt, type DiskAnswers } from '../reading/folders.ts';

const EVENTS = 'events.jsonl';

/**
 * The sessions of Copilot CLI: `session-state/<session>/events.jsonl` and the files beside it.
 * @param roots its folders (`~/.copilot`), absolute
 */
export function createCopilotSource(roots: readonly string[], answers: DiskAnswers): TranscriptSource {
  return folderSource({
    agent: 'copilot',
    parserVersion: PARSER_VERSIONS.copilot,
    roots,
    answers,
    async *sessions(look, root) {
      for (const id of (await look.entries(`${root}/session-state`)).folders) {
        const folder = `session-state/${id}`;
        const main = fileAt(look, root, `${folder}/${EVENTS}`, { role: 'main', grows: 'appended' });
        if (main === null || !isSessionId(id)) continue;
        const beside = (await look.entries(`${root}/${folder}`)).files
          .filter((name) => name !== EVENTS)
          .flatMap(
            (name) => fileAt(look, root, `${folder}/${name}`, { role: 'sidecar', grows: 'rewritten' }) ?? [],
          );
        yield { agent: 'copilot', id, root, files: [main, ...beside], parent: null };
      }
    },
    parser: async (file, from) => lineParser((await import('./read-line.ts')).LINE_RULES, file, from),
  });
}
