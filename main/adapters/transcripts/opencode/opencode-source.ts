import { ok } from '../../../../shared/result.ts';
import type { TranscriptSource } from '../../../core/ports/transcript-source.ts';
import { PARSER_VERSIONS } from '../parser-versions.ts';
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
import { SECOND_FORM, STORAGE } from './export-storage.ts';

const reader = async (): Promise<DatabaseReader> => (await import('./export-session.ts')).OPENCODE;
const stored = async (): Promise<DatabaseReader> => STORAGE;
const readers = [readingExports(reader), readingExports(stored)] as const;

/** Each release channel may have its own database. */
const DATABASE = /^opencode(?:-[\w.-]+)?\.db$/;
/** Where versions before 1.2 stored one file per session. */
const STORED = 'storage/session';

/**
 * The sessions of opencode, from its database and its former folders; each is read as its export.
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
    parserVersion: PARSER_VERSIONS.opencode,
    roots,
    answers,
    unwatched: roots,
    async *sessions(look, root) {
      const place = { look, root, agent: 'opencode' as const };
      const moved = new Set<string>();
      for (const name of (await look.entries(root)).files.filter((file) => DATABASE.test(file)))
        for (const session of await databaseSessions(place, `${root}/${name}`, databases, reader)) {
          moved.add(session.id);
          yield session;
        }
      for (const project of (await look.entries(`${root}/${STORED}`)).folders)
        for (const name of (await look.entries(`${root}/${STORED}/${project}`)).files)
          if (name.endsWith('.json') && !moved.has(name.slice(0, -'.json'.length)))
            yield* await databaseSessions(place, `${root}/${STORED}/${project}/${name}`, databases, stored);
    },
    read: (file, ...words) => readers[file.path.endsWith('.db') ? 0 : 1](file, ...words),
    hasEnds: () => false,
    parser: async (file) => objectParser((await import('./records.ts')).EXPORT_RULES, file),
    restorePlace(root, name) {
      const place = placeBelow(root, name);
      const words = name.startsWith(`export/${SECOND_FORM}/`) ? ['session', 'import'] : ['import'];
      return place.ok ? ok({ how: 'import', command: ['opencode', ...words] }) : place;
    },
  });
}
