import type { AppError } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import { readIdentity } from '../save/identity.ts';
import { findWorkspace } from '../save/workspace.ts';

/** Who reads notes on this machine. */
export interface Reader {
  /** Short name; what receipts carry. */
  readonly user: string;
  readonly fullName: string | null;
}

/** What a note may be addressed to when it is meant for everybody. */
const EVERYBODY = 'all';

/**
 * Finds out who reads here: the identity of the workspace around the current folder, else of a registered one, else the system's user, so that
 * notes also reach machines that only use the store.
 * @param registered `git.workspaces` of the settings
 * @returns `corrupt` or `attention` when the workspace around `cwd` has an identity that cannot be used: guessing would show
 * one person's notes to another
 */
export async function findReader(
  files: Files,
  cwd: string,
  registered: readonly string[],
  systemUser: string,
): Promise<Result<Reader, AppError>> {
  for (const folder of [cwd, ...registered]) {
    const workspace = await findWorkspace(files, folder);
    if (!workspace.ok) return workspace;
    if (workspace.value === null) continue;
    const identity = await readIdentity(files, workspace.value);
    if (identity.ok) return ok({ user: identity.value.user, fullName: identity.value.fullName });
    if (identity.error.code !== 'not-configured') return identity;
  }
  return ok({ user: systemUser, fullName: null });
}

/**
 * True when a note's addressee means this reader: the user, the full name or `all`, in any case, alone or in a list
 * ("Mike and Howard", "Mike, Howard", "Mike & Howard", "mike/howard").
 */
export function addressedTo(to: string, reader: Reader): boolean {
  const mine = [reader.user, reader.fullName ?? '', EVERYBODY].map(fold).filter((name) => name !== '');
  if (mine.includes(fold(to))) return true;
  return to.split(/\s*[,;&/+]\s*|\s+and\s+/i).some((part) => mine.includes(fold(part)));
}

/** True when a note's author is this reader. */
export function writtenBy(from: string, reader: Reader): boolean {
  return [reader.user, reader.fullName ?? ''].some((name) => name !== '' && fold(name) === fold(from));
}

/** True when a note means this reader by name and not only as one of all. */
export function addressedByName(to: string, reader: Reader): boolean {
  return addressedTo(to, reader) && fold(to) !== EVERYBODY;
}

function fold(name: string): string {
  return name.normalize('NFC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
}
