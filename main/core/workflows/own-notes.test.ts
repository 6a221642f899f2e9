import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { appError } from '../../../shared/app-error.ts';
import type { CalendarDate } from '../../../shared/domain/ids.ts';
import { DEFAULT_SETTINGS } from '../../../shared/domain/settings.ts';
import { err, unwrap } from '../../../shared/result.ts';
import { MIKE, noteLog, notesDeps } from '../../testing/notes-fixture.ts';
import { createSaveWorld, type SaveWorld } from '../../testing/save-world.ts';
import { notesOfLogs, receiveNotes } from '../notes/receive-notes.ts';
import { listOwnNotes, type OwnNotesBase } from './own-notes.ts';

let world: SaveWorld;
beforeEach(() => {
  world = createSaveWorld();
});
afterEach(() => world.end());

it('Notes are listed in a data folder that cannot be written, and only their numbers are not remembered.', async () => {
  const deps = notesDeps(world);
  const path = 'session-logs/2026-06-05-howard-x.md';
  const bytes = new TextEncoder().encode(noteLog('## Note for mike\n\nLook at it.'));
  const day = '2026-06-05' as CalendarDate;
  const logs = [{ path, bytes, committer: 'Howard' }];
  unwrap(await receiveNotes(deps, MIKE, notesOfLogs(world.deps.bytes, world.workspace, logs, day)));

  const denied = appError('denied', 'Preparing the lock failed.', 'Make the folder writable.');
  const base: OwnNotesBase = {
    ...deps,
    locks: { ...deps.locks, acquire: async () => err(denied) },
    paths: { ...deps.paths, cache: join(world.home, 'session-logs-cache') },
    settings: DEFAULT_SETTINGS,
    systemUser: 'mike',
  };
  const listed = unwrap(await listOwnNotes(base, world.home, 'all'));
  expect(listed.notes.map(({ text }) => text)).toEqual(['Look at it.']);
  expect(listed.unnumbered).toEqual(denied);
});
