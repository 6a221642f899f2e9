import { existsSync } from 'node:fs';
import nodeModule from 'node:module';
import { join } from 'node:path';
import { dataPaths, resolveHome } from '../compose/paths.ts';

// Compiled code is cached between runs if Node supports it (22.1 and newer): agents' hooks start this program often. The cache is in
// the data folder, which is private, because whoever can write it can make us run anything.
const home = resolveHome();
const state = home.ok ? dataPaths(home.value).state : '';
const { enableCompileCache } = nodeModule as { enableCompileCache?: (folder: string) => unknown };
if (existsSync(state)) enableCompileCache?.(join(state, 'compile-cache'));

// Imported only now, so that the cache is used.
const [command, ...words] = process.argv.slice(2);
if (command === 'hook') {
  const { runHook } = await import('./commands/hook.ts');
  await runHook(words);
} else if (command === 'lock-process') {
  const { keepLockHere } = await import('../compose/git-tools.ts');
  await keepLockHere();
} else if (!(await (await import('./quick-command.ts')).runQuickly(command, words))) {
  const { runSessionLog } = await import('./session-log.ts');
  await runSessionLog();
}
