import type { Command } from 'commander';
import { appError } from '../../../shared/app-error.ts';
import { plural } from '../../../shared/format/amount.ts';
import { err } from '../../../shared/result.ts';
import { recoverKeys } from '../../core/workflows/recover-keys.ts';
import { canAsk, openAsker } from '../ask.ts';
import type { CliContext } from '../cli-context.ts';
import { withCore } from '../with-core.ts';

const LIMIT = 16 * 1024;

/** `session-log recover`: lets this machine join a sealed store with the recovery key. */
export function registerRecover(program: Command, context: CliContext): void {
  program
    .command('recover')
    .description('regain access to a sealed store with its recovery key, typed in or on standard input')
    .option('--json', 'print one JSON envelope')
    .action((options: { readonly json?: boolean }) =>
      withCore(
        context,
        options.json ?? false,
        async (core) => {
          const text = await readKey(context);
          return text === null ? err(nothingGiven()) : await recoverKeys(core, text);
        },
        ({ epochs }) =>
          `This machine is in: it has the keys of ${plural(epochs, 'epoch')}.\nNext: \`session-log sync --full\` brings its logs back, \`session-log store seal\` seals what it has.`,
      ),
    );
}

/** Never an argument: others can read a command line. */
async function readKey(context: CliContext): Promise<string | null> {
  if (!canAsk()) {
    const bytes = await context.readInput(LIMIT);
    return bytes === null ? null : new TextDecoder().decode(bytes);
  }
  const asker = openAsker();
  try {
    return await asker.line('The recovery key (AGE-SECRET-KEY-1…)', '');
  } finally {
    asker.close();
  }
}

function nothingGiven() {
  return appError(
    'usage',
    'No recovery key was given.',
    'Type it in at a terminal, or give the file that holds it on standard input: `session-log recover`.',
  );
}
