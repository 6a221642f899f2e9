import packageJson from '../../package.json' with { type: 'json' };
import { registerConfig } from './commands/config.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerInit } from './commands/init.ts';
import { registerList } from './commands/list.ts';
import { registerLock } from './commands/lock.ts';
import { registerMachine } from './commands/machine.ts';
import { registerMachines } from './commands/machines.ts';
import { registerMigrate } from './commands/migrate.ts';
import { registerRestore } from './commands/restore.ts';
import { registerShow } from './commands/show.ts';
import { registerStatus } from './commands/status.ts';
import { registerSync } from './commands/sync.ts';
import { registerVerify } from './commands/verify.ts';
import { openSettings } from '../compose/open-settings.ts';
import { runCli } from './run-cli.ts';

await runCli('session-log', packageJson.version, (program, context) => {
  program.description(
    'Keeps, moves and reads the session logs that AI coding agents leave on every machine of a team.',
  );
  registerStatus(program, context);
  registerList(program, context);
  registerShow(program, context);
  registerMachines(program, context);
  registerSync(program, context);
  registerRestore(program, context);
  registerVerify(program, context);
  registerDoctor(program, context);
  registerInit(program, context);
  registerMachine(program, context);
  registerConfig(program, context, openSettings);
  registerMigrate(program, context);
  registerLock(program, context);
});
