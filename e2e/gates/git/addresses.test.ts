import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { gitCli } from '../../../main/adapters/git/git-cli.ts';
import type { Git } from '../../../main/core/ports/git.ts';
import { expectProblem, expectSynced, scenario, useTemplate } from './scenario.ts';
import { git, onRemote, put, type Outcome, type World } from './world.ts';

useTemplate();

const LOG = 'session-logs/2026-06-06-mike-topic.md';
const SECRET = 'SECRETtok123';
const ADDRESS = `https://mike:${SECRET}@127.0.0.1:1/team.git`;

/** The real git, and the arguments that it was given. */
function overheard(world: World): { readonly git: Git; readonly said: string[] } {
  const real = gitCli({ env: world.env });
  const said: string[] = [];
  return {
    said,
    git: {
      ...real,
      run: (call) => {
        said.push(call.args.join(' '));
        return real.run(call);
      },
    },
  };
}

const everything = ({ report, text, error, progress }: Outcome): string =>
  JSON.stringify({ report, text, error, progress });

describe('a setting that names an address with a password', () => {
  const settings: Readonly<Record<string, readonly (readonly [key: string, value: string])[]>> = {
    'as the remote of the branch': [['branch.main.remote', ADDRESS]],
    'as where all is pushed': [['remote.pushDefault', ADDRESS]],
    'as where the branch is pushed': [['branch.main.pushRemote', ADDRESS]],
    'for both': [
      ['branch.main.remote', ADDRESS],
      ['remote.pushDefault', ADDRESS],
    ],
    'as what another address stands for': [
      [`url.${ADDRESS}.insteadOf`, 'team:'],
      ['branch.main.remote', 'team:x'],
    ],
    'in a header': [
      ['http.extraHeader', `Authorization: Basic ${SECRET}`],
      ['branch.main.remote', 'http://127.0.0.1:1/team.git'],
    ],
    'as the ref to merge': [['branch.main.merge', ADDRESS]],
  };
  for (const [where, pairs] of Object.entries(settings))
    scenario(`${where} shows it nowhere`, async ({ world, sync }) => {
      for (const [key, value] of pairs) git(world, world.tree, 'config', key, value);
      put(world.tree, { [LOG]: 'x\n' });
      const heard = overheard(world);
      const done = await sync([LOG], { deps: { git: heard.git } });
      expect(done.error).not.toBe(null);
      expect(everything(done)).not.toContain(SECRET);
      expect(heard.said.join('\n')).not.toContain(SECRET);
      expect(git(world, world.tree, 'for-each-ref')).not.toContain(SECRET);
    });

  scenario('is looked for on it when the branch has no upstream', async ({ world, sync }) => {
    git(world, world.tree, 'config', '--unset', 'branch.main.remote');
    git(world, world.tree, 'config', 'remote.pushDefault', ADDRESS);
    put(world.tree, { [LOG]: 'x\n' });
    const heard = overheard(world);
    const done = await sync([LOG], { deps: { git: heard.git } });
    expect(done.code).toBe(69);
    expect(`${everything(done)}${heard.said.join('\n')}`).not.toContain(SECRET);
  });
});

scenario('a branch whose remote is an address alone is synced with it', async ({ world, sync }) => {
  git(world, world.tree, 'config', 'branch.main.remote', `file://${world.remote}`);
  put(world.tree, { [LOG]: 'x\n' });
  const done = await sync([LOG]);
  expectSynced(done);
  expect(done.tree?.push?.remote).toBe(`file://${world.remote}`);
  expect(onRemote(world, LOG)).toBe('x\n');
});

describe('a remote named like an option', () => {
  for (const key of ['branch.main.remote', 'remote.pushDefault'])
    scenario(`in ${key} is refused, and nothing of it runs`, async ({ world, sync }) => {
      const trap = join(world.root, 'trapped');
      git(world, world.tree, 'config', key, `--upload-pack=touch ${trap};`);
      put(world.tree, { [LOG]: 'x\n' });
      expectProblem(await sync([LOG]), 65, /names '?"?--upload-pack.* as the remote/);
      expect(existsSync(trap)).toBe(false);
    });
});
