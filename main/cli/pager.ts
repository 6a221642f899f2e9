import { forTerminal } from '../../shared/domain/terminal-text.ts';
import { runPager } from '../compose/programs.ts';
import type { CliContext } from './cli-context.ts';
import { applyStyle } from './terminal-style.ts';

/**
 * Prints a long text through the person's pager if it does not fit on the terminal; directly otherwise. `SESSION_LOG_PAGER`, then
 * `PAGER`, name another one than `less`; empty or `cat` means none.
 * @param rows of the terminal; null if there is none
 */
export function printPaged(context: CliContext, text: string, rows: number | null): void {
  const pager = context.env['SESSION_LOG_PAGER'] ?? context.env['PAGER'] ?? 'less';
  const fits = rows === null || context.columns() === null || text.split('\n').length < rows;
  if (fits || pager === '' || pager === 'cat' || !runPager(pager, applyStyle(forTerminal(text)), context.env))
    context.out(text);
}
