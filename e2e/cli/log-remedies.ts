import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { Box, LOG, TEXT, type Row } from './remedy-box.ts';

/** What is wrong with logs, here or in the store. */
export const LOG_ROWS: readonly Row[] = [
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
];
