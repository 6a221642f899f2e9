import { expect, it } from 'vitest';
import { AGENT_NAMES, AGENTS, isSessionId } from './agents.ts';

it('has a name for every agent', () => {
  expect(AGENTS.map((agent) => AGENT_NAMES[agent])).not.toContain(undefined);
});

it.each(['019c8a4c-1111-7abc-8def-0123456789ab', 'ses_4f2Ab', 'agent-a2898e3', 'T-1.2'])(
  'takes %s as an id',
  (id) => expect(isSessionId(id)).toBe(true),
);

it.each(['', '.', '..', 'a..b', '../x', 'a/b', 'a\\b', '.a', 'a.', 'a b', 'C:', 'é', 'a\n', 'x'.repeat(129)])(
  'takes %j as none',
  (id) => expect(isSessionId(id)).toBe(false),
);
