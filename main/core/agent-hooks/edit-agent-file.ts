import { type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { err, mapOk, ok, type Result } from '../../../shared/result.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import { changeFile } from '../files/change-file.ts';
import { inFolder, nameOf } from '../files/folder-path.ts';
import { textDiff } from './text-diff.ts';

export interface EditDeps {
  readonly files: Files;
  readonly bytes: Pick<Bytes, 'sha256'>;
  readonly clock: Clock;
}

export interface EditRequest {
  /** Folder of backups, absolute. Settings may hold secrets, so not beside a project's own, where a commit could include them. */
  readonly backups: string;
  readonly dryRun: boolean;
}

/** The result, or plan, for one file. */
export interface FileChange {
  readonly path: string;
  /** `kept`: another file has that name and was not touched. */
  readonly action: 'created' | 'changed' | 'unchanged' | 'removed' | 'kept';
  /** Backup of the earlier content; null when nothing was replaced. */
  readonly backup: string | null;
  readonly diff: string;
}

/** Mode of files created in other programs' folders; settings and commands are private. */
const MODE = 0o600;
/** Most backups searched for the text from before ours. */
const COPIES = 50;

/**
 * Changes a file owned by another program: backs up what is replaced, and writes nothing if it changes meanwhile.
 * @param change returns the new text; null or the same text for nothing to do
 */
export async function changeText(
  deps: EditDeps,
  request: EditRequest,
  path: string,
  change: (text: string | null) => Result<string | null, AppError>,
): Answer<FileChange> {
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
  // Claude Code writes this file too: replace only what was read and shown.
  let same = true;
  const written = await changeFile(deps.files, path, MODE, (existing) => {
    same = (existing === null ? null : decode(existing)) === before;
    return same ? new TextEncoder().encode(text) : null;
  });
  if (!written.ok) return written;
  if (!same)
    return fail('attention', `${path} was changed by another program just now.`, 'Repeat the command.', {
      transient: true,
    });
  return ok({ path, action, backup: backup.value, diff });
}

/** Makes a backup named by file and time; equal content in the same second shares one. */
export async function keepCopy(
  deps: EditDeps,
  request: EditRequest,
  path: string,
  text: string,
): Answer<string> {
  const bytes = new TextEncoder().encode(text);
  const stamp = new Date(deps.clock.now()).toISOString().replaceAll(/[:-]|\.\d+/g, '');
  const copy = inFolder(request.backups, `${nameOf(path)}-${stamp}-${deps.bytes.sha256(bytes).slice(0, 8)}`);
  return mapOk(await deps.files.create(copy, bytes), () => copy);
}

/** A file's text; null when absent. Refuses links and files that are not UTF-8, and leaves them as they are. */
export async function readText(files: Files, path: string): Answer<string | null> {
  const facts = await files.stat(path);
  if (!facts.ok) return facts;
  if (facts.value?.kind === 'symlink') {
    return fail(
      'attention',
      `${path} is a link to another place and was left as it is.`,
      'Name the folder it leads to: --folder <folder with the real settings.json>.',
    );
  }
  const read = await files.read(path);
  if (!read.ok) return read;
  if (read.value === null) return ok(null);
  const text = decode(read.value);
  if (text !== null) return ok(text);
  return fail('corrupt', `${path} is not UTF-8 and was left as it is.`, 'Save it as UTF-8 and repeat.');
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Adds the file to a failure. */
export function inFile(error: AppError, path: string): AppError {
  return { ...error, message: `${path}: ${error.message}`, details: { ...error.details, path } };
}

/** Removes a file after backing it up. */
export async function removeText(
  deps: EditDeps,
  request: EditRequest,
  path: string,
  text: string,
): Answer<FileChange> {
  const removed: FileChange = { path, action: 'removed', backup: null, diff: textDiff(text, '') };
  if (request.dryRun) return ok(removed);
  const backup = await keepCopy(deps, request, path, text);
  if (!backup.ok) return backup;
  const gone = await deps.files.remove(path);
  return gone.ok ? ok({ ...removed, backup: backup.value }) : gone;
}

/** Backups of files with this name, newest first, limited: there is one per change. */
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
