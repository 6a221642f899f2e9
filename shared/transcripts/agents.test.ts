import { expect, it } from 'vitest';
import { AGENT_NAMES, AGENTS, isSessionId, shortIds } from './agents.ts';

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

it('calls sessions by what tells them apart', () => {
  const ids = [
    'b86cc0a4-8dd9-4a88-a7dd-ea766ae3f226',
    'session-2026-01-10T10-00-faff42ab',
    'session-2026-01-10T10-00-f7633853',
    '20251020-170456-9ee7bc97',
    '20251020-181200-9ee7bc97',
  ];
  expect(ids.map(shortIds(ids))).toEqual([
    'b86cc0a4',
    'faff42ab',
    'f7633853',
    '20251020-170456',
    '20251020-181200',
  ]);
  expect(shortIds(['a', 'a'])('a')).toBe('a');
});
