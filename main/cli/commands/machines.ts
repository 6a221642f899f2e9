import type { Command } from 'commander';
import { listMachines } from '../../core/workflows/list-machines.ts';
import type { CliContext } from '../cli-context.ts';
import { withCore } from '../with-core.ts';
import { machinesText } from './status.ts';

/** `session-log machines`: every machine of the index. */
export function registerMachines(program: Command, context: CliContext): void {
  program
    .command('machines')
    .description('every machine of the index: logs, size, when it was last seen')
    .option('--json', 'print one JSON envelope')
    .action((options: { readonly json?: boolean }) =>
      withCore(
        context,
        options.json ?? false,
        (core) => listMachines(core),
        (machines) => machinesText(machines, Date.now()),
      ),
    );
}
