import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { createSaveWorld, type SaveWorld } from '../../testing/save-world.ts';
import { mcpState, registerMcp, unregisterMcp, type McpPlace, type McpRequest } from './mcp-registration.ts';
import { withTomlServer, withoutTomlServer } from './toml-block.ts';

const WORDS = ['/usr/bin/node', '/opt/session-log/cli.js'];

let world: SaveWorld;
let root: string;
beforeEach(() => {
  world = createSaveWorld();
  root = mkdtempSync(join(tmpdir(), 'session-log-agents-'));
});
afterEach(() => {
  world.end();
  rmSync(root, { recursive: true, force: true });
});

const FILES: Readonly<Record<McpPlace['agent'], readonly (string | null)[]>> = {
  'claude-code': [
    null,
    '',
    '{}\n',
    '{\n  "numStartups": 12,\n  "projects": {\n    "/a": { "mcpServers": {} }\n  }\n}\n',
    '{"a":1, "mcpServers" : {"other":{"command":"x","args":["mcp"]}}}',
    '{\r\n\t"mcpServers": {},\r\n\t"z": [1,2]\r\n}',
  ],
  gemini: [null, '{\n  // mine\n  "theme": "dark",\n  "mcpServers": { "a": { "command": "b" }, },\n}\n'],
  codex: [
    null,
    'model = "o"\n',
    'model = "o"',
    '[mcp_servers.other]\r\ncommand = "x"\r\n\r\n\r\n',
    '# session-log: nothing here\n[tools]\nweb = true\n\n',
  ],
};
const CASES = Object.entries(FILES).flatMap(([agent, texts]) =>
  texts.map((text): [McpPlace['agent'], string | null] => [agent as McpPlace['agent'], text]),
);

function requestFor(agent: McpPlace['agent'], text: string | null): McpRequest {
  const path = join(root, agent === 'codex' ? 'config.toml' : 'settings.json');
  if (text !== null) writeFileSync(path, text);
  return { place: { agent, path }, words: WORDS, backups: join(root, 'backups'), dryRun: false };
}

const textAt = (path: string): string | null => (existsSync(path) ? readFileSync(path, 'utf8') : null);

