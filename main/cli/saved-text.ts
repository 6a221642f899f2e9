import type { AppError } from '../../shared/app-error.ts';
import { forTerminalLine } from '../../shared/domain/terminal-text.ts';
import { endingOf } from '../../shared/ending.ts';
import type { SaveReport } from '../core/save/save.ts';
import type { SessionSaved } from '../core/workflows/save-session.ts';
import { worstTree } from '../core/workflows/worst-tree.ts';
import { formatReceipt } from './git-receipt.ts';
import { noteScreen } from './note-screen.ts';

/** Formats the result of a save for people: notes from colleagues first, then the receipt or the deferred sentence, never both. */
export function sessionText({ report, unsynced, notes }: SessionSaved): string {
  const { save, wiki, sync } = report;
  const { text } = noteScreen(notes);
  const banners = text ? [text] : [];
  const warnings = (wiki?.warnings ?? []).map((warning) => `[WARN] ${warning}`);
  if (unsynced !== null) {
    const deferred = unsynced.code === 'lock-held' ? 'Sync deferred - another sync is running; your' : 'Your';
    const kept = `${deferred} session log is written locally (${forTerminalLine(save.path)}) and will sync on the next run.`;
    return [...banners, kept, ...warnings, ''].join('\n');
  }
  if (sync === null) return `${savedText(save)}\n`;
  // A deferred run has not succeeded: its one sentence stands alone.
  if (worstTree(sync)?.state === 'deferred') return [...banners, formatReceipt(sync)].join('\n');
  const committed = sync.trees.some((tree) =>
    tree.files.some(({ path }) => path === save.path || `${tree.tree}/${path}`.endsWith(`/${save.path}`)),
  );
  return [...banners, savedText(save, !committed), ...warnings, formatReceipt(sync)].join('\n');
}

/** Explains for people why a saved log is not in the store; null when there is nothing to say. */
export function storeText(problem: AppError | null): string | null {
  // The others of a partial push are pushed; `status` reports what is wrong with one log, not every save.
  const ending = endingOf(problem);
  if (problem === null || ending === 'partial') return null;
  const later = ending === 'deferred' || ending === 'cancelled';
  const words = later ? 'not pushed yet, will be retried' : 'not pushed';
  return forTerminalLine(`[WARN] In the store: ${words}: ${problem.message}`);
}

/** @param named false when the receipt below already names the file */
function savedText(report: SaveReport, named = true): string {
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
