import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { knownAuthor, type Author } from '../../../shared/domain/author.ts';
import { err, ok } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import { setAuthorCommand } from '../author/author.ts';
import { folderPath, inFolder, nameOf, parentOf } from '../files/folder-path.ts';
import { readIdentity, type Identity } from '../author/author-file.ts';
import { chooseWorkspace, findWorkspace, type LogHome } from '../workspaces/workspace.ts';
import type { DataPaths } from '../files/data-paths.ts';

/** The data folder's author facts. */
export interface AuthorPlace {
  readonly paths: Pick<DataPaths, 'sessionLogs' | 'settings'>;
  readonly hostname: string;
  /** `git.workspaces` of the settings. */
  readonly workspaces: readonly string[];
  /** `author` of the settings. */
  readonly author: Author;
  /** Git's name for the person in a folder: only put into the advised command, never used unasked. */
  readonly proposal: (folder: string) => Promise<Author>;
}

/** Where a command was called, and for which work tree. */
export interface CalledFrom {
  readonly cwd: string;
  /** The requested work tree's folder, absolute; null for none. */
  readonly workspace: string | null;
  /** The data folder was named: no work tree search. */
  readonly inDataFolder?: boolean;
}

/** Where a session's logs go and who signs them. */
export interface SignedHome {
  readonly home: LogHome;
  readonly identity: Identity;
  readonly warnings: readonly string[];
}

/**
 * Decides where a session's log goes and who signs it: the work tree around the folder (or the only registered one) if it has an
 * identity.json, else the data folder, signed by its author. Nothing is inferred.
 *
 * Codes: those of {@link readIdentity}; `not-configured` when a requested work tree has no identity, or (with `details.needs` = `author`)
 * when no author is set.
 */
export async function chooseHome(files: Files, place: AuthorPlace, from: CalledFrom): Answer<SignedHome> {
  if (from.inDataFolder) return inDataFolder(place, from, []);
  const workspace = await chooseWorkspace(files, from.cwd, from.workspace, place.workspaces);
  if (!workspace.ok) {
    const lost = from.workspace !== null || workspace.error.code !== 'not-configured';
    return lost ? workspace : inDataFolder(place, from, []);
  }
  const identity = await readIdentity(files, workspace.value);
  if (identity.ok) return ok({ home: workspace.value, identity: identity.value, warnings: [] });
  if (identity.error.code !== 'not-configured' || from.workspace !== null) return identity;
  return inDataFolder(place, from, await unsignedTree(files, from.cwd));
}

/** The folder that contains the data folder's `session-logs`. */
export function dataFolderHome(sessionLogs: string): LogHome {
  const root = parentOf(folderPath(sessionLogs)) ?? '/';
  return { kind: 'data-folder', root, name: nameOf(root) };
}

async function inDataFolder(
  place: AuthorPlace,
  { cwd }: CalledFrom,
  warnings: readonly string[],
): Answer<SignedHome> {
  const author = knownAuthor(place.author);
  if (author === null) return err(nobody(place.paths.settings, await place.proposal(cwd)));
  const identity: Identity = {
    user: author.user,
    fullName: author.name,
    email: author.email,
    role: null,
    machine: place.hostname,
    path: place.paths.settings,
    registry: null,
    vaultPath: null,
  };
  return ok({ home: dataFolderHome(place.paths.sessionLogs), identity, warnings });
}

function nobody(settings: string, proposal: Author): AppError {
  return appError(
    'not-configured',
    'No author is set for this machine yet.',
    `Say it once: ${setAuthorCommand(proposal)}.`,
    { details: { needs: 'author', path: settings, proposal } },
  );
}

/** Whether a failure asks for an author. */
export function needsAuthor(error: AppError): boolean {
  return error.details?.['needs'] === 'author';
}

/** A team that lists its people expects logs in the tree; this one going elsewhere must be reported. */
async function unsignedTree(files: Files, cwd: string): Promise<readonly string[]> {
  const around = await findWorkspace(files, cwd);
  const roots = around.ok && around.value !== null ? around.value.identityRoots : [];
  for (const root of roots) {
    const registry = await files.stat(inFolder(root, '.claude', 'users.json'));
    if (registry.ok && registry.value !== null)
      return [
        `${root} names its authors in .claude/users.json, and has no identity.json for this machine, so the log is in the data folder. To save into the workspace: session-log whoami --set --workspace "${root}"`,
      ];
  }
  return [];
}
