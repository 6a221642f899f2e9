import packageJson from '../../package.json' with { type: 'json' };
import { addInitOptions, runInit, type InitOptions } from './commands/init.ts';
import { runCli } from './run-cli.ts';

// The ADR's own command name: `session-log-init`.
await runCli('session-log-init', packageJson.version, (program, context) => {
  addInitOptions(program)
    .description('ADR-058\u2019s name for `session-log init`')
    .action((options: InitOptions) => runInit(context, options));
});
