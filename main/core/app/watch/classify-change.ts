import { below, nameOf } from '../../files/folder-path.ts';
import type { AppPaths } from '../app-core.ts';

/** What a changed file means to the app. */
export type ChangeMeaning =
  | 'logs.changed'
  | 'settings.touched'
  | 'identity.touched'
  | 'queue.touched'
  | 'index.touched'
  | 'inbox.touched'
  | 'journal.touched'
  /** Ours, or nobody's: nothing follows. */
  | 'nothing';

/**
 * Tells what a change in the data folder means.
 * @param path absolute, `/`-separated
 */
export function classifyChange(paths: AppPaths, path: string): ChangeMeaning {
  // Logs are Markdown, and of a folder that was moved only its own name is told; what is written beside them for a moment has another ending.
  if (below(slashed(paths.sessionLogs), path) !== null)
    return /\.md$/i.test(path) || !nameOf(path).includes('.') ? 'logs.changed' : 'nothing';
  if (path === slashed(paths.settings)) return 'settings.touched';
  if (path === slashed(paths.machineId)) return 'identity.touched';
  if (path === slashed(paths.queue)) return 'queue.touched';
  if (path === slashed(paths.indexDb) || path === `${slashed(paths.indexDb)}-wal`) return 'index.touched';
  if (path === slashed(paths.inbox) || path === slashed(paths.receipts)) return 'inbox.touched';
  if (path === slashed(paths.schedule)) return 'journal.touched';
  return 'nothing';
}

/** A Windows path in the spelling used here. */
export function slashed(path: string): string {
  return /^(?:[A-Za-z]:[\\/]|\\\\)/.test(path) ? path.replaceAll('\\', '/') : path;
}
