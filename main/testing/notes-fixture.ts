import { createHash } from 'node:crypto';
import { join } from 'node:path';
import {
  parseMachineUuid,
  type CalendarDate,
  type LogPath,
  type MachineUuid,
} from '../../shared/domain/ids.ts';
import type { NoteRow } from '../../shared/domain/log-query.ts';
import { noteEntries } from '../../shared/domain/log-notes.ts';
import { readLogText } from '../../shared/domain/log-text.ts';
import { ok, unwrap } from '../../shared/result.ts';
import type { ReceiveDeps } from '../core/notes/receive-notes.ts';
import type { Reader } from '../core/notes/reader.ts';
import type { LogIndex } from '../core/ports/log-index.ts';
import type { SaveWorld } from './save-world.ts';

/** Two people who write notes to each other. */
export const MIKE: Reader = { user: 'mike', fullName: 'Mike Swanson' };
export const HOWARD: Reader = { user: 'howard', fullName: 'Howard Enos' };
/** The machine that receives, and the one that {@link noteRows} come from. */
export const OWN = unwrap(parseMachineUuid('11111111-2222-3333-4444-555555555555'));
export const OTHER = unwrap(parseMachineUuid('22222222-2222-3333-4444-555555555555'));

/** What the inbox needs, with its files in the home of the world. */
export function notesDeps(world: SaveWorld): ReceiveDeps {
  const state = join(world.home, 'state');
  return {
    ...world.deps,
    paths: {
      inbox: join(state, 'inbox.json'),
      receipts: join(state, 'receipts.json'),
      notesLock: join(state, 'notes.lock'),
    },
  };
}

/** A log with notes in it. */
export function noteLog(notes: string, user = 'Howard Enos (howard)', machine = 'ACG-5070'): string {
  return `# Log\n\n## User\n\n- **User:** ${user}\n- **Machine:** ${machine}\n\n${notes}\n`;
}

/** The notes of a log as another machine's shard brings them. */
export function noteRows(text: string, more: Partial<NoteRow> = {}): NoteRow[] {
  return noteEntries(readLogText(text, 'SESSION-LOG-2026-06-05.md'), {
    machine: OTHER,
    date: '2026-06-05' as CalendarDate,
    fallbackFrom: 'host',
    sha256: (value) => createHash('sha256').update(value).digest('hex'),
  }).map((entry) => ({
    ...entry,
    machine: OTHER,
    host: 'ACG-5070',
    path: 'SESSION-LOG-2026-06-05.md' as LogPath,
    receipts: [],
    ...more,
  }));
}

let versions = 1;

/**
 * An index at a version of its own, that counts how often its notes are read.
 * @param writers machines that logs of the reader come from; without it all are
 */
export function notesIndex(
  notes: readonly NoteRow[],
  writers?: readonly MachineUuid[],
): Pick<LogIndex, 'notes' | 'version' | 'page'> & { readonly reads: () => number } {
  const version = versions++;
  let reads = 0;
  return {
    version: async () => ok(version),
    page: async ({ machines = [] }) =>
      ok({ rows: [], total: machines.some((one) => writers?.includes(one) ?? true) ? 1 : 0, version }),
    notes: async () => {
      reads++;
      return ok(notes);
    },
    reads: () => reads,
  };
}
