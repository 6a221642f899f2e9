import type { AppError } from '../../shared/app-error.ts';
import { forTerminalLine } from '../../shared/domain/terminal-text.ts';
import type { SaveReport } from '../core/save/save.ts';
import type { WikiReport } from '../core/wiki/compile-wiki.ts';

/** What `save --json` prints; `wiki` and `sync` are null with `--no-sync` and for logs in the data folder, `sync` also when it could not begin. */
export interface SaveOutcome {
  readonly save: SaveReport;
  readonly wiki: WikiReport | null;
  readonly sync: unknown;
}

/** A failure after something was done, with what was done. */
export function withReport(error: AppError, report: SaveOutcome): AppError {
  return { ...error, details: { ...error.details, report } };
}

/**
 * The written log for people.
 * @param named false when the receipt below names the file already
 */
export function savedText(report: SaveReport, named = true): string {
  const lines = `+${report.lines} ${report.lines === 1 ? 'line' : 'lines'}, ${report.action}`;
  return [
    ...(named
      ? [
          `File: ${report.workspace === null ? report.file : report.path} (${report.action === 'unchanged' ? 'unchanged: this text was saved before' : lines})`,
        ]
      : []),
    ...(report.daily === null ? [] : [`Daily log: ${report.daily.path} (${report.daily.action})`]),
    ...(report.whole === null
      ? []
      : [`Whole log for the store: ${report.whole.path} (${report.whole.action})`]),
    ...report.warnings.map((warning) => `[WARN] ${warning}`),
  ]
    .map(forTerminalLine)
    .join('\n');
}
