import packageJson from '../../package.json' with { type: 'json' };
import { addSyncOptions, runSync, type SyncCliOptions } from './commands/sync.ts';
import { runCli } from './run-cli.ts';

// The ADR's own command name and flags: `session-log-sync --push`.
await runCli('session-log-sync', packageJson.version, (program, context) => {
  addSyncOptions(program)
    .description('ADR-058\u2019s name for `session-log sync`')
    .action((options: SyncCliOptions) => runSync(context, options));
});
