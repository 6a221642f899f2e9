import { appError, type AppError } from '../../../shared/app-error.ts';
import { quote, type CalendarDate } from '../../../shared/domain/ids.ts';
import { logPathProblem } from '../../../shared/domain/log-path.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import { below, folderPath, inFolder } from './folder-path.ts';
import { isOwnTree, type Workspace } from './workspace.ts';

/** What a session worked on: one project, one client, or several things. */
export type Scope =
  | { readonly kind: 'general' }
  | { readonly kind: 'project'; readonly name: string }
  | { readonly kind: 'client'; readonly name: string };

export interface LogFolder {
  readonly scope: Scope;
  /** `session-logs`, `projects/<p>/session-logs` or `clients/<slug>/session-logs`, relative to the workspace. */
  readonly base: string;
  /** True when logs go into `YYYY-MM` folders below it, because the tree's logs do. */
  readonly months: boolean;
  readonly warnings: readonly string[];
}

const HOLDERS = { project: 'projects', client: 'clients' } as const;

/** The scope that the current folder implies. */
export function scopeOfFolder(workspace: Workspace, cwd: string): Scope {
  const [holder, name] = (below(workspace.root, folderPath(cwd)) ?? '').split('/');
  if (name === undefined || name === '') return { kind: 'general' };
  if (holder === HOLDERS.project) return { kind: 'project', name };
  if (holder === HOLDERS.client) return { kind: 'client', name };
  return { kind: 'general' };
}

/**
 * Decides the folder of a log.
 * @param asked the scope a person named, or the one of the current folder
 * @returns `not-found` with the existing names when there is no such project or client: a typing error must not found one
 */
export async function resolveLogFolder(
  files: Files,
  workspace: Workspace,
  asked: Scope,
): Promise<Result<LogFolder, AppError>> {
  const found = await findScope(files, workspace, asked);
  if (!found.ok) return found;
  let scope = found.value;
  const warnings: string[] = [];
  const holder = scopeFolder(scope);
  if (holder !== '' && (await isOwnTree(files, inFolder(workspace.root, holder)))) {
    // Its files cannot be part of this tree's commits; the save would never be synced from there.
    warnings.push(
      `${holder} is a git tree of its own, so the log goes to session-logs/ of ${workspace.name}.`,
    );
    scope = { kind: 'general' };
  }
  const base = [scopeFolder(scope), 'session-logs'].filter((part) => part !== '').join('/');
  const folder = inFolder(workspace.root, base);
  if (!(await files.isWithin(folder, workspace.root))) {
    return err(
      appError(
        'denied',
        `${folder} leads out of the workspace through a link.`,
        'Remove the link, or save from the work tree it leads to.',
        { details: { folder } },
      ),
    );
  }
  const months = await usesMonths(files, workspace, base);
  return months.ok ? ok({ scope, base, months: months.value, warnings }) : months;
}

/** The folder of one day's logs, relative to the workspace. */
export function dayFolder(folder: Pick<LogFolder, 'base' | 'months'>, date: CalendarDate): string {
  return folder.months ? `${folder.base}/${date.slice(0, 7)}` : folder.base;
}

/** Every base folder of the workspace that may hold session logs, relative to it. */
export async function allLogFolders(
  files: Files,
  workspace: Workspace,
): Promise<Result<readonly string[], AppError>> {
  const bases = ['session-logs'];
  for (const holder of Object.values(HOLDERS)) {
    const names = await files.names(inFolder(workspace.root, holder));
    if (!names.ok) continue;
    for (const name of names.value)
      if (logPathProblem(name) === null) bases.push(`${holder}/${name}/session-logs`);
  }
  return ok(bases);
}

function scopeFolder(scope: Scope): string {
  return scope.kind === 'general' ? '' : `${HOLDERS[scope.kind]}/${scope.name}`;
}

async function findScope(files: Files, workspace: Workspace, asked: Scope): Promise<Result<Scope, AppError>> {
  if (asked.kind === 'general') return ok(asked);
  const holder = HOLDERS[asked.kind];
  const problem = asked.name.includes('/') ? 'it is more than one name' : logPathProblem(asked.name);
  if (problem !== null) {
    return err(
      appError(
        'invalid-input',
        `${quote(asked.name)} is refused as the name of a ${asked.kind}: ${problem}.`,
        `Give the plain name of a folder in ${holder}/.`,
      ),
    );
  }
  const names = await files.names(inFolder(workspace.root, holder));
  if (!names.ok) return names;
  const fold = (name: string): string => name.normalize('NFC').toLowerCase();
  const name =
    names.value.find((candidate) => candidate === asked.name) ??
    names.value.find((candidate) => fold(candidate) === fold(asked.name));
  if (name !== undefined) return ok({ kind: asked.kind, name });
  return err(
    appError(
      'not-found',
      `There is no ${asked.kind} ${quote(asked.name)} in ${workspace.name}.`,
      `Make the folder ${holder}/${asked.name} first${names.value.length === 0 ? '' : `, or use one of ${names.value.slice(0, 20).join(', ')}`}.`,
      { details: { candidates: names.value } },
    ),
  );
}

/** Month folders came later to some trees, whose older logs stay flat: one month folder, here or at the root, decides for new logs. */
async function usesMonths(
  files: Files,
  workspace: Workspace,
  base: string,
): Promise<Result<boolean, AppError>> {
  for (const folder of new Set([base, 'session-logs'])) {
    const names = await files.names(inFolder(workspace.root, folder));
    if (!names.ok) return names;
    if (names.value.some(isMonth)) return ok(true);
  }
  return ok(false);
}

function isMonth(name: string): boolean {
  return /^\d{4}-(?:0[1-9]|1[0-2])$/.test(name);
}
