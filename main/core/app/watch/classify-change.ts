import { below, nameOf } from '../../files/folder-path.ts';
import type { DataPaths } from '../../files/data-paths.ts';

/** A changed file's meaning for the app. */
export type ChangeMeaning =
  | 'logs.changed'
  | 'settings.touched'
  | 'identity.touched'
  | 'queue.touched'
  | 'index.touched'
  | 'inbox.touched'
  | 'journal.touched'
  /** Our own or irrelevant: no effect. */
  | 'nothing';

/**
 * The meaning of a change in the data folder.
 * @param path absolute, `/`-separated
 */
export function classifyChange(paths: DataPaths, path: string): ChangeMeaning {
  // Logs are Markdown, and a moved folder is reported by its own name only; temporary files beside them have another extension.
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

/** A Windows path with `/` separators. */
export function slashed(path: string): string {
  return /^(?:[A-Za-z]:[\\/]|\\\\)/.test(path) ? path.replaceAll('\\', '/') : path;
}
