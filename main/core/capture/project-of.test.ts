import { describe, expect, it } from 'vitest';
import { createMemoryFiles } from '../../testing/memory-files.ts';
import { projectOf, repositoryOf } from './project-of.ts';

const files = createMemoryFiles({ now: () => 0 });
files.put(
  '/src/harbor/.git/config',
  '[core]\n\tbare = false\n[remote "fork"]\n\turl = x/y.git\n[remote "origin"]\n\turl = git@github.com:acme/lighthouse.git\n',
);
files.put('/src/wt/.git', 'gitdir: /src/harbor/.git/worktrees/wt\n');
files.put('/src/plain/.git/config', '[core]\n');

describe('the project of a session', () => {
  it.each([
    ['the remote that the agent wrote down', ['/x'], ['https://token@host/acme/tide.git'], 'tide'],
    ['the remote of the repository around its folder', ['/src/harbor/deep/down'], [], 'lighthouse'],
    ['the same for a linked work tree', ['/src/wt'], [], 'lighthouse'],
    ['the top of a work tree without a remote', ['/src/plain/sub'], [], 'plain'],
    ['its folder', ['/srv/notes'], [], 'notes'],
    ['the folder above its work trees', ['/srv/notes/.worktrees/2/src'], [], 'notes'],
    ['the same where the agent makes them', ['/srv/notes/.claude/worktrees/brave-fox'], [], 'notes'],
    ['a folder of Windows', ['C:\\work\\gate'], [], 'gate'],
    ['none in a home folder', ['/home/ada'], [], null],
    ['none in /tmp', ['/tmp'], [], null],
    ['none without a folder', [], [], null],
  ])('is %s', async (_, folders, remotes, expected) => {
    expect(await projectOf(files, { folders, remotes })).toBe(expected);
  });

  it.each([
    ['git@github.com:acme/harbor.git', 'harbor'],
    ['ssh://git@host:22/a/b/', 'b'],
    ['../up/..', null],
    ['', null],
    ['https://host/a/\u001b[31m', null],
  ])('names the repository of %s', (url, name) => {
    expect(repositoryOf(url)).toBe(name);
  });
});
