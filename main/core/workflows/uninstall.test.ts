import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { appError } from '../../../shared/app-error.ts';
import { err, ok, unwrap } from '../../../shared/result.ts';
import { createFolderCopies } from '../../adapters/disk/folder-copies.ts';
import { createNodeFiles, replaceNow } from '../../adapters/disk/node-files.ts';
import { createJsonSettings } from '../../adapters/settings/json-settings.ts';
import { createNodeClock } from '../../adapters/system/node-clock.ts';
import { createNodeDigest } from '../../adapters/system/node-digest.ts';
import { onPosix } from '../../testing/only.ts';
import { claudeServers, projectServers } from '../launcher/mcp-places.ts';
import { registerMcp } from '../agent-hooks/mcp-registration.ts';
import { installHooks } from '../agent-hooks/claude-hooks.ts';
import { commandLineFindings } from '../install/command-line-findings.ts';
import { installCommandLine, type CommandLinePlace } from '../install/command-line.ts';
import { hookPlacesOf, uninstall, type UninstallDeps } from './uninstall.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'uninstall-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const at = (...names: string[]): string => join(root, ...names);

function write(path: string, text = ''): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function machine(kind: CommandLinePlace['kind'] = 'app'): UninstallDeps {
  const files = createNodeFiles();
  const bytes = createNodeDigest();
  for (const file of ['app/bin/node', 'app/out/main/cli.js']) write(at(file));
  return {
    files,
    bytes,
    clock: createNodeClock(),
    commandLine: {
      files,
      bytes,
      copies: createFolderCopies(at('copies')),
      place: {
        kind,
        program: { node: at('app/bin/node'), cli: at('app/out/main/cli.js') },
        version: '1.0.0',
        moves: false,
        launcher: at('bin/session-log'),
        system: [],
        searchPath: [],
        windows: false,
      },
    },
    settings: createJsonSettings(at('data'), replaceNow),
    schedule: null,
    paths: {
      agents: hookPlacesOf(
        [
          { agent: 'claude-code', folder: at('user/.claude') },
          { agent: 'cursor', folder: at('user/.cursor') },
        ],
        [at('team')],
      ),
      servers: [claudeServers(at('user/.claude')), ...projectServers(at('team'))],
      loginEntry: at('autostart/session-log.desktop'),
      backups: at('data/backups'),
      data: [
        { path: at('data/session-logs'), what: 'your logs' },
        { path: at('data/unsaved'), what: 'texts of saves that failed' },
      ],
    },
  };
}

/** Everything that Session Log can have put somewhere. */
async function joinEverything(deps: UninstallDeps): Promise<void> {
  for (const place of deps.paths.agents) {
    if (place.agent === 'claude-code') write(join(place.folder, 'settings.json'), '{ "model": "opus" }\n');
    const request = {
      ...place,
      launcher: '/x/session-log',
      backups: deps.paths.backups,
      dryRun: false,
      force: false,
    };
    unwrap(await installHooks(deps, request));
  }
  write(at('team/.mcp.json'), '{ "mcpServers": {} }\n');
  for (const place of deps.paths.servers) {
    const registration = { place, words: ['/x/session-log'], backups: deps.paths.backups, dryRun: false };
    if (place.agent !== 'gemini') unwrap(await registerMcp(deps, registration));
  }
  unwrap(await installCommandLine(deps.commandLine));
  write(at('autostart/session-log.desktop'));
  write(at('data/session-logs/2026-01-01-a.md'), '# A\n');
  const settings = unwrap(deps.settings.get());
  unwrap(deps.settings.set({ ...settings, app: { ...settings.app, launchAtLogin: true } }));
}

