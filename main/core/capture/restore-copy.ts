import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import { inFolder, nameOf } from '../files/folder-path.ts';
import type { RestorePlace, TranscriptSource } from '../ports/transcript-source.ts';
import { copiedFiles, readCopy, type CopiedFile } from './copy-record.ts';
import { copiedBytes, type CopyDeps } from './safe-copy.ts';

/** The result for one file of a session. */
export interface RestoredFile {
  /** Absolute. */
  readonly path: string;
  /** `there`: it holds the copy's content, or more. */
  readonly action: 'restored' | 'there';
  readonly size: number;
  /** Words of the agent's import command; null where it finds the file by itself. */
  readonly command: readonly string[] | null;
}

/**
 * Restores a session's files where the agent looks for them, byte for byte, with the current time: the agent's clean-up period starts
 * there. Never overwrites a file; one that differs from the copy stops the work before anything is written.
 * @param folder of the copy, absolute
 * @returns what was done; codes `not-found`, `invalid-input`, `precondition`, `corrupt`, `io`, `denied`, `disk-full`
 */
export async function restoreCopy(
  deps: CopyDeps,
  source: Pick<TranscriptSource, 'roots' | 'restorePlace'>,
  folder: string,
): Answer<readonly RestoredFile[]> {
  const pieces = await readCopy(deps.files, folder);
  if (!pieces.ok) return pieces;
  const held = copiedFiles(pieces.value);
  if (held.length === 0) return err(noCopy());
  const work: { readonly file: CopiedFile; readonly report: RestoredFile }[] = [];
  for (const file of held) {
    const root = source.roots.includes(file.root) ? file.root : source.roots[0];
    const place = root === undefined ? err(nowhere()) : source.restorePlace(root, file.file);
    if (!place.ok) return place;
    const path = pathOf(place.value, folder, file);
    const there = await isThere(deps, folder, file, path);
    if (!there.ok) return there;
    const command = place.value.how === 'import' ? [...place.value.command, path] : null;
    work.push({
      file,
      report: { path, action: there.value ? 'there' : 'restored', size: file.size, command },
    });
  }
  for (const { file, report } of work) {
    const done = report.action === 'there' ? ok(undefined) : await writeBack(deps, folder, file, report.path);
    if (!done.ok) return done;
  }
  return ok(work.map(({ report }) => report));
}

/** A file that an agent must import is put beside the copy. */
function pathOf(place: RestorePlace, folder: string, { file }: Pick<CopiedFile, 'file'>): string {
  return place.how === 'file' ? place.path : inFolder(folder, 'restored', nameOf(file));
}

/** @returns whether the file is there with at least the copy's content; fails when it differs */
async function isThere(deps: CopyDeps, folder: string, file: CopiedFile, path: string): Answer<boolean> {
  const facts = await deps.files.stat(path);
  if (!facts.ok) return facts;
  if (facts.value === null) return ok(false);
  if (facts.value.kind !== 'file' || facts.value.size < file.size) return err(inTheWay(path));
  let at = 0;
  for await (const piece of copiedBytes(deps, folder, file)) {
    if (!piece.ok) return piece;
    const there = await deps.files.readRange(path, at, piece.value.length);
    if (!there.ok) return there;
    if (deps.bytes.sha256(there.value ?? new Uint8Array()) !== deps.bytes.sha256(piece.value))
      return err(inTheWay(path));
    at += piece.value.length;
  }
  return ok(true);
}

async function writeBack(deps: CopyDeps, folder: string, file: CopiedFile, path: string): Answer<void> {
  // Agents ignore this name; the move gives the final one only if it is still free.
  const beside = `${path}.restoring`;
  let problem: AppError | null = null;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const piece of copiedBytes(deps, folder, file)) {
      if (piece.ok) yield piece.value;
      else problem = piece.error;
    }
  }
  const written = await deps.files.replaceFrom(beside, chunks(), async () =>
    problem === null ? ok(undefined) : err(problem),
  );
  if (!written.ok) return written;
  const moved = await deps.files.move(beside, path);
  if (!moved.ok) await deps.files.remove(beside);
  return moved;
}

function noCopy(): AppError {
  return appError(
    'not-found',
    'There is no copy of this session.',
    'See which sessions there are: session-log sessions.',
  );
}

function nowhere(): AppError {
  return appError(
    'not-found',
    'It is not known where this agent keeps its sessions.',
    'Name the folder: session-log config set capture.roots /home/me/.claude-work.',
  );
}

function inTheWay(path: string): AppError {
  return appError(
    'precondition',
    `${path} exists and holds something else than the copy; nothing was changed.`,
    'Move that file away first, if the copy is what you want.',
    { details: { path } },
  );
}
