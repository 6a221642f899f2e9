import { delimiter } from 'node:path';
import { expect, it } from 'vitest';
import { ok } from '../../shared/result.ts';
import { agentFolder } from './agent-folders.ts';

it.each([
  ['claude-code', { CLAUDE_CONFIG_DIR: '/own' }, '/own'],
  ['claude-code', { CLAUDE_CONFIG_DIR: ['/team', '/own'].join(delimiter) }, '/team'],
  ['claude-code', { CLAUDE_CONFIG_DIR: `${delimiter}/own` }, '/own'],
  ['codex', { CODEX_HOME: '/codex' }, '/codex'],
  ['codex', { CODEX_HOME: ['/codex', '/other'].join(delimiter) }, '/codex'],
  ['copilot', { COPILOT_HOME: '/copilot' }, '/copilot'],
] as const)('%s keeps its settings where %j says', (agent, env, folder) => {
  expect(agentFolder(agent, env)).toEqual(ok(folder));
});
