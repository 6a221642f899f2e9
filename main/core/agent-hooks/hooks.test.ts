import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { createSaveWorld, type SaveWorld } from '../../testing/save-world.ts';
import { installHooks, removeHooks, type HooksChange, type HooksRequest } from './claude-hooks.ts';
import { hooksStatus } from './hooks-status.ts';
import { AGENT_COMMANDS } from './command-file.ts';
import { hookText } from './hook-text.ts';
import { hookEvents, hookWords } from './hook-words.ts';
import { isJsonProblem, parseJsonTree } from './json-edit.ts';
import { launcherOf, launcherWords } from '../launcher/launcher-words.ts';
import { textDiff } from './text-diff.ts';

const { put: withHooks, take: withoutHooks, find: findHooks } = hookText('claude-code');
const EVENTS = hookEvents('claude-code');
const LAUNCHER = '/usr/bin/node /opt/session-log/cli.js';

/** The plain JSON of a text with comments and trailing commas, by other means than the parser under test. */
function plainJson(text: string): string {
  return text
    .replace(/^\ufeff/, '')
    .replaceAll(/("(?:[^"\\]|\\.)*")|\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g, '$1')
    .replaceAll(/("(?:[^"\\]|\\.)*")|,(\s*[\]}])/g, '$1$2');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('settings.json with our hooks', () => {
  const settings = {
    'no file': null,
    'an empty file': '',
    'an empty object': '{}\n',
    'other settings': '{\n  "model": "opus",\n  "permissions": {\n    "allow": ["Bash(git:*)"]\n  }\n}\n',
    'four spaces and no last line break': '{\n    "model": "opus"\n}',
    tabs: '{\n\t"a": 1,\n\t"b": [ 1,2 ]\n}\n',
    'one line': '{"a":1, "b" : {"c":[]}}',
    'Windows line breaks': '{\r\n  "a": 1\r\n}\r\n',
    'a byte order mark': '\ufeff{\n  "a": 1\n}\n',
    'odd spacing': '{ "a" :1\n ,"z":{  } }\n',
    'hooks of others':
      '{\n  "hooks": {\n    "PreToolUse": [\n      { "matcher": "Bash", "hooks": [{ "type": "command", "command": "check.sh" }] }\n    ]\n  },\n  "after": true\n}\n',
    comments: '// mine\n{\n  // why\n  "a": 1, /* here */ "b": [1, 2] // last\n  // end\n}\n// behind\n',
    'a comment behind the last member': '{\r\n\t"a": {}, // one\r\n\t"b": {} // two\r\n}\r\n',
    'comments in one line': '{"a": 1 /* one */ , "b": 2 /* two */}',
    'trailing commas': '{\n  "a": [1, 2,],\n  "b": {"c": 1,},\n}\n',
    'a trailing comma and a comment behind it': '{\n\t"a": 1, // one\n\t// end\n}',
    'a trailing comma in one line': '{"a": 1, }',
    'an object that holds only a comment': '{\n  // nothing yet\n}\n',
    'hooks of others with comments':
      '{\n  "hooks": {\n    // before a tool\n    "PreToolUse": [], // none\n    "SessionStart": [\n      { "hooks": [{ "type": "command", "command": "// no comment", }] }, // mine\n    ],\n  },\n}\n',
    'a mark, tabs, Windows line breaks, comments and trailing commas at once':
      '\ufeff// top\r\n{\r\n\t"a": { /* none */ },\r\n\t"z": [ /* nothing */ ], // z\r\n}',
    'hooks of others for the same event':
      '{\n  "hooks": {\n    "SessionStart": [\n      {\n        "hooks": [\n          { "type": "command", "command": "other hook session-start" }\n        ]\n      }\n    ]\n  }\n}\n',
  };

  it.each(Object.entries(settings))(
    '%s: added once, nothing else changed, and gone without a trace',
    (_, text) => {
      const added = unwrap(withHooks(text, LAUNCHER));
      const plain = (json: string): Record<string, unknown> =>
        JSON.parse(plainJson(json)) as Record<string, unknown>;
      expect(unwrap(findHooks(added))).toEqual(
        EVENTS.map((event) => ({ event, command: `${LAUNCHER} ${hookWords('claude-code', event)}` })),
      );
      expect(plain(added)['hooks']).toMatchObject({
        SessionEnd: [{ hooks: [{ type: 'command', timeout: 10 }] }],
      });
      expect(unwrap(withHooks(added, LAUNCHER))).toBe(added);
      const removed = unwrap(withoutHooks(added));
      if (text) expect(removed).toBe(text);
      else expect(removed).toBe('{}\n');
    },
  );

  it('brings another path up to date in its place, and takes a double away', () => {
    const old = unwrap(withHooks('{\n  "a": 1\n}\n', '/old/node /old/cli.js'));
    expect(unwrap(withHooks(old, LAUNCHER))).toBe(old.replaceAll('/old/node /old/cli.js', LAUNCHER));
    const twice = JSON.parse(old) as { hooks: { SessionStart: unknown[] } };
    twice.hooks.SessionStart.push(...twice.hooks.SessionStart, {
      hooks: [{ type: 'command', command: 'mine' }],
    });
    const cleaned = unwrap(withHooks(JSON.stringify(twice), LAUNCHER));
    expect(unwrap(findHooks(cleaned))).toHaveLength(EVENTS.length);
    expect(cleaned).toContain('"mine"');
  });

  it.each([
    ['{', 1, 2],
    ['{\n  # why\n  "a": 1\n}', 2, 3],
    ['{\n  "a": 1 /* why\n}', 2, 10],
    ['{\n  "a": 1,,\n}', 2, 10],
    ['{\n  , "a": 1\n}', 2, 3],
    ['{"a": }', 1, 7],
    ['{"a": 1} x', 1, 10],
    ["{'a': 1}", 1, 2],
    ['{"a": 01}', 1, 8],
  ])('%j is reported with its place', (text, line, column) => {
    for (const result of [withHooks(text, LAUNCHER), withoutHooks(text), findHooks(text)])
      expect(result).toMatchObject({ ok: false, error: { code: 'corrupt', details: { line, column } } });
  });

  it.each([
    '[]',
    '"x"',
    '{"hooks": []}',
    '{"hooks": {"SessionStart": {}}}',
    '{"hooks": {"SessionEnd": "x"}}',
  ])('%s is not touched', (text) => {
    expect(withHooks(text, LAUNCHER)).toMatchObject({ ok: false, error: { code: 'attention' } });
  });

  it('reads what JSON.parse reads, and beyond that only comments and trailing commas', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.json().map((json) => json.replace(/[,:[\]{}"]/, '')),
          fc.string(),
        ),
        (text) => {
          const isRead = !isJsonProblem(parseJsonTree(text));
          expect(isRead, text).toBe(isJson(text) || (isRead && isJson(plainJson(text))));
        },
      ),
      { numRuns: 2_000 },
    );
    expect(isJsonProblem(parseJsonTree('['.repeat(100_000)))).toBe(true);
  });

  it('are taken out from between parts of others without their comments', () => {
    const added = unwrap(withHooks('{\n  "a": 1 // one\n}\n', LAUNCHER));
    const between = added
      .replace('"hooks": {', '// ours\n  "hooks": {')
      .replace(/\}\n\}\n$/, '}, // hooks end\n  // about z\n  "z": 2\n}\n');
    expect(unwrap(withoutHooks(between))).toBe(
      '{\n  "a": 1, // one\n  // ours\n   // hooks end\n  // about z\n  "z": 2\n}\n',
    );
    expect(unwrap(withoutHooks(added.replace('"a": 1, // one', '')))).toBe('{}\n');
  });

  it('any object with the hooks added and removed is the same text again', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string().filter((key) => key !== 'hooks'),
          fc.jsonValue(),
        ),
        fc.constantFrom<string | number | undefined>(undefined, 2, 4, '\t'),
        (value, indent) => {
          const text = JSON.stringify(value, null, indent);
          const added = unwrap(withHooks(text, LAUNCHER));
          const { hooks, ...rest } = JSON.parse(added) as Record<string, unknown>;
          expect(rest).toEqual(JSON.parse(text));
          expect(Object.keys(hooks as object)).toEqual(EVENTS);
          expect(unwrap(withoutHooks(added))).toBe(text);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a launcher', () => {
  it.each([
    [['/usr/bin/node', '/opt/a/cli.js'], '/usr/bin/node /opt/a/cli.js'],
    [['/Applications/My App/node', "/it's/cli.js"], "'/Applications/My App/node' '/it'\\''s/cli.js'"],
    [['/a/$(touch x)`y`/node'], "'/a/$(touch x)`y`/node'"],
  ])('%j is %s, and is read back', (argv, command) => {
    expect(launcherOf(argv, false)).toBe(command);
    expect(launcherWords(command)).toEqual(argv);
  });
  it('on Windows has forward slashes, which its sh understands', () => {
    expect(launcherOf(['C:\\Program Files\\nodejs\\node.exe', 'C:\\cli.js'], true)).toBe(
      "'C:/Program Files/nodejs/node.exe' C:/cli.js",
    );
  });
});

