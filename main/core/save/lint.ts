import { appError, type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { decodeLogStrictly } from '../../../shared/domain/decode-log.ts';
import { isAboutLogs } from '../../../shared/domain/log-name.ts';
import { readLogText } from '../../../shared/domain/log-text.ts';
import { err, ok } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import { below, folderPath, inFolder, nameOf } from '../files/folder-path.ts';
import { readUsersRegistry } from '../author/author-file.ts';
import { BARE_NAME, lintLog, lintUnreadable, type LintReport } from './lint-log.ts';
import { allLogFolders } from './log-folder.ts';
import type { UsersRegistry } from '../author/users-registry.ts';
import { findWorkspace, type Workspace } from '../workspaces/workspace.ts';

/** All findings of `lint`. */
export interface LintSummary {
  readonly logs: readonly LintReport[];
  readonly errors: number;
  readonly warnings: number;
  /** Mean score of the logs, rounded down; null when there are none. */
  readonly score: number | null;
  /** Markdown files in the folders that were not checked as logs. */
  readonly passedOver: readonly PassedOver[];
}

/** `about`: a README, an index or a template; `undated`: no day in its name or text. */
export interface PassedOver {
  readonly path: string;
  readonly why: 'about' | 'undated';
}

interface Candidate {
  /** Absolute. */
  readonly file: string;
  /** For display. */
  readonly shown: string;
  /** Named by a person, so checked in any case. */
  readonly named: boolean;
}

/**
 * Checks logs. A named file is checked in any case; below a folder those with a day in name, folders or text; nothing named means every log
 * folder of the workspace around `cwd`. Codes: `not-found` (no such path), `not-configured` (nothing named and no workspace), `io`,
 * `denied`.
 * @param paths absolute
 */
export async function lint(files: Files, cwd: string, paths: readonly string[]): Answer<LintSummary> {
  const workspace = await findWorkspace(files, cwd);
  if (!workspace.ok) return workspace;
  const candidates =
    paths.length > 0 ? await fromPaths(files, cwd, paths) : await fromWorkspace(files, cwd, workspace.value);
  if (!candidates.ok) return candidates;
  const registry =
    workspace.value === null ? ok(null) : await readUsersRegistry(files, workspace.value.identityRoots);
  // `whoami` reports an unreadable users.json; it does not make logs wrong.
  const known = registry.ok ? registry.value : null;
  const logs: LintReport[] = [];
  const passedOver: PassedOver[] = [];
  for (const candidate of candidates.value) {
    const report = await lintFile(files, candidate, known);
    if (!report.ok) return report;
    if ('why' in report.value) passedOver.push(report.value);
    else logs.push(report.value);
  }
  const count = (severity: 'error' | 'warning'): number =>
    logs.reduce(
      (sum, log) => sum + log.findings.filter((finding) => finding.severity === severity).length,
      0,
    );
  const total = logs.reduce((sum, log) => sum + log.score, 0);
  return ok({
    logs,
    errors: count('error'),
    warnings: count('warning'),
    score: logs.length === 0 ? null : Math.floor(total / logs.length),
    passedOver,
  });
}

async function lintFile(
  files: Files,
  { file, shown, named }: Candidate,
  registry: UsersRegistry | null,
): Answer<LintReport | PassedOver> {
  if (!named && isAboutLogs(shown)) return ok({ path: shown, why: 'about' });
  const read = await files.read(file);
  if (!read.ok) return read;
  if (read.value === null) return err(absent(file));
  const text = decodeLogStrictly(read.value);
  if (text === null) return ok(lintUnreadable(shown));
  if (!named && !BARE_NAME.test(nameOf(shown)) && readLogText(text, shown).day === null)
    return ok({ path: shown, why: 'undated' });
  return ok(lintLog(text, shown, registry));
}

async function fromPaths(files: Files, cwd: string, paths: readonly string[]): Answer<readonly Candidate[]> {
  const found: Candidate[] = [];
  for (const given of paths) {
    const path = folderPath(given);
    const facts = await files.stat(path);
    if (!facts.ok) return facts;
    if (facts.value === null) return err(absent(path));
    if (facts.value.kind === 'folder') {
      const inside = await logsBelow(files, path, shownAs(cwd, path));
      if (!inside.ok) return inside;
      found.push(...inside.value);
    } else found.push({ file: path, shown: shownAs(cwd, path), named: true });
  }
  return ok(found);
}

async function fromWorkspace(
  files: Files,
  cwd: string,
  workspace: Workspace | null,
): Answer<readonly Candidate[]> {
  if (workspace === null) {
    return fail(
      'not-configured',
      `${cwd} is not inside a git repository.`,
      'Name the logs or folders to check.',
    );
  }
  const bases = await allLogFolders(files, workspace);
  if (!bases.ok) return bases;
  const found: Candidate[] = [];
  for (const base of bases.value) {
    const inside = await logsBelow(files, inFolder(workspace.root, base), base);
    if (!inside.ok) return inside;
    found.push(...inside.value);
  }
  return ok(found);
}

async function logsBelow(files: Files, folder: string, shown: string): Answer<readonly Candidate[]> {
  const scanned = await files.scanLogs(folder);
  if (!scanned.ok) return scanned;
  return ok(
    scanned.value.files.map(({ path }) => ({
      file: inFolder(folder, path),
      shown: shown === '' ? path : `${shown}/${path}`,
      named: false,
    })),
  );
}

function shownAs(cwd: string, path: string): string {
  return below(folderPath(cwd), path) ?? path;
}

function absent(path: string): AppError {
  return appError('not-found', `There is no ${path}.`, 'Check the path.', { details: { path } });
}
