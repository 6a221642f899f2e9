import { fail, type Answer } from '../../../shared/app-error.ts';
import { quote, type CalendarDate } from '../../../shared/domain/ids.ts';
import { logPathProblem } from '../../../shared/domain/log-path.ts';
import { ok } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import { below, folderPath, inFolder } from '../files/folder-path.ts';
import { isOwnTree, type LogHome } from '../workspaces/workspace.ts';

/** A session's scope: one project, one client, or several things. */
export type Scope =
  | { readonly kind: 'general' }
  | { readonly kind: 'project'; readonly name: string }
  | { readonly kind: 'client'; readonly name: string };

export interface LogFolder {
  readonly scope: Scope;
  /**
   * `session-logs`, `projects/<p>/session-logs` or `clients/<slug>/session-logs`, relative to the work tree; in the data folder
   * `session-logs/projects/<p>` and `session-logs/clients/<slug>`.
   */
  readonly base: string;
  /** Whether logs go into `YYYY-MM` folders below it: in the data folder always, in a work tree when its logs do. */
  readonly months: boolean;
  readonly warnings: readonly string[];
}

const HOLDERS = { project: 'projects', client: 'clients' } as const;

/** The scope implied by the current folder. */
export function scopeOfFolder(workspace: LogHome, cwd: string): Scope {
  if (workspace.kind === 'data-folder') return { kind: 'general' };
  const [holder, name] = (below(workspace.root, folderPath(cwd)) ?? '').split('/');
  if (name === undefined || name === '') return { kind: 'general' };
  if (holder === HOLDERS.project) return { kind: 'project', name };
  if (holder === HOLDERS.client) return { kind: 'client', name };
  return { kind: 'general' };
}

/**
 * Decides a log's folder.
 * @param asked the scope a person named, or the current folder's
 * @returns `not-found` with the existing names when a work tree has no such project or client: a typo must not create one. The data folder
 * has no projects of its own, so any name is valid there
 */
export async function resolveLogFolder(files: Files, home: LogHome, asked: Scope): Answer<LogFolder> {
  const found = await findScope(files, home, asked);
  if (!found.ok) return found;
  if (home.kind === 'workspace') return inWorkspace(files, home, found.value);
  const base = joined('session-logs', scopeFolder(found.value));
  // `session-logs` may link to another disk; its content may not lead out again, because such logs are never pushed.
  const inside = await staysWithin(files, inFolder(home.root, base), inFolder(home.root, 'session-logs'));
  return inside.ok ? ok({ scope: found.value, base, months: true, warnings: [] }) : inside;
}

async function inWorkspace(files: Files, workspace: LogHome, found: Scope): Answer<LogFolder> {
  let scope = found;
  const warnings: string[] = [];
  const holder = scopeFolder(scope);
  if (holder !== '' && (await isOwnTree(files, inFolder(workspace.root, holder)))) {
    // Its files cannot be in this tree's commits; the save would never be synced from there.
    warnings.push(
      `${holder} is a git tree of its own, so the log goes to session-logs/ of ${workspace.name}.`,
    );
    scope = { kind: 'general' };
  }
  const base = joined(scopeFolder(scope), 'session-logs');
  const inside = await staysWithin(files, inFolder(workspace.root, base), workspace.root);
  if (!inside.ok) return inside;
  const months = await usesMonths(files, workspace, base);
  return months.ok ? ok({ scope, base, months: months.value, warnings }) : months;
}

async function staysWithin(files: Files, folder: string, root: string): Answer<void> {
  if (await files.isWithin(folder, root)) return ok(undefined);
  return fail(
    'denied',
    `${folder} leads out of ${root} through a link.`,
    'Remove the link, or save from the workspace it leads to.',
    { details: { folder } },
  );
}

/**
 * Refuses a folder of a work tree that is reached through a link, even one that stays inside: git sees nothing behind a link, so the log
 * would never be committed, and somebody's commit could make the link lead into `.git`.
 * @param path relative to the work tree
 */
export async function withoutLinks(files: Files, workspace: LogHome, path: string): Answer<void> {
  for (let at = path.indexOf('/'); ; at = path.indexOf('/', at + 1)) {
    const part = at === -1 ? path : path.slice(0, at);
    const facts = await files.stat(inFolder(workspace.root, part));
    if (!facts.ok) return facts;
    if (facts.value?.kind === 'symlink')
      return fail(
        'denied',
        `${inFolder(workspace.root, part)} is a link, and git commits nothing behind a link.`,
        'Replace the link by a real folder (`git log -- <path>` tells who made it), or save from the workspace it leads to.',
        { details: { folder: part } },
      );
    if (at === -1) return ok(undefined);
  }
}

/** One day's log folder, relative to the workspace. */
export function dayFolder(folder: Pick<LogFolder, 'base' | 'months'>, date: CalendarDate): string {
  return folder.months ? `${folder.base}/${date.slice(0, 7)}` : folder.base;
}

/** Every base folder of saved logs in a work tree or the data folder, relative to it. */
export async function allLogFolders(files: Files, home: LogHome): Answer<readonly string[]> {
  const bases = ['session-logs'];
  for (const kind of ['project', 'client'] as const) {
    const names = await files.names(inFolder(home.root, holderOf(home, kind)));
    if (!names.ok) continue;
    for (const name of names.value)
      if (logPathProblem(name) === null)
        bases.push(joined(holderOf(home, kind), name, home.kind === 'workspace' ? 'session-logs' : ''));
  }
  return ok(bases);
}

/** Where a work tree or the data folder keeps its projects (or clients). */
function holderOf(home: LogHome, kind: keyof typeof HOLDERS): string {
  return joined(home.kind === 'workspace' ? '' : 'session-logs', HOLDERS[kind]);
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('/');
}

function scopeFolder(scope: Scope): string {
  return scope.kind === 'general' ? '' : `${HOLDERS[scope.kind]}/${scope.name}`;
}

async function findScope(files: Files, home: LogHome, asked: Scope): Answer<Scope> {
  if (asked.kind === 'general') return ok(asked);
  const holder = holderOf(home, asked.kind);
  const problem = asked.name.includes('/') ? 'it is more than one name' : logPathProblem(asked.name);
  if (problem !== null) {
    return fail(
      'invalid-input',
      `${quote(asked.name)} is refused as the name of a ${asked.kind}: ${problem}.`,
      `Give the plain name of a folder in ${holder}/.`,
    );
  }
  const names = await files.names(inFolder(home.root, holder));
  if (!names.ok) return names;
  const fold = (name: string): string => name.normalize('NFC').toLowerCase();
  const name =
    names.value.find((candidate) => candidate === asked.name) ??
    names.value.find((candidate) => fold(candidate) === fold(asked.name));
  if (name !== undefined) return ok({ kind: asked.kind, name });
  if (home.kind === 'data-folder') return ok({ kind: asked.kind, name: asked.name.normalize('NFC') });
  return fail(
    'not-found',
    `There is no ${asked.kind} ${quote(asked.name)} in ${home.name}.`,
    `Make the folder ${holder}/${asked.name} first${names.value.length === 0 ? '' : `, or use one of ${names.value.slice(0, 20).join(', ')}`}.`,
    { details: { candidates: names.value } },
  );
}

/** Some trees got month folders later, and keep older logs flat: one month folder, here or at the root, decides for new logs. */
async function usesMonths(files: Files, workspace: LogHome, base: string): Answer<boolean> {
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
