import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { foundRemedies } from '../gates/found-remedies.ts';
import { Box, commandsIn, LOG, TEXT, type Row } from './remedy-box.ts';
import { BUCKET_ROWS, stopBuckets } from './bucket-remedies.ts';
import { SEALING_ROWS } from './sealing-remedies.ts';
import { SESSION_ROWS } from './session-remedies.ts';
import { UPKEEP_ROWS } from './upkeep-remedies.ts';
import { NOT_HERE } from './untried-remedies.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'session-log-remedies-')));
afterAll(stopBuckets);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const ROWS: readonly Row[] = [
  ...SEALING_ROWS,
  ...SESSION_ROWS,
  ...BUCKET_ROWS,
  ...UPKEEP_ROWS,
  {
    state: 'a log that is shorter than its backup, taken back',
    bring: async (box) => (await box.push(), box.write(LOG, '# Session Log'), box.run('doctor')),
    command: /^restore /,
    after: (box) => box.done('verify'),
  },
  {
    state: 'a log that is shorter than its backup, pushed as it is',
    bring: async (box) => (await box.push(), box.write(LOG, '# Session Log'), box.run('sync', '--push')),
    command: /^sync --push --force /,
    after: (box) => box.done('verify'),
  },
  {
    state: 'a shortened log that a push names, explained',
    bring: async (box) => (await box.push(), box.write(LOG, '# Session Log'), box.run('sync', '--push')),
    command: /^doctor$/,
    // It only explains: the log still needs a person.
    code: 65,
    after: (_, ended) => {
      expect(ended.out).toContain('restore "');
      // What explains must not send back to itself.
      expect(ended.out).not.toContain('session-log doctor');
    },
  },
  ...(['restore --all', 'sync --push --deleted'] as const).map((command): Row => ({
    state: `logs that are lost, answered by ${command}`,
    bring: async (box) => {
      for (const day of [1, 2, 3, 4, 6]) box.write(`2026-06-0${day}-hal-more.md`, `${TEXT}${day}\n`);
      await box.push();
      rmSync(join(box.home, 'session-logs'), { recursive: true });
      return box.run('sync', '--push');
    },
    command: new RegExp(`^${command}$`),
    after: async (box) => {
      expect(box.has(LOG)).toBe(command === 'restore --all');
      await box.done('sync', '--push');
    },
  })),
  {
    state: 'a log that was deleted here and is asked for',
    bring: async (box) => {
      box.write('2026-06-06-hal-two.md', `${TEXT}two\n`);
      await box.push();
      rmSync(join(box.home, 'session-logs', LOG));
      await box.run('sync', '--push', '--deleted');
      return box.run('show', LOG);
    },
    command: /^restore /,
    after: (box) => box.done('show', LOG),
  },
  ...(['init --account', 'init --adopt'] as const).map((command): Row => ({
    state: `two data folders of one computer, answered by ${command}`,
    bring: async (box) => {
      await box.push();
      const copy = new Box(box.folder, 'copy');
      await copy.done('config', 'set', 'store.url', `file://${box.folder}/store`);
      return [copy, await copy.run('sync', '--push')];
    },
    command: new RegExp(`^${command}`),
    after: (box) => box.done('sync', '--push'),
  })),
  {
    state: 'a log of another machine that was not pulled',
    bring: async (box) => {
      await box.push();
      const other = await box.other();
      return [other, await other.run('show', LOG)];
    },
    command: /^sync --pull /,
    after: (box) => box.done('show', LOG),
  },
  {
    state: 'a cached log that was changed',
    bring: async (box) => {
      await box.push();
      const other = await box.other();
      await other.done('sync', '--pull', '--all');
      const cache = join(other.home, 'session-logs-cache');
      const [path] = readdirSync(cache, { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith(LOG),
      );
      writeFileSync(join(cache, path ?? ''), 'bad');
      return [other, await other.run('verify')];
    },
    command: /^sync --pull /,
    after: (box) => box.done('verify'),
  },
  {
    state: 'damaged bytes in the store',
    bring: async (box) => {
      await box.push();
      writeFileSync(box.stored(LOG), 'bad');
      const checked = await box.run('verify', '--deep');
      expect(checked.err).toContain('1 log is not as it should be');
      return checked;
    },
    command: /^sync --full$/,
    after: (box) => box.done('verify', '--deep'),
  },
  {
    state: 'damaged bytes in the store of a log that is pulled',
    bring: async (box) => {
      await box.push();
      const other = await box.other();
      writeFileSync(box.stored(LOG), 'bad');
      return [other, await other.run('sync', '--pull', '--all')];
    },
    command: /^verify$/,
  },
  {
    state: 'a stored log that is gone',
    bring: async (box) => (await box.push(), rmSync(box.stored(LOG)), box.run('verify')),
    command: /^sync --full$/,
    after: (box) => box.done('verify'),
  },
  {
    state: 'a store whose folder is an empty one',
    bring: async (box) => {
      await box.push();
      renameSync(join(box.folder, 'store'), join(box.folder, 'away'));
      mkdirSync(join(box.folder, 'store'));
      box.write('2026-06-08-hal-new.md', TEXT);
      return box.run('sync', '--push');
    },
    command: /^config set store\.url /,
    after: (box) => box.done('sync', '--full'),
  },
  {
    state: 'a log that is not pushed yet',
    bring: async (box) => (await box.push(), box.write('2026-06-08-hal-new.md', TEXT), box.run('doctor')),
    command: /^sync --push$/,
  },
  {
    state: 'no full sync yet',
    bring: async (box) => (await box.push(), box.run('doctor')),
    command: /^sync --full$/,
  },
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

describe('a remedy, run as it was printed, in the state that printed it', () => {
  it.each(ROWS.map((row) => [row.state, row] as const))('helps with %s', async (_, row) => {
    const first = new Box(mkdtempSync(join(root, 'box-')));
    const made = await row.bring(first);
    const [box, ended] = 'code' in made ? ([first, made] as const) : made;
    const commands = commandsIn(ended, box);
    const command = commands.find((words) => row.command.test(words.join(' ')));
    expect(command, `${ended.out}\n${ended.err}`).toBeDefined();
    const answer = await box.run(...(command ?? []));
    expect(answer, (command ?? []).join(' ')).toMatchObject({ code: row.code ?? 0 });
    await row.after?.(box, answer);
  });

  it('is tried for every command that a remedy names, or the reason is written down why not', () => {
    const untried = foundRemedies()
      .filter(({ text }) => /(?:^|`|: )session-log [a-z]/.test(text))
      .filter(({ where }) => !NOT_HERE.some(([file]) => file.test(where)))
      .flatMap(({ where, text }) =>
        commandsIn({ code: 0, out: text, err: '' }, null)
          .map((words) => words.join(' '))
          .filter((command) => !ROWS.some((row) => row.command.test(command)))
          .map((command) => `${where}: ${command}`),
      );
    expect([...new Set(untried)]).toEqual([]);
  });
});