onPosix.it('takes off all that it has put somewhere, and no log', async () => {
  const deps = machine();
  await joinEverything(deps);
  const report = await uninstall(deps, false);
  expect(report.parts.map(({ part, action }) => `${part} ${action}`)).toEqual([
    ...['changed', 'removed', 'removed'].map((action) => `hooks ${action}`),
    'hooks removed',
    ...['changed', 'removed', 'removed'].map((action) => `hooks ${action}`),
    // The servers of ~/.claude.json, .mcp.json and .codex/config.toml.
    ...['removed', 'changed', 'removed'].map((action) => `hooks ${action}`),
    'login removed',
    'login removed',
    'command removed',
  ]);
  expect(existsSync(at('user/.cursor/hooks.json'))).toBe(false);
  for (const folder of [at('user/.claude'), at('team/.claude')]) {
    expect(readFileSync(join(folder, 'settings.json'), 'utf8')).toBe('{ "model": "opus" }\n');
    expect(existsSync(join(folder, 'commands'))).toBe(false);
  }
  expect(readFileSync(at('team/.mcp.json'), 'utf8')).toBe('{ "mcpServers": {} }\n');
  expect(existsSync(at('user/.claude.json'))).toBe(false);
  expect(existsSync(at('bin/session-log'))).toBe(false);
  expect(existsSync(at('autostart/session-log.desktop'))).toBe(false);
  expect(unwrap(deps.settings.get()).app.launchAtLogin).toBe(false);
  expect(readFileSync(at('data/session-logs/2026-01-01-a.md'), 'utf8')).toBe('# A\n');
  expect(report.stays).toEqual([{ path: at('data/session-logs'), what: 'your logs' }]);
  expect((await uninstall(deps, false)).parts).toEqual([]);
});

onPosix.it('changes nothing when it only shows what would go', async () => {
  const deps = machine();
  await joinEverything(deps);
  const shown = await uninstall(deps, true);
  expect(await uninstall(deps, true)).toEqual(shown);
  expect(shown.parts).toHaveLength(13);
  expect((await uninstall(deps, false)).parts).toEqual(shown.parts);
});

onPosix.it('goes on when a part fails, leaves what is not ours, and says both', async () => {
  const deps = machine('npm');
  await joinEverything(deps);
  const [user, team] = [at('user/.claude'), at('team/.claude')];
  write(join(user, 'settings.json'), '{ not json');
  write(join(team, 'commands/save.md'), 'my own save\n');
  write(at('bin/session-log'), '#!/bin/sh\necho mine\n');
  const schedule = { remove: async () => err(appError('denied', 'No timers for you.', 'Ask the admin.')) };
  const { parts, program } = await uninstall({ ...deps, schedule }, false);
  expect(parts.map(({ place, action }) => [place.replace(root, ''), action])).toEqual([
    ['/user/.claude', 'failed'],
    ['/user/.cursor/hooks.json', 'removed'],
    ['/team/.claude/settings.json', 'changed'],
    ['/team/.claude/commands/save.md', 'kept'],
    ['/team/.claude/commands/sync.md', 'removed'],
    ['/user/.claude.json', 'removed'],
    ['/team/.mcp.json', 'changed'],
    ['/team/.codex/config.toml', 'removed'],
    ['schedule', 'failed'],
    ['setting app.launchAtLogin', 'removed'],
    ['/autostart/session-log.desktop', 'removed'],
  ]);
  expect(readFileSync(at('bin/session-log'), 'utf8')).toContain('echo mine');
  expect(program).toBe('npm uninstall -g session-log');
});

onPosix.it('removes the timers that the schedule names', async () => {
  const schedule = { remove: async () => ok(['session-log-push.timer']) };
  const { parts } = await uninstall({ ...machine(), schedule }, false);
  expect(parts).toEqual([{ part: 'schedule', place: 'session-log-push.timer', action: 'removed' }]);
});

onPosix.it('is found by doctor when the launcher outlives the app, whoever asks', async () => {
  const { commandLine } = machine();
  expect(await commandLineFindings(commandLine)).toMatchObject([{ level: 'hint' }]);
  await installCommandLine(commandLine);
  expect(await commandLineFindings(commandLine)).toMatchObject([{ level: 'ok' }]);
  rmSync(at('app'), { recursive: true });
  for (const kind of ['app', 'npm', 'source'] as const)
    expect(
      await commandLineFindings({ ...commandLine, place: { ...commandLine.place, kind } }),
    ).toMatchObject([
      { level: 'problem', subject: 'command line', remedy: expect.stringContaining('session-log uninstall') },
    ]);
});
