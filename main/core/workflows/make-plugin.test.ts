import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createFolderCopies } from '../../adapters/disk/folder-copies.ts';
import { unwrap } from '../../../shared/result.ts';
import { createSaveWorld, type SaveWorld } from '../../testing/save-world.ts';
import { hookEvents } from '../agent-hooks/hook-words.ts';
import type { AgentDeps } from './look-at-agent.ts';
import { makePlugin } from './make-plugin.ts';

let world: SaveWorld;
let deps: AgentDeps;
let folder: string;
beforeEach(() => {
  world = createSaveWorld();
  folder = join(world.home, 'plugin');
  deps = {
    ...world.deps,
    commandLine: {
      ...world.deps,
      copies: createFolderCopies(join(world.home, 'copies')),
      place: {
        kind: 'source',
        program: { node: '/usr/bin/node', cli: '/opt/session log/cli.js' },
        version: '1.2.3',
        moves: false,
        launcher: join(world.home, 'bin/session-log'),
        system: [],
        searchPath: [],
        windows: false,
      },
    },
  };
});
afterEach(() => world.end());

const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const json = (name: string): unknown => JSON.parse(read(name));

it('has what Claude Code documents of a plugin, at the places where it looks for it', async () => {
  const { files } = unwrap(await makePlugin(deps, { folder, isShared: false }));
  expect(files.toSorted()).toEqual([
    '.claude-plugin/marketplace.json',
    '.claude-plugin/plugin.json',
    '.mcp.json',
    'README.md',
    'hooks/hooks.json',
    'skills/save/SKILL.md',
    'skills/sync/SKILL.md',
  ]);
  const plugin = { name: 'session-log', description: expect.any(String) };
  const owner = { name: expect.any(String) };
  expect(json('.claude-plugin/plugin.json')).toEqual({
    ...plugin,
    version: '1.2.3',
    author: owner,
    license: 'MIT',
  });
  expect(json('.claude-plugin/marketplace.json')).toEqual({
    ...plugin,
    owner,
    plugins: [{ ...plugin, source: './' }],
  });
  const { hooks } = json('hooks/hooks.json') as { hooks: Record<string, unknown> };
  expect(Object.keys(hooks)).toEqual(hookEvents('claude-code'));
  expect(hooks['Stop']).toEqual([
    {
      hooks: [
        {
          type: 'command',
          command: "/usr/bin/node '/opt/session log/cli.js' hook turn-end --agent claude-code",
          timeout: 10,
        },
      ],
    },
  ]);
  expect(json('.mcp.json')).toEqual({
    mcpServers: {
      'session-log': { type: 'stdio', command: '/usr/bin/node', args: ['/opt/session log/cli.js', 'mcp'] },
    },
  });
  for (const skill of ['save', 'sync'])
    expect(read(`skills/${skill}/SKILL.md`)).toMatch(new RegExp(`^---\nname: ${skill}\ndescription: .+\n`));
  expect(statSync(join(folder, 'hooks/hooks.json')).mode & 0o444).toBe(0o444);
});

it('names no place of this machine when it is for colleagues', async () => {
  const { files } = unwrap(await makePlugin(deps, { folder, isShared: true }));
  for (const name of files) expect(read(name)).not.toMatch(/\/usr\/bin|\/opt\//);
  expect(read('hooks/hooks.json')).toContain('"session-log hook turn-end --agent claude-code"');
});

it('is brought up to date where it stands, and takes no folder that holds anything else', async () => {
  unwrap(await makePlugin(deps, { folder, isShared: false }));
  writeFileSync(join(folder, 'hooks/hooks.json'), '{}');
  writeFileSync(join(folder, 'README.md'), 'ours');
  unwrap(await makePlugin(deps, { folder, isShared: false }));
  expect(read('hooks/hooks.json')).toContain('turn-end');
  expect(read('README.md')).toBe('ours');
  for (const manifest of ['{"name":"another"}', 'no JSON']) {
    folder = join(world.home, `other-${manifest.length}`);
    mkdirSync(join(folder, '.claude-plugin'), { recursive: true });
    writeFileSync(join(folder, '.claude-plugin/plugin.json'), manifest);
    expect(await makePlugin(deps, { folder, isShared: false })).toMatchObject({
      ok: false,
      error: { code: 'attention', message: expect.stringContaining(folder) },
    });
    expect(read('.claude-plugin/plugin.json')).toBe(manifest);
  }
});
