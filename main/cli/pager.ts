import { forTerminal } from '../../shared/domain/terminal-text.ts';
import { runPager } from '../compose/programs.ts';
import type { CliContext } from './cli-context.ts';
import { applyStyle, terminalStyle, type TerminalStyle } from './terminal-style.ts';

/**
 * Prints a long text through the person's pager if it does not fit on the terminal; directly otherwise. `SESSION_LOG_PAGER`, then
 * `PAGER`, name another one than `less`; empty or `cat` means none.
 * @param styled makes the text in the terminal's style
 */
export function printPaged(context: CliContext, styled: (style: TerminalStyle) => string): void {
  const isTerminal = context.columns() !== null;
  const text = `${styled(terminalStyle(context.env, isTerminal))}\n`;
  const pager = context.env['SESSION_LOG_PAGER'] ?? context.env['PAGER'] ?? 'less';
  const fits = !isTerminal || text.split('\n').length < process.stdout.rows;
  if (fits || pager === '' || pager === 'cat' || !runPager(pager, applyStyle(forTerminal(text)), context.env))
    context.out(text);
}
