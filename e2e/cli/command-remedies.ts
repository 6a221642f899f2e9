import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { LOG, TEXT, type Row } from './remedy-box.ts';

/** What is missing on a machine, or wrong in what somebody typed. */
export const COMMAND_ROWS: readonly Row[] = [
  {
    state: 'nobody who writes here',
    bring: async (box) => box.run('doctor'),
    command: /^whoami --set /,
    after: async (box) => expect((await box.run('doctor')).out).not.toContain('whoami --set'),
  },
  {
    state: 'an agent that is not connected',
    bring: async (box) => box.run('status'),
    command: /^hooks install/,
    after: async (box) => expect((await box.run('status')).out).not.toContain('hooks install'),
  },
  { state: 'a log that nobody knows', bring: (box) => box.run('show', 'zzz'), command: /^list$/ },
  {
    state: 'a machine that nobody knows',
    bring: async (box) => (await box.push(), box.run('list', '--machine', 'nope')),
    command: /^sync --index$/,
    after: (box) => box.done('machines'),
  },
  {
    state: 'what is no machine UUID',
    bring: (box) => box.run('init', '--adopt', 'nope'),
    command: /^machines$/,
  },
  {
    state: 'no machine in the index',
    bring: (box) => {
      rmSync(join(box.home, 'session-logs', LOG));
      return box.run('machines');
    },
    command: /^sync --index$/,
  },
  {
    state: 'a note that is not there',
    bring: (box) => box.run('notes', 'show', '99'),
    command: /^notes --all$/,
  },
  {
    state: 'a setting that is not there',
    bring: (box) => box.run('config', 'get', 'zzz'),
    command: /^config list$/,
  },
  {
    state: 'a setting with a bad value',
    bring: (box) => box.run('config', 'set', 'schedule.push', 'never'),
    command: /^config$/,
  },
  {
    state: 'a lock without a command',
    bring: (box) => {
      execFileSync('git', ['init', '-q', box.folder]);
      return box.run('lock');
    },
    command: /^lock -- /,
  },
  {
    state: 'a log without a User block',
    bring: async (box) => {
      await box.done('whoami', '--set', 'Hal Berg');
      return box.run('lint', join(box.home, 'session-logs', LOG));
    },
    command: /^whoami$/,
  },
  {
    state: 'a set-up that nobody can be asked for',
    bring: (box) => box.run('setup'),
    command: /^setup --yes$/,
    after: (box) => box.done('status'),
  },
  ...[['restore'], ['sync', '--push', '--pull'], ['init', '--new-identity', '--adopt', 'x']].map(
    (args): Row => ({
      state: `a mistake in ${args.join(' ')}`,
      bring: (box) => box.run(...args),
      command: / --help$/,
      after: (_, ended) => expect(ended.out).toContain('Usage:'),
    }),
  ),
  {
    state: 'a store in a folder that is not there',
    bring: (box) => box.run('config', 'set', 'store.url', `file://${box.folder}/not yet/there`),
    command: /^config set --create store\.url/,
    after: (box) => box.done('sync', '--push'),
  },
  {
    state: 'names that are to be hidden in a store in the clear',
    bring: async (box) => {
      await box.done('config', 'set', 'store.sealedNames', 'true');
      box.write(LOG, TEXT);
      return box.run('sync', '--push');
    },
    command: /^config set store\.sealedNames false$/,
    after: (box) => box.done('sync', '--push'),
  },
  {
    state: 'a store that is to be cleaned of secrets which the next push would take there',
    bring: async (box) => {
      await box.push();
      await box.done('config', 'set', 'secrets.withhold', 'never');
      return box.run('secrets', 'clean');
    },
    command: /^config set secrets\.withhold always$/,
    after: (box) => box.done('secrets', 'clean'),
  },
  ...(['scan', 'list'] as const).map((look): Row => ({
    state: `a secret whose id is none, looked up by secrets ${look}`,
    bring: (box) => box.run('secrets', 'forget', 'none'),
    command: new RegExp(`^secrets ${look}$`),
  })),
  {
    state: 'a task whose id is none',
    bring: (box) => box.run('pending', 'done', '!'),
    command: /^pending$/,
  },
  {
    state: 'a task that no log has',
    bring: (box) => box.run('pending', 'done', 'ffffffff'),
    command: /^pending --all$/,
  },
  {
    state: 'git sync of workspaces that nobody has listed',
    bring: async (box) => {
      execFileSync('git', ['init', '-q', join(box.folder, 'repo')]);
      return box.run('git-sync', '--registered');
    },
    command: /^config set git\.workspaces/,
    after: async (box) => expect((await box.run('config', 'get', 'git.workspaces')).out).toContain('/repo'),
  },
];
