import type { Command } from 'commander';
import { plural } from '../../../shared/format/amount.ts';
import { DRILL_SAMPLE, drillStore } from '../../core/workflows/drill-store.ts';
import { finish, type CliContext } from '../cli-context.ts';
import { parseCount } from '../parse-options.ts';
import { withOutcome } from '../with-core.ts';

/** `session-log drill`: proves that logs can be restored from the store. */
export function registerDrill(program: Command, context: CliContext): void {
  program
    .command('drill')
    .description('fetch some logs back from the store and compare them, to prove the backup')
    .option('--count <number>', `how many (default: ${DRILL_SAMPLE})`)
    .option('--json', 'print one JSON envelope')
    .action(async (options: { readonly count?: string; readonly json?: boolean }) => {
      const json = options.json ?? false;
      const count = parseCount('count', options.count, 1);
      if (!count.ok) return finish(context, json, count, () => '');
      await withOutcome(
        context,
        json,
        (core) => drillStore(core, count.value ?? DRILL_SAMPLE, context.signal),
        ({ logs, proved, pieces, piecesProved, failed }) =>
          [
            logs + pieces + failed.length === 0
              ? 'Nothing of this machine is in the store yet, so nothing was proven: push first.'
              : `${proved} of ${plural(logs, 'log')}${pieces === 0 ? '' : ` and ${piecesProved} of ${plural(pieces, 'piece')} of copied sessions`} taken back from the store and compared; the keys were fetched anew.`,
            ...failed.map(({ name, error }) => `  ! ${name}: ${error.message}\n    ${error.remedy}`),
          ].join('\n'),
      );
    });
}
