import { spawnSync } from 'node:child_process';
import { forTerminal } from '../../shared/domain/terminal-text.ts';
import type { CliContext } from './cli-context.ts';
import { applyStyle } from './terminal-style.ts';

/**
 * Prints a long text through the person's pager where standard output is a terminal that it does not fit on; as it is otherwise.
 * `SESSION_LOG_PAGER`, then `PAGER`, name another one than `less`; empty or `cat` means none.
 * @param rows of the terminal; null where it has none
 */
export function printPaged(context: CliContext, text: string, rows: number | null): void {
  const pager = context.env['SESSION_LOG_PAGER'] ?? context.env['PAGER'] ?? 'less';
  const fits = rows === null || context.columns() === null || text.split('\n').length < rows;
  if (fits || pager === '' || pager === 'cat' || !runPager(context, pager, text)) context.out(text);
}

/** @returns false when there is no such program, so that the text has still to be printed */
function runPager(context: CliContext, pager: string, text: string): boolean {
  const [program = '', ...words] = pager.split(' ').filter((word) => word !== '');
  const run = spawnSync(program, words, {
    input: applyStyle(forTerminal(text)),
    stdio: ['pipe', 'inherit', 'inherit'],
    // As git does it: a page that fits is left on the screen, and colours come through.
    env: { ...context.env, LESS: context.env['LESS'] ?? 'FRX' },
  });
  return run.error === undefined || (run.error as NodeJS.ErrnoException).code === 'EPIPE';
}
