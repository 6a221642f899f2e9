import { appError, type AppError } from '../../../shared/app-error.ts';
import { parseLogName } from '../../../shared/domain/log-name.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import { below, folderPath, inFolder, nameOf } from './folder-path.ts';
import { readUsersRegistry } from './identity.ts';
import { lintLog, lintUnreadable, type LintReport } from './lint-log.ts';
import { allLogFolders } from './log-folder.ts';
import type { UsersRegistry } from './users-registry.ts';
import { findWorkspace, type Workspace } from './workspace.ts';

/** What `lint` found in all logs it was given. */
export interface LintSummary {
  readonly logs: readonly LintReport[];
  readonly errors: number;
  readonly warnings: number;
  /** Mean of the logs' scores, rounded down; 100 when there are none. */
  readonly score: number;
}

interface Candidate {
  /** Absolute. */
  readonly file: string;
  /** For the report. */
  readonly shown: string;
}

/**
 * Checks logs. A named file is checked whatever its name; below a folder only files with a log's name are; nothing named means every log folder of
 * the workspace around `cwd`.
 * Codes: `not-found` (no such path), `not-configured` (nothing named and no workspace), `io`, `denied`.
 * @param paths absolute
 */
export async function lint(
  files: Files,
  cwd: string,
  paths: readonly string[],
): Promise<Result<LintSummary, AppError>> {
  const workspace = await findWorkspace(files, cwd);
  if (!workspace.ok) return workspace;
  const candidates =
    paths.length > 0 ? await fromPaths(files, cwd, paths) : await fromWorkspace(files, cwd, workspace.value);
  if (!candidates.ok) return candidates;
  const registry =
    workspace.value === null ? ok(null) : await readUsersRegistry(files, workspace.value.identityRoots);
  // A users.json that cannot be read is `whoami`'s to report; it does not make logs wrong.
  const known = registry.ok ? registry.value : null;
  const logs: LintReport[] = [];
  for (const candidate of candidates.value) {
    const report = await lintFile(files, candidate, known);
    if (!report.ok) return report;
    logs.push(report.value);
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
    score: logs.length === 0 ? 100 : Math.floor(total / logs.length),
  });
}

async function lintFile(
  files: Files,
  { file, shown }: Candidate,
  registry: UsersRegistry | null,
): Promise<Result<LintReport, AppError>> {
  const read = await files.read(file);
  if (!read.ok) return read;
  if (read.value === null) return err(absent(file));
  try {
    return ok(lintLog(new TextDecoder('utf-8', { fatal: true }).decode(read.value), shown, registry));
  } catch {
    return ok(lintUnreadable(shown));
  }
}

async function fromPaths(
  files: Files,
  cwd: string,
  paths: readonly string[],
): Promise<Result<readonly Candidate[], AppError>> {
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
    } else found.push({ file: path, shown: shownAs(cwd, path) });
  }
  return ok(found);
}

async function fromWorkspace(
  files: Files,
  cwd: string,
  workspace: Workspace | null,
): Promise<Result<readonly Candidate[], AppError>> {
  if (workspace === null) {
    return err(
      appError(
        'not-configured',
        `${cwd} is not inside a git work tree.`,
        'Name the logs or folders to check.',
      ),
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

async function logsBelow(
  files: Files,
  folder: string,
  shown: string,
): Promise<Result<readonly Candidate[], AppError>> {
  const scanned = await files.scanLogs(folder);
  if (!scanned.ok) return scanned;
  return ok(
    scanned.value.files
      .filter(
        ({ path }) =>
          parseLogName(path).kind !== 'other' ||
          /^\d{4}-\d{2}-\d{2}-session(?:-\d+)?\.md$/i.test(nameOf(path)),
      )
      .map(({ path }) => ({ file: inFolder(folder, path), shown: shown === '' ? path : `${shown}/${path}` })),
  );
}

function shownAs(cwd: string, path: string): string {
  return below(folderPath(cwd), path) ?? path;
}

function absent(path: string): AppError {
  return appError('not-found', `There is no ${path}.`, 'Check the path.', { details: { path } });
}