describe('registering session-log mcp', () => {
  it.each(['claude-code', 'codex', 'gemini'] as const)(
    'takes it out of the file of %s whole, however often its path was brought up to date',
    async (agent) => {
      const request = requestFor(agent, null);
      for (const cli of ['/opt/first/cli.js', '/opt/second/cli.js', '/opt/session-log/cli.js'])
        unwrap(await registerMcp(world.deps, { ...request, words: ['/usr/bin/node', cli] }));
      unwrap(await unregisterMcp(world.deps, request));
      expect(textAt(request.place.path) ?? '').not.toContain('cli.js');
      expect(await mcpState(world.deps, request.place, WORDS)).toBe('absent');
    },
  );

  it.each(CASES)('with %s in %j: added once, and gone to the byte', async (agent, text) => {
    const request = requestFor(agent, text);
    const { path } = request.place;
    const dry = unwrap(await registerMcp(world.deps, { ...request, dryRun: true }));
    expect([dry.action, textAt(path)]).toEqual([text === null ? 'created' : 'changed', text]);
    expect(dry.diff).toContain('mcp');
    unwrap(await registerMcp(world.deps, request));
    const added = textAt(path) ?? '';
    expect(added).toContain('/opt/session-log/cli.js');
    if (agent === 'codex') expect(added.startsWith(text ?? '')).toBe(true);
    expect(await mcpState(world.deps, request.place, WORDS)).toBe('registered');
    expect(unwrap(await registerMcp(world.deps, request)).action).toBe('unchanged');
    unwrap(await unregisterMcp(world.deps, { ...request, words: [] }));
    expect(textAt(path)).toBe(text);
    expect(await mcpState(world.deps, request.place, WORDS)).toBe('absent');
    expect(unwrap(await unregisterMcp(world.deps, request)).action).toBe('unchanged');
  });

  it.each(['claude-code', 'codex'] as const)(
    'takes only its own part out of the file of %s when somebody changed it meanwhile',
    async (agent) => {
      const request = requestFor(agent, agent === 'codex' ? 'model = "o"\n' : '{\n  "a": 1\n}\n');
      unwrap(await registerMcp(world.deps, request));
      const { path } = request.place;
      const mine = agent === 'codex' ? '\n[later]\nx = 1\n' : '';
      const changed = agent === 'codex' ? `${textAt(path)}${mine}` : (textAt(path) ?? '').replace('1', '22');
      writeFileSync(path, changed);
      unwrap(await unregisterMcp(world.deps, request));
      expect(textAt(path)).toBe(
        agent === 'codex' ? `model = "o"\n${mine}` : '{\n  "a": 22,\n  "mcpServers": {}\n}\n',
      );
    },
  );

  it.each(['claude-code', 'codex'] as const)(
    'brings another path in the file of %s up to date',
    async (agent) => {
      const request = requestFor(agent, null);
      unwrap(await registerMcp(world.deps, { ...request, words: ['/old/session-log'] }));
      expect(await mcpState(world.deps, request.place, WORDS)).toBe('outdated');
      expect(unwrap(await registerMcp(world.deps, request)).action).toBe('changed');
      expect(await mcpState(world.deps, request.place, WORDS)).toBe('registered');
      expect(textAt(request.place.path)).not.toContain('/old/');
    },
  );

  it('keeps what a person added to the entry, and another server of that name', async () => {
    const request = requestFor('claude-code', null);
    const own = { command: '/old', args: ['mcp'], env: { A: 'b' } };
    writeFileSync(request.place.path, JSON.stringify({ mcpServers: { 'session-log': own } }));
    unwrap(await registerMcp(world.deps, request));
    expect(textAt(request.place.path)).toContain('"env":{"A":"b"}');
    for (const [agent, text] of [
      ['gemini', '{"mcpServers":{"session-log":{"httpUrl":"https://a.example"}}}'],
      ['codex', '[mcp_servers."session-log"]\nurl = "https://a.example"\n'],
    ] as const) {
      const foreign = requestFor(agent, text);
      expect(unwrap(await registerMcp(world.deps, foreign)).action).toBe('kept');
      expect(unwrap(await unregisterMcp(world.deps, foreign)).action).toBe('unchanged');
      expect(textAt(foreign.place.path)).toBe(text);
    }
  });

  it.each([
    ['claude-code', '{"a":', 'corrupt'],
    ['claude-code', '{"mcpServers":[]}', 'attention'],
    ['claude-code', '[]', 'attention'],
    ['codex', 'mcp_servers = { a = { command = "b" } }\n', 'attention'],
  ] as const)('leaves a file of %s alone that reads %s', async (agent, text, code) => {
    const request = requestFor(agent, text);
    expect(await registerMcp(world.deps, request)).toMatchObject({ ok: false, error: { code } });
    expect(textAt(request.place.path)).toBe(text);
  });
});

describe('the block in a TOML file', () => {
  it('comes out of any file as it went in', () => {
    const line = fc.constantFrom('', '[a]', 'b = "c"', '# session-log', 'x = """', '[mcp_servers.z]');
    const file = fc.tuple(fc.array(line), fc.constantFrom('\n', '\r\n'), fc.boolean());
    fc.assert(
      fc.property(file, fc.string(), ([lines, feed, ends], word) => {
        const text = lines.join(feed) + (ends ? feed : '');
        const added = withTomlServer(text, 'session-log', word, [word]);
        expect(typeof added === 'string' && withoutTomlServer(added, 'session-log')).toBe(text);
      }),
    );
  });

  it('does not take out what somebody wrote between its marks', () => {
    const added = withTomlServer('', 'session-log', 'a', []);
    if (typeof added !== 'string') throw new Error('nothing was added');
    const more = added.replace('# session-log: end', '[mine]\nx = 1\n# session-log: end');
    expect(withoutTomlServer(more, 'session-log')).toMatchObject({ problem: 'attention' });
  });
});
