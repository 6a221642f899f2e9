import { delimiter, join } from 'node:path';
import { expect, it } from 'vitest';
import { transcriptSources } from './transcript-sources.ts';

const files = { answers: async () => true };

it('looks in the usual folders of every agent, and first in those that the environment names', () => {
  const home = join('/', 'home', 'ada');
  const env = {
    CLAUDE_CONFIG_DIR: ['/team', '/own'].join(delimiter),
    CODEX_HOME: '/codex',
    XDG_DATA_HOME: '/xdg',
    XDG_CONFIG_HOME: '/config',
  };
  const roots = Object.fromEntries(
    transcriptSources(files, { env, home, workspaces: ['/repos/harbour'] }).map(({ agent, roots }) => [
      agent,
      roots,
    ]),
  );
  expect(roots['claude-code']).toEqual(['/team', '/own', join(home, '.claude')]);
  expect(roots['codex']).toEqual(['/codex', join(home, '.codex')]);
  expect(roots['gemini']).toEqual([join(home, '.gemini')]);
  expect(roots['opencode']).toEqual([join('/xdg', 'opencode'), join(home, '.local', 'share', 'opencode')]);
  expect(roots['cursor']).toEqual([
    join(home, '.cursor', 'projects'),
    join('/config', 'Cursor', 'User'),
    join(home, '.config', 'Cursor', 'User'),
    join(home, 'Library', 'Application Support', 'Cursor', 'User'),
  ]);
  expect(roots['aider']).toEqual(['/repos/harbour']);
});

it('looks nowhere where there is neither a home folder nor a name', () => {
  expect(transcriptSources(files, { env: {}, home: null }).flatMap(({ roots }) => roots)).toEqual([]);
});
