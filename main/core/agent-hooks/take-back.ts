import type { AppError, Answer } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { nameOf } from '../files/folder-path.ts';
import {
  changeText,
  inFile,
  keptCopies,
  readText,
  removeText,
  type EditDeps,
  type EditRequest,
  type FileChange,
} from './edit-agent-file.ts';

/** Our part of a file. */
export interface OurPart {
  /** Whether a text contains it; true also for an unreadable text. */
  readonly holds: (text: string) => boolean;
  /** Adds it to a text, as the file has it now; null: no file. */
  readonly put: (text: string | null) => Result<string, AppError>;
  /** Removes it from a text and nothing else. */
  readonly take: (text: string) => Result<string, AppError>;
}

/**
 * Removes our part from somebody else's file. If nobody has touched it since, the backup gives the earlier text to the byte, with its empty
 * lists and objects; a file with nothing but our part is removed.
 * @param part returns our part of the present text
 */
export async function takeBack(
  deps: EditDeps,
  request: EditRequest,
  path: string,
  part: (text: string) => OurPart,
): Answer<FileChange> {
  const read = await readText(deps.files, path);
  if (!read.ok) return read;
  const text = read.value;
  const nothing = ok({ path, action: 'unchanged', backup: null, diff: '' } as const);
  if (text === null || text.trim() === '') return nothing;
  const ours = part(text);
  const without = ours.take(text);
  if (!without.ok) return err(inFile(without.error, path));
  if (without.value === text) return nothing;
  const isMadeOf = (before: string | null): boolean => {
    const made = ours.put(before);
    return made.ok && made.value === text;
  };
  const name = nameOf(path);
  // A backup from before an update has our part as well: no state to restore.
  const copies = await keptCopies(deps.files, request.backups, name);
  const before = copies.find((copy) => isMadeOf(copy) && !ours.holds(copy));
  if (before === undefined && isMadeOf(null)) return removeText(deps, request, path, text);
  return changeText(deps, request, path, (now) =>
    now === null ? ok(null) : now === text && before !== undefined ? ok(before) : ours.take(now),
  );
}