describe('hooks of a .claude folder', () => {
  let world: SaveWorld;
  let request: HooksRequest;
  beforeEach(() => {
    world = createSaveWorld();
    world.now = Date.UTC(2026, 5, 5, 17, 3, 9);
    request = {
      agent: 'claude-code',
      folder: join(world.home, 'claude'),
      launcher: LAUNCHER,
      backups: join(world.home, 'backups'),
      dryRun: false,
      force: false,
    };
  });
  afterEach(() => world.end());
  const file = (name: string): string => join(request.folder, name);
  const install = async (more: Partial<HooksRequest> = {}): Promise<HooksChange> =>
    unwrap(await installHooks(world.deps, { ...request, ...more }));
  const status = async (launcher = LAUNCHER) =>
    unwrap(await hooksStatus(world.deps, { ...request, launcher }));

  it('are made, found, made again without change, and removed', async () => {
    expect((await status()).state).toBe('absent');
    expect(await install()).toMatchObject({
      settings: { action: 'created', backup: null },
      commands: [{ action: 'created' }, { action: 'created' }],
    });
    expect(await status()).toMatchObject({
      state: 'installed',
      missing: ['/opt/session-log/cli.js'],
      commands: [
        { name: 'save', state: 'installed' },
        { name: 'sync', state: 'installed' },
      ],
    });
    const saveCommand = readFileSync(file('commands/save.md'), 'utf8');
    expect(saveCommand).toContain(`${LAUNCHER} save --session`);
    // A constant end mark could stand in the text, and what follows it would be run.
    expect(saveCommand.match(/SESSION_LOG_\S*/g)).toEqual(["SESSION_LOG_<word>'", 'SESSION_LOG_<word>']);
    expect(readFileSync(file('commands/sync.md'), 'utf8')).toContain(`\n${LAUNCHER} git-sync\n`);
    expect(await install()).toMatchObject({
      settings: { action: 'unchanged' },
      commands: [{ action: 'unchanged' }, { action: 'unchanged' }],
    });
    expect(await install({ launcher: '/new/node /new/cli.js' })).toMatchObject({
      settings: { action: 'changed' },
      commands: [{ action: 'changed' }, { action: 'changed' }],
    });
    expect(await status()).toMatchObject({
      state: 'outdated',
      commands: [{ state: 'outdated' }, { state: 'outdated' }],
    });
    expect(unwrap(await removeHooks(world.deps, request))).toMatchObject({
      settings: { action: 'removed' },
      commands: [{ action: 'removed' }, { action: 'removed' }],
    });
    expect(readdirSync(request.folder)).toEqual([]);
    expect(unwrap(await removeHooks(world.deps, request))).toMatchObject({
      settings: { action: 'unchanged' },
      commands: [{ action: 'unchanged' }, { action: 'unchanged' }],
    });
  });

  it('keep a copy of what they change, byte for byte, and its rights', async () => {
    mkdirSync(request.folder);
    const before = '{\r\n  "env": {"TOKEN": "x"}\r\n}';
    writeFileSync(file('settings.json'), before);
    chmodSync(file('settings.json'), 0o640);
    const { settings } = await install();
    expect(settings.backup).toBe(
      join(
        world.home,
        `backups/settings.json-20260605T170309Z-${world.deps.bytes.sha256(Buffer.from(before)).slice(0, 8)}`,
      ),
    );
    expect(readFileSync(settings.backup!, 'utf8')).toBe(before);
    expect(statSync(settings.backup!).mode & 0o777).toBe(0o600);
    expect(statSync(file('settings.json')).mode & 0o777).toBe(0o640);
  });

  it('show in a dry run what they would do, and do nothing', async () => {
    mkdirSync(request.folder);
    writeFileSync(file('settings.json'), '{\n  "a": 1\n}\n');
    const change = await install({ dryRun: true });
    expect(change.settings.diff).toContain('\n+   "hooks": {\n');
    expect(change.settings.diff).toContain('-   "a": 1\n');
    expect(change.commands).toMatchObject([{ action: 'created' }, { action: 'created' }]);
    expect(readFileSync(file('settings.json'), 'utf8')).toBe('{\n  "a": 1\n}\n');
    expect(readdirSync(world.home).toSorted()).toEqual(['claude']);
    expect(readdirSync(request.folder)).toEqual(['settings.json']);
  });

  it('leave malformed settings as they are, and the command unmade', async () => {
    mkdirSync(request.folder);
    for (const content of ['{ "a": 1 ]', 'x', '\ufeff']) {
      writeFileSync(file('settings.json'), content);
      if (content === '\ufeff') continue;
      expect(await installHooks(world.deps, request)).toMatchObject({
        ok: false,
        error: { code: 'corrupt', message: expect.stringContaining('settings.json: ') },
      });
      expect(await removeHooks(world.deps, request)).toMatchObject({ ok: false });
      expect(await hooksStatus(world.deps, request)).toMatchObject({ ok: false });
      expect(readFileSync(file('settings.json'), 'utf8')).toBe(content);
    }
    writeFileSync(file('settings.json'), new Uint8Array([0x7b, 0xff, 0x7d]));
    expect(await installHooks(world.deps, request)).toMatchObject({ ok: false, error: { code: 'corrupt' } });
    unlinkSync(file('settings.json'));
    writeFileSync(join(world.home, 'real.json'), '{}');
    symlinkSync(join(world.home, 'real.json'), file('settings.json'));
    expect(await installHooks(world.deps, request)).toMatchObject({
      ok: false,
      error: { code: 'attention', remedy: expect.stringContaining('--folder') },
    });
    expect(readdirSync(request.folder)).toEqual(['settings.json']);
  });

  describe.each(AGENT_COMMANDS)('with a /%s already there', (name) => {
    const path = `commands/${name}.md`;
    const at = AGENT_COMMANDS.indexOf(name);
    const state = async () => (await status()).commands[at]?.state;

    it("never replace one that is somebody else's or was changed, unless forced, and then keep it", async () => {
      mkdirSync(join(request.folder, 'commands'), { recursive: true });
      writeFileSync(file(path), 'my own');
      expect((await install()).commands[at]).toMatchObject({ action: 'kept', backup: null });
      expect(await state()).toBe('foreign');
      expect(unwrap(await removeHooks(world.deps, request)).commands[at]?.action).toBe('kept');
      expect(readdirSync(file('commands'))).toEqual([`${name}.md`]);
      const forced = await install({ force: true });
      expect(readFileSync(forced.commands[at]!.backup!, 'utf8')).toBe('my own');
      const text = readFileSync(file(path), 'utf8');
      writeFileSync(file(path), text.replace('description: ', 'description: My '));
      expect(await state()).toBe('edited');
      expect((await install({ launcher: '/new/node' })).commands[at]?.action).toBe('kept');
      writeFileSync(file(path), text.replaceAll('\n', '\r\n'));
      expect(await state()).toBe('installed');
      expect((await install()).commands[at]?.action).toBe('unchanged');
    });

    it('do not take the other command for this one', async () => {
      await install();
      const other = AGENT_COMMANDS.find((one) => one !== name)!;
      writeFileSync(file(path), readFileSync(file(`commands/${other}.md`)));
      expect(await state()).toBe('foreign');
    });
  });

  it.each([
    ['an empty object of hooks', '{\n  "hooks": {}\n}\n'],
    ['empty lists', '{\n  "hooks": {"SessionStart": [], "SessionEnd": [ ]}\n}\n'],
    [
      'the key twice, of which the last counts',
      '{\n  "hooks": {"Stop": [{"hooks": [{"type": "command", "command": "echo old"}]}]},\n  "model": "opus",\n  "hooks": {}\n}\n',
    ],
    ['an object of hooks that holds a comment', '{\r\n\t// mine\r\n\t"hooks": { /* none */ },\r\n}\r\n'],
    ['nothing', ''],
    ['an empty object', '{}'],
  ])('give back %s byte for byte', async (_, text) => {
    mkdirSync(join(request.folder, 'commands'), { recursive: true });
    writeFileSync(file('commands/mine.md'), 'mine');
    writeFileSync(file('settings.json'), text);
    await install({ launcher: '/old/node /old/cli.js' });
    world.now! += 5_000;
    await install();
    expect(unwrap(await removeHooks(world.deps, request)).settings.action).toBe('changed');
    expect(readFileSync(file('settings.json'), 'utf8')).toBe(text);
    expect(readdirSync(file('commands'))).toEqual(['mine.md']);
  });

  it('keep what was changed since, and the shadowed key in its shadow, when they go', async () => {
    mkdirSync(request.folder);
    writeFileSync(file('settings.json'), '{"hooks": {"Stop": []}, "model": "opus", "hooks": {}}');
    await install();
    const text = readFileSync(file('settings.json'), 'utf8').replace('opus', 'haiku');
    writeFileSync(file('settings.json'), text);
    unwrap(await removeHooks(world.deps, request));
    expect(readFileSync(file('settings.json'), 'utf8')).toBe(
      '{"hooks": {"Stop": []}, "model": "haiku", "hooks": {}}',
    );
  });
});

describe('a difference', () => {
  it('shows what changes and a little around it', () => {
    const lines = (from: number, to: number): string =>
      Array.from({ length: to - from + 1 }, (_, n) => `line ${from + n}\n`).join('');
    expect(textDiff(lines(1, 20), `${lines(1, 9)}new\n${lines(11, 20)}`)).toBe(
      '  line 7\n  line 8\n  line 9\n- line 10\n+ new\n  line 11\n  line 12\n  line 13',
    );
    expect(textDiff('a\n', 'a\n')).toBe('');
    expect(textDiff('', 'a\n')).toBe('+ a');
  });
});
