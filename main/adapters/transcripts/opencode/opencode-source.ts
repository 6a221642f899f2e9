import { ok } from '../../../../shared/result.ts';
import type { TranscriptSource } from '../../../core/ports/transcript-source.ts';
import {
  databaseSessions,
  readingExports,
  type DatabaseReader,
  type Databases,
} from '../reading/database-sessions.ts';
import { objectParser } from '../reading/event-parser.ts';
import { folderSource } from '../reading/folder-source.ts';
import type { DiskAnswers } from '../reading/folders.ts';
import { placeBelow } from '../reading/source-parts.ts';
import { EXPORT_RULES, VERSION } from './records.ts';

const reader = async (): Promise<DatabaseReader> => (await import('./export-session.ts')).OPENCODE;

/**
 * The sessions of opencode, out of its database; each is read as its export.
 * @param roots its data folders (`~/.local/share/opencode`), absolute
 * @param databases what is known of them from the last time
 */
export function createOpencodeSource(
  roots: readonly string[],
  answers: DiskAnswers,
  databases: Databases = new Map(),
): TranscriptSource {
  return folderSource({
    agent: 'opencode',
    parserVersion: VERSION,
    roots,
    answers,
    unwatched: roots,
    async sessions(look, root) {
      const path = `${root}/opencode.db`;
      if (look.facts(path) === null) return [];
      return databaseSessions({ look, root, agent: 'opencode' }, path, databases, reader);
    },
    read: readingExports(reader),
    hasEnds: () => false,
    parser: (file) => objectParser(EXPORT_RULES, file),
    restorePlace(root, name) {
      const place = placeBelow(root, name);
      return place.ok ? ok({ how: 'import', command: ['opencode', 'import'] }) : place;
    },
  });
}
