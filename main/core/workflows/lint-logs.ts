import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { plural } from '../../../shared/format/amount.ts';
import { mapOk } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import { lint, type LintSummary } from '../save/lint.ts';
import type { Outcome } from './outcome.ts';

/**
 * Checks the form of logs; see {@link lint} for the parameters and codes.
 * @returns a problem when there are errors; not for warnings
 */
export async function lintLogs(
  files: Files,
  cwd: string,
  paths: readonly string[],
): Answer<Outcome<LintSummary>> {
  return mapOk(await lint(files, cwd, paths), (report) => ({ report, problem: problemOf(report) }));
}

function problemOf({ logs, errors }: LintSummary): AppError | null {
  if (errors === 0) return null;
  const wrong = logs.filter((log) => log.findings.some((finding) => finding.severity === 'error'));
  return appError(
    'attention',
    `${plural(errors, 'error')} in ${plural(wrong.length, 'log')}.`,
    'Fix the lines named above.',
  );
}
