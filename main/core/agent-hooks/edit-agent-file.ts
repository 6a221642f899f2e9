import { appError, type AppError } from '../../../shared/app-error.ts';
import { err, mapOk, ok, type Result } from '../../../shared/result.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import { changeFile } from '../files/change-file.ts';
import { inFolder } from '../files/folder-path.ts';
import { textDiff } from './text-diff.ts';

export interface EditDeps {
  readonly files: Files;
  readonly bytes: Pick<Bytes, 'sha256'>;
  readonly clock: Clock;
}

export interface EditRequest {
  /** Where copies of changed files go, absolute. Settings may hold secrets, so not beside a project's own, where a commit could take them. */
  readonly backups: string;
  readonly dryRun: boolean;
}

/** What happened to one file, or would. */
export interface FileChange {
  readonly path: string;
  /** `kept`: there is something else of that name, which was not touched. */
  readonly action: 'created' | 'changed' | 'unchanged' | 'removed' | 'kept';
  /** Copy of what was there before; null when nothing was replaced. */
  readonly backup: string | null;
  readonly diff: string;
}

/** What is absent on other people's file systems is made like this; settings and commands are nobody else's business. */
const MODE = 0o600;
/** How many kept copies are looked at for the text from before ours. */
const COPIES = 50;

/**
 * Changes a file that belongs to somebody else: a copy is kept of what is replaced, and nothing is written if it changes meanwhile.
 * @param change gives the new text; null or the same text for nothing to do
 */
export async function changeText(
  deps: EditDeps,
  request: EditRequest,
  path: string,
  change: (text: string | null) => Result<string | null, AppError>,
): Promise<Result<FileChange, AppError>> {
  const read = await readText(deps.files, path);
  if (!read.ok) return read;
  const before = read.value;
  const after = change(before);
  if (!after.ok) return err(inFile(after.error, path));
  const text = after.value;
  if (text === null || text === before) return ok({ path, action: 'unchanged', backup: null, diff: '' });
  const diff = textDiff(before ?? '', text);
  const action = before === null ? 'created' : 'changed';
  if (request.dryRun) return ok({ path, action, backup: null, diff });
  const backup = before === null ? ok(null) : await keepCopy(deps, request, path, before);
  if (!backup.ok) return backup;
  // Claude Code writes this file too: only what was read and shown may be replaced.
  let same = true;
  const written = await changeFile(deps.files, path, MODE, (existing) => {
    same = (existing === null ? null : decode(existing)) === before;
    return same ? new TextEncoder().encode(text) : null;
  });
  if (!written.ok) return written;
  if (!same)
    return err(
      appError('attention', `${path} was changed by another program just now.`, 'Repeat the command.', {
        transient: true,
      }),
    );
  return ok({ path, action, backup: backup.value, diff });
}

/** Keeps a copy under a name that says what it is of and when; the same content at the same second is one copy. */
export async function keepCopy(
  deps: EditDeps,
  request: EditRequest,
  path: string,
  text: string,
): Promise<Result<string, AppError>> {
  const bytes = new TextEncoder().encode(text);
  const stamp = new Date(deps.clock.now()).toISOString().replaceAll(/[:-]|\.\d+/g, '');
  const copy = inFolder(
    request.backups,
    `${path.slice(path.lastIndexOf('/') + 1)}-${stamp}-${deps.bytes.sha256(bytes).slice(0, 8)}`,
  );
  return mapOk(await deps.files.create(copy, bytes), () => copy);
}

/** A file's text; null when there is none. Links and files that are not UTF-8 are refused, and left as they are. */
export async function readText(files: Files, path: string): Promise<Result<string | null, AppError>> {
  const facts = await files.stat(path);
  if (!facts.ok) return facts;
  if (facts.value?.kind === 'symlink') {
    return err(
      appError(
        'attention',
        `${path} is a link to another place and was left as it is.`,
        'Name the folder it leads to: --folder <folder with the real settings.json>.',
      ),
    );
  }
  const read = await files.read(path);
  if (!read.ok) return read;
  if (read.value === null) return ok(null);
  const text = decode(read.value);
  if (text !== null) return ok(text);
  return err(
    appError('corrupt', `${path} is not UTF-8 and was left as it is.`, 'Save it as UTF-8 and repeat.'),
  );
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** A failure with the file it is about. */
export function inFile(error: AppError, path: string): AppError {
  return { ...error, message: `${path}: ${error.message}`, details: { ...error.details, path } };
}

/** Removes a file, with a copy of what it held. */
export async function removeText(
  deps: EditDeps,
  request: EditRequest,
  path: string,
  text: string,
): Promise<Result<FileChange, AppError>> {
  const removed: FileChange = { path, action: 'removed', backup: null, diff: textDiff(text, '') };
  if (request.dryRun) return ok(removed);
  const backup = await keepCopy(deps, request, path, text);
  if (!backup.ok) return backup;
  const gone = await deps.files.remove(path);
  return gone.ok ? ok({ ...removed, backup: backup.value }) : gone;
}

/** Copies of files of this name that were kept, newest first, with a bound: there is one for each change. */
export async function keptCopies(files: Files, backups: string, name: string): Promise<readonly string[]> {
  const names = await files.names(backups);
  if (!names.ok) return [];
  const texts: string[] = [];
  const copies = names.value.filter((one) => one.startsWith(`${name}-`)).toReversed();
  for (const copy of copies.slice(0, COPIES)) {
    const read = await files.read(inFolder(backups, copy));
    const text = read.ok && read.value !== null ? decode(read.value) : null;
    if (text !== null) texts.push(text);
  }
  return texts;
}
