import { expect, it } from 'vitest';
import { appError } from '../../../shared/app-error.ts';
import type { AgentState } from '../agent-hooks/agent-state.ts';
import { setupFindings } from './setup-findings.ts';

const EVE = { name: 'Eve Ng', user: 'eve', email: '' };
const AGENT: AgentState = {
  agent: 'claude-code',
  name: 'Claude Code',
  folder: '/home/eve/.claude',
  isFound: true,
  state: 'connected',
  hooks: null,
  problem: null,
};

it('names the step that is missing, and none when all is done', () => {
  const levels = (...args: Parameters<typeof setupFindings>) =>
    setupFindings(...args).map(({ level, remedy }) => [level, remedy]);
  expect(levels(EVE, AGENT)).toEqual([
    ['ok', ''],
    ['ok', ''],
  ]);
  expect(levels({ ...EVE, user: '' }, { ...AGENT, state: 'not-connected' })).toEqual([
    ['hint', 'session-log whoami --set "Full Name"'],
    ['hint', 'session-log hooks install'],
  ]);
  expect(levels(EVE, { ...AGENT, state: 'not-connected', isFound: false })).toHaveLength(1);
  expect(levels(EVE, null)).toHaveLength(1);
  const problem = appError('corrupt', 'settings.json is no JSON.', 'Correct it.');
  expect(levels(EVE, { ...AGENT, state: 'broken', problem })[1]).toEqual(['problem', 'Correct it.']);
  expect(levels(EVE, { ...AGENT, state: 'broken' })[1]).toEqual(['problem', 'session-log hooks install']);
});
