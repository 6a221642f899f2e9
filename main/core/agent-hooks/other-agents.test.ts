import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { createSaveWorld, type SaveWorld } from '../../testing/save-world.ts';
import { installHooks, removeHooks, type HooksRequest } from './claude-hooks.ts';
import type { HookAgent } from '../../../shared/transcripts/agents.ts';
import { hookEvents, hookWords } from './hook-words.ts';
import { hookPath, hooksStatus } from './hooks-status.ts';
import { registerMcp, unregisterMcp } from './mcp-registration.ts';

const LAUNCHER = "/usr/bin/node '/opt/session log/cli.js'";

let world: SaveWorld;
beforeEach(() => {
  world = createSaveWorld();
});
afterEach(() => world.end());

const requestOf = (agent: HookAgent, launcher = LAUNCHER): HooksRequest => ({
  agent,
  folder: join(world.home, agent),
  launcher,
  backups: join(world.home, 'backups'),
  dryRun: false,
  force: false,
});
const install = async (agent: HookAgent, launcher = LAUNCHER) =>
  unwrap(await installHooks(world.deps, requestOf(agent, launcher)));
const remove = async (agent: HookAgent) => unwrap(await removeHooks(world.deps, requestOf(agent)));
const status = async (agent: HookAgent) => unwrap(await hooksStatus(world.deps, requestOf(agent)));
const text = (agent: HookAgent): string => readFileSync(hookPath(requestOf(agent)), 'utf8');
function write(agent: HookAgent, content: string): void {
  const path = hookPath(requestOf(agent));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Files of people who have hooks of their own, in the shapes that each agent documents. */
const OWN: Readonly<Record<Exclude<HookAgent, 'claude-code'>, readonly string[]>> = {
  codex: [
    'model = "gpt-6"\n\n[tui]\nnotifications = true\n',
    '\ufeff# mine\r\nmodel = "gpt-6"\r\n',
    'model = "gpt-6"',
    '',
  ],
  gemini: [
    '{\n  "hooks": {\n    "AfterAgent": [\n      { "matcher": "*", "hooks": [{ "type": "command", "command": "say done" }] }\n    ]\n  }\n}\n',
    '// mine\n{\n\t"theme": "dark", // why\n}\n',
  ],
  copilot: ['{"version":1,"hooks":{"agentStop":[{"type":"command","bash":"say done"}]}}'],
  cursor: [
    '{\n  "version": 1,\n  "hooks": {\n    "stop": [{ "command": "./audit.sh" }],\n    "afterFileEdit": [{ "command": "./format.sh" }]\n  }\n}\n',
    '{ "version": 1, "hooks": {} }',
  ],
};

describe.each(Object.keys(OWN) as (keyof typeof OWN)[])('hooks of %s', (agent) => {
  it('are made, found, made again without change, brought up to date and removed', async () => {
    expect((await status(agent)).state).toBe('absent');
    expect(await install(agent, '/old/node /old/cli.js')).toMatchObject({
      settings: { action: 'created' },
      commands: [],
    });
    expect((await status(agent)).state).toBe('outdated');
    expect((await install(agent)).settings.action).toBe('changed');
    expect(text(agent)).not.toContain('/old/');
    expect(await status(agent)).toMatchObject({
      state: 'installed',
      hooks: hookEvents(agent).map((event) => ({
        event,
        command: `${LAUNCHER} ${hookWords(agent, event)}`,
      })),
      missing: ['/opt/session log/cli.js'],
    });
    expect((await install(agent)).settings.action).toBe('unchanged');
    expect((await remove(agent)).settings.action).toBe('removed');
    expect(readdirSync(join(world.home, agent))).toEqual([]);
    expect((await remove(agent)).settings.action).toBe('unchanged');
  });

  it.each(OWN[agent].map((own) => [own]))(
    'stand beside what a person has, and leave it as it was: %j',
    async (own) => {
      write(agent, own);
      await install(agent);
      for (const [word] of own.matchAll(/say done|\w+\.sh|gpt-6|mine|why/g))
        expect(text(agent)).toContain(word);
      expect((await status(agent)).state).toBe('installed');
      await remove(agent);
      expect(text(agent)).toBe(own);
    },
  );
});

describe('Codex, which has room for one program', () => {
  it.each(['notify = ["say", "done"]\n', 'model = "x"\n  "notify"= [\n "say" ]\n'])(
    'keeps another: %j',
    async (own) => {
      write('codex', own);
      expect(await installHooks(world.deps, requestOf('codex'))).toMatchObject({
        ok: false,
        error: { code: 'attention', message: expect.stringContaining('config.toml') },
      });
      expect(text('codex')).toBe(own);
    },
  );

  it('is given it in front of every table, in its own line breaks, as an array of words', async () => {
    write('codex', 'model = "x"\r\n[tui]\r\nnotifications = true\r\n');
    await install('codex');
    expect(text('codex')).toBe(
      'notify = ["/usr/bin/node", "/opt/session log/cli.js", "hook", "turn-end", "--agent", "codex"]\r\nmodel = "x"\r\n[tui]\r\nnotifications = true\r\n',
    );
  });

  it('has its tools in the same file, and either can go first', async () => {
    const own = 'model = "x"\n';
    const place = { agent: 'codex', path: hookPath(requestOf('codex')) } as const;
    const tools = { place, words: ['/opt/session-log'], backups: join(world.home, 'backups'), dryRun: false };
    for (const isToolsFirst of [true, false]) {
      write('codex', own);
      await install('codex');
      unwrap(await registerMcp(world.deps, tools));
      if (isToolsFirst) unwrap(await unregisterMcp(world.deps, tools));
      await remove('codex');
      unwrap(await unregisterMcp(world.deps, tools));
      expect(text('codex')).toBe(own);
    }
  });
});

it('Copilot CLI is told how to start it from PowerShell, too', async () => {
  await install('copilot');
  expect(JSON.parse(text('copilot'))).toMatchObject({
    version: 1,
    hooks: {
      sessionEnd: [
        {
          type: 'command',
          bash: `${LAUNCHER} hook session-end --agent copilot`,
          powershell: `& ${LAUNCHER} hook session-end --agent copilot`,
        },
      ],
    },
  });
});
