import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '../harness/app-test.ts';
import { asOtherMachine, dataFolder, logText } from '../harness/data-folder.ts';

/** Only notes of the last weeks are news. */
const TODAY = new Date().toISOString().slice(0, 10);

test.describe('notes', () => {
  test('that come through the store are announced once; a click opens the log', async ({
    startApp,
    store,
    desktop,
    machine,
  }) => {
    const other = dataFolder(join(desktop.home, 'other'), store);
    await asOtherMachine(other, 'build-box');
    other.log(
      `${TODAY}-priya-deploy.md`,
      logText({
        title: 'Deploy to staging',
        user: 'Priya N',
        note: { to: userInfo().username, text: 'Rotate the <b>staging</b> key & tell me.' },
      }),
    );
    await other.cli('sync', '--push');
    const first = await startApp({ args: ['--hidden'] });
    await first.tray.shows(({ tooltip }) => !tooltip.includes('Starting'), 'its state');
    await first.tray.choose('Check for new logs');
    const { shown } = desktop.notifications;
    const note = await shown.next(({ title }) => title.includes('left you a note'), 'the notification');
    expect(note.title).toMatch(/^Priya N left you a note on ./);
    // The daemon reads markup; the note stays text.
    expect(note.body).toBe('Rotate the &lt;b&gt;staging&lt;/b&gt; key &amp; tell me.');
    await first.tray.shows(({ tooltip }) => tooltip.includes('1 unread note'), 'the unread note');
    desktop.notifications.click(note);
    const page = await first.browser();
    await expect.poll(() => page.url()).toMatch(/#\/logs\/[^?]*-priya-deploy\.md\?line=\d+$/);
    await expect(page.getByText('Deploy to staging').first()).toBeVisible();
    // Again, after a restart: it stays unread and is not announced a second time.
    await first.electron.close();
    const second = await startApp({ args: ['--hidden'] });
    await second.tray.shows(
      ({ tooltip }) => tooltip.includes('unread note'),
      'the unread note after a restart',
    );
    machine.log('2026-01-08-hal-later.md', logText({ title: 'Later' }));
    await second.tray.shows(({ tooltip }) => tooltip.includes('Last synced'), 'a push after the restart');
    expect(shown.all.filter(({ title }) => title.includes('left you a note'))).toHaveLength(1);
  });

  test('that come by git are announced; a sync that meets a held lock is deferred and then done', async ({
    startApp,
    desktop,
    machine,
    store,
  }) => {
    const git = (cwd: string, ...args: string[]): string =>
      execFileSync('git', ['-c', 'user.name=Priya N', '-c', 'user.email=p@example.com', ...args], {
        cwd,
        encoding: 'utf8',
        env: { ...process.env, HOME: desktop.home, GIT_CONFIG_NOSYSTEM: '1' },
      });
    const [remote, tree, mate] = ['remote.git', 'tree', 'mate'].map((name) => join(desktop.home, name));
    if (!remote || !tree || !mate) throw new Error('no paths');
    git(desktop.home, 'init', '-q', '--bare', '-b', 'main', remote);
    git(desktop.home, 'clone', '-q', remote, tree);
    mkdirSync(join(tree, '.claude'));
    writeFileSync(
      join(tree, '.claude', 'identity.json'),
      JSON.stringify({
        user: 'hal',
        full_name: 'Hal Casey',
        email: 'hal@example.com',
        role: 'dev',
        machine: hostname(),
      }),
    );
    writeFileSync(
      join(tree, '.claude', 'users.json'),
      JSON.stringify({
        users: {
          hal: { full_name: 'Hal Casey', email: 'hal@example.com', role: 'dev', machines: [hostname()] },
        },
      }),
    );
    git(tree, 'add', '-A');
    git(tree, 'commit', '-qm', 'start');
    git(tree, 'push', '-q', 'origin', 'HEAD:main');
    git(desktop.home, 'clone', '-q', remote, mate);
    mkdirSync(join(mate, 'session-logs'));
    writeFileSync(
      join(mate, 'session-logs', '2026-01-05-priya-review.md'),
      logText({ title: 'Review', user: 'Priya N', note: { to: 'hal', text: 'Please look at the review.' } }),
    );
    git(mate, 'add', '-A');
    git(mate, 'commit', '-qm', 'a log');
    git(mate, 'push', '-q', 'origin', 'HEAD:main');

    machine.settings({
      app: { firstRunDone: true },
      store: { url: `file://${store}` },
      git: { workspaces: [tree], lockWaitSeconds: 0 },
    });
    // Somebody else holds the lock until its input ends.
    const cli = join(import.meta.dirname, '..', '..', 'out', 'main', 'cli.js');
    const holder = spawn(
      process.execPath,
      [
        cli,
        'lock',
        '--workspace',
        tree,
        '--',
        process.execPath,
        '-e',
        "console.log('held');process.stdin.resume()",
      ],
      { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, SESSION_LOG_HOME: machine.home } },
    );
    await new Promise<void>((resolve) => {
      holder.stdout.on('data', (text: Buffer) => {
        if (text.includes('held')) resolve();
      });
    });
    const app = await startApp({ args: ['--hidden'] });
    await app.tray.shows(({ tooltip }) => tooltip.includes('Up to date'), 'its state');
    await app.tray.choose('Sync git');
    await app.tray.shows(({ tooltip }) => tooltip.includes('Deferred:'), 'that it is deferred');
    const ended = new Promise<void>((resolve) => {
      holder.once('close', () => resolve());
    });
    holder.stdin.end();
    await ended;
    await app.tray.choose('Sync git');
    const note = await desktop.notifications.shown.next(
      ({ title }) => title === 'Priya N left you a note',
      'the note that came by git',
    );
    expect(note.body).toBe('Please look at the review.');
    await app.tray.shows(({ tooltip }) => !tooltip.includes('Deferred'), 'that the sync is done');
  });
});
