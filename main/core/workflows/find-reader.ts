import type { Answer } from '../../../shared/app-error.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { findReader as findIn, knownReaders, type Reader } from '../notes/reader.ts';
import type { Files } from '../ports/files.ts';

export interface ReaderBase {
  readonly files: Files;
  readonly settings: Pick<Settings, 'author' | 'git'>;
  /** The system's name for the user. */
  readonly systemUser: string;
}

/**
 * Finds who reads notes in a folder: the person of the work tree around it, else the data folder's author, else a registered workspace's,
 * else the system's user.
 * @param folder absolute
 */
export function findReader(base: ReaderBase, folder: string): Answer<Reader> {
  return findIn(base.files, folder, knownReaders(base.settings, base.systemUser));
}
