import type { Command } from 'commander';
import { refreshLocal } from '../../core/workflows/refresh-local.ts';
import { saveMachineSummary } from '../../core/status/machine-summary.ts';
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
        async (core) => {
          const fresh = await refreshLocal(core.sync);
          if (!fresh.ok) return fresh;
          await saveMachineSummary(core.sync.files, core.sync.index, core.paths);
          return core.sync.index.machines();
        },
        (machines) => machinesText(machines, Date.now()),
      ),
    );
}
