import type { AppError } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
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

/** What of a file is ours. */
export interface OurPart {
  /** Whether a text holds it; true also for a text that cannot be read. */
  readonly holds: (text: string) => boolean;
  /** A text with it, just as the file has it now; null: no file. */
  readonly put: (text: string | null) => Result<string, AppError>;
  /** A text without it and nothing else changed. */
  readonly take: (text: string) => Result<string, AppError>;
}

/**
 * Takes what is ours out of somebody else's file. Where nobody has touched it since, the text from before is known to the byte by the copy
 * that was kept, with the empty lists and objects it had; a file that holds nothing but ours is removed.
 * @param part gives what is ours in the text that is there
 */
export async function takeBack(
  deps: EditDeps,
  request: EditRequest,
  path: string,
  part: (text: string) => OurPart,
): Promise<Result<FileChange, AppError>> {
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
  const name = path.slice(path.lastIndexOf('/') + 1);
  // A copy from before an update holds ours as well: that is no state to go back to.
  const copies = await keptCopies(deps.files, request.backups, name);
  const before = copies.find((copy) => isMadeOf(copy) && !ours.holds(copy));
  if (before === undefined && isMadeOf(null)) return removeText(deps, request, path, text);
  return changeText(deps, request, path, (now) =>
    now === null ? ok(null) : now === text && before !== undefined ? ok(before) : ours.take(now),
  );
}
