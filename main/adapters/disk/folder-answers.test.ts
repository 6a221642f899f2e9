import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { folderAnswers, type FolderAnswersDeps } from './folder-answers.ts';
import { onPosix } from '../../testing/only.ts';

const MOUNTS = [
  '/dev/sda1 / ext4 rw 0 0',
  'nas:/team /srv/team nfs4 rw 0 0',
  '/dev/sdb1 /srv/team/local ext4 rw 0 0',
  'sshfs#box: /home/mara/far\\040away fuse.sshfs rw 0 0',
].join('\n');

function deps(looks: string[], command: readonly [string, ...string[]]): FolderAnswersDeps {
  return {
    platform: 'linux',
    mounts: () => MOUNTS,
    look: (folder) => {
      looks.push(folder);
      return command;
    },
  };
}

onPosix.it('asks a process of its own only where the disk is another machine\u2019s', async () => {
  const looks: string[] = [];
  const asked = deps(looks, ['/bin/ls', '-d', '/nowhere']);
  for (const folder of [
    '/home/mara',
    '/srv/teams',
    '/srv/team/local/x',
    '/srv/team/repo',
    '/home/mara/far away/repo',
  ])
    expect(await folderAnswers(folder, 5_000, asked)).toBe(true);
  expect(looks).toEqual(['/srv/team/repo', '/home/mara/far away/repo']);
});

onPosix.it('says no in time when that process hangs, and does not wait for its end', async () => {
  const before = Date.now();
  expect(await folderAnswers('/srv/team/repo', 50, deps([], ['/bin/sleep', '30']))).toBe(false);
  expect(Date.now() - before).toBeLessThan(10_000);
});

it('answers for a folder of this machine', async () => {
  expect(await folderAnswers(tmpdir(), 5_000)).toBe(true);
});
