import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { launcherScript } from '../../main/core/launcher/launcher-script.ts';
import { git } from './built-cli.ts';
import { fakeCron } from './fake-cron.ts';
import { TEXT, type Box, type Row } from './remedy-box.ts';

const PASSWORD = 'password = "hN4$kq9ZrT2vLx8w"';

/** Puts an editor that writes a log where a person names one. */
function writeEditor(box: Box): void {
  const editor = join(box.folder, 'editor');
  writeFileSync(editor, '#!/bin/sh\nprintf "# Written\\n\\nIn the editor.\\n" > "$1"\n');
  chmodSync(editor, 0o755);
}

/** A work tree with a log that holds a password, which its remote does not get. */
async function heldBack(box: Box): Promise<void> {
  git(box.folder, 'init', '-q', '--bare', '-b', 'main', 'remote.git');
  git(box.folder, 'clone', '-q', 'remote.git', 'tree');
  const tree = join(box.folder, 'tree');
  git(tree, 'commit', '-q', '--allow-empty', '-m', 'begin');
  git(tree, 'push', '-q', 'origin', 'HEAD');
  mkdirSync(join(tree, 'session-logs'));
  writeFileSync(join(tree, 'session-logs', '2026-06-05-hal-one.md'), `${TEXT}\n${PASSWORD}\n`);
  await box.done('whoami', '--set', 'Hal Berg', '--workspace', tree);
  box.cwd = tree;
}

/** Remedies of what a machine has around the logs: agents, timers, an editor, work trees. */
export const UPKEEP_ROWS: readonly Row[] = [
  {
    state: 'an editor that fails',
    bring: async (box) => {
      writeEditor(box);
      await box.done('whoami', '--set', 'Hal Berg');
      box.env['EDITOR'] = 'false';
      return box.run('save', '--edit', '--no-sync');
    },
    command: /^config set app\.editor /,
    after: (box) => box.done('save', '--edit', '--no-sync'),
  },
  {
    state: 'no timers',
    bring: (box) => {
      box.env['PATH'] = fakeCron(join(box.folder, 'bin'));
      return box.run('schedule', 'status');
    },
    command: /^schedule install$/,
    after: async (box) => expect((await box.run('schedule', 'status')).out).toContain('push'),
  },
  ...(['schedule status', 'doctor'] as const).map((look): Row => ({
    state: `timers whose program is gone, seen by ${look}`,
    bring: async (box) => {
      box.env['PATH'] = fakeCron(join(box.folder, 'bin'));
      await box.done('schedule', 'install');
      const table = join(box.folder, 'bin', 'table');
      writeFileSync(table, readFileSync(table, 'utf8').replaceAll(/\/[^ "']*cli\.js/g, '/gone/cli.js'));
      return box.run(...look.split(' '));
    },
    command: /^schedule install$/,
    after: async (box) => expect((await box.run('doctor')).out).not.toContain('/gone/cli.js'),
  })),
  {
    state: 'a machine with neither systemd nor cron',
    bring: async (box) => {
      await box.push();
      const path = fakeCron(join(box.folder, 'bin'));
      writeFileSync(join(box.folder, 'bin', 'crontab'), '#!/bin/sh\nexit 2\n');
      box.env['PATH'] = path;
      return box.run('schedule', 'install');
    },
    command: /^sync --push$/,
  },
  {
    state: 'a cron that takes no table',
    bring: (box) => {
      box.env['PATH'] = fakeCron(join(box.folder, 'bin'));
      const crontab = '#!/bin/sh\n[ "$1" = -l ] && exit 0\necho "no room" >&2\nexit 1\n';
      writeFileSync(join(box.folder, 'bin', 'crontab'), crontab);
      return box.run('schedule', 'install');
    },
    command: /^schedule status$/,
  },
  {
    state: 'a launcher whose program is gone',
    bring: (box) => {
      const launcher = join(box.userHome, '.local', 'bin', 'session-log');
      mkdirSync(join(launcher, '..'), { recursive: true });
      writeFileSync(launcher, launcherScript({ node: '/gone/node', cli: '/gone/cli.js' }, 'a test'));
      chmodSync(launcher, 0o755);
      return box.run('doctor');
    },
    command: /^uninstall$/,
    // It asks first, and there is no terminal to ask in.
    code: 64,
    after: async (box) => {
      await box.done('uninstall', '--yes');
      expect((await box.run('doctor')).out).not.toContain('/gone/cli.js');
    },
  },
  {
    state: 'hooks that are installed',
    bring: (box) => box.run('hooks', 'install'),
    command: /^hooks remove$/,
    after: async (box) => expect((await box.run('hooks', 'status')).out).toContain('absent'),
  },
  {
    state: 'hooks whose program is gone',
    bring: async (box) => {
      await box.done('hooks', 'install');
      const settings = join(box.userHome, '.claude', 'settings.json');
      writeFileSync(settings, readFileSync(settings, 'utf8').replaceAll(/\/[^ "']*cli\.js/g, '/gone/cli.js'));
      return box.run('hooks', 'status');
    },
    command: /^hooks install$/,
    after: (box) => box.done('hooks', 'status'),
  },
  {
    state: 'a mistake in hooks install',
    bring: (box) => box.run('hooks', 'install', '--agent', 'nobody'),
    command: /^hooks install --help$/,
  },
  {
    state: 'a work tree whose identity.json is missing',
    bring: async (box) => {
      await heldBack(box);
      rmSync(join(box.cwd, '.claude'), { recursive: true });
      return box.run('git-sync', 'session-logs');
    },
    command: /^whoami --set Hal Berg --workspace /,
    after: (box) => box.done('whoami'),
  },
  ...([/^secrets withhold /, /^config set git\.withSecrets /] as const).map((command): Row => ({
    state: `a log with a password in a work tree, answered by ${command.source}`,
    bring: async (box) => (await heldBack(box), box.run('git-sync', 'session-logs')),
    command,
    after: async (box) => {
      await box.done('git-sync', 'session-logs');
      expect(git(box.cwd, 'ls-tree', '-r', '--name-only', 'origin/main')).toContain('2026-06-05-hal-one.md');
    },
  })),
  ...(['pending', 'since --mark'] as const).map((command): Row => ({
    state: `news, answered by ${command}`,
    bring: async (box) => {
      await box.done('whoami', '--set', 'Hal Berg');
      await box.push();
      const other = await box.other();
      const today = new Date().toISOString().slice(0, 10);
      other.write(`${today}-mara-asks.md`, '# Session Log\n\n## Pending / Incomplete Tasks\n\n- Ask\n');
      await other.done('sync', '--push');
      await box.done('sync', '--index');
      return box.run('since');
    },
    command: new RegExp(`^${command}$`),
  })),
];
