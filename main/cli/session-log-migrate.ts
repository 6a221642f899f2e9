import packageJson from '../../package.json' with { type: 'json' };
import { addMigrateOptions, runMigrate, type MigrateOptions } from './commands/migrate.ts';
import { runCli } from './run-cli.ts';

// The ADR's own command name: `session-log-migrate`.
await runCli('session-log-migrate', packageJson.version, (program, context) => {
  addMigrateOptions(program)
    .description('ADR-058\u2019s name for `session-log migrate`')
    .action((repo: string, options: MigrateOptions) => runMigrate(context, repo, options));
});
