import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSeededRandom } from '../../main/testing/seeded-random.ts';
import { claudeWriter } from '../../main/testing/transcripts/write-claude-code.ts';
import { builtProgram, envelopeOf, runBuilt } from './built-cli.ts';

let root: string;
let home: string;
let store: string;
let environment: Record<string, string>;

beforeEach(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'hook-drain-')));
  [home, store] = [join(root, 'home'), join(root, 'store')];
  mkdirSync(join(home, 'session-logs'), { recursive: true });
  mkdirSync(store);
  environment = { SESSION_LOG_HOME: home };
  for (const [key, value] of [
    ['store.tenant', 'team'],
    ['store.url', pathToFileURL(store).href],
  ] as const)
    await cli('config', 'set', key, value);
});
// The drain of a test may still be closing its files.
afterEach(() => rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }));

const cli = (...args: string[]) => runBuilt('cli.js', args, { cwd: root, env: environment });
const hook = (event: string) =>
  runBuilt('cli.js', ['hook', event, '--agent', 'claude-code'], { cwd: root, env: environment, input: '{}' });

/** Resolves when something changed below a folder made the condition true; the event is waited for, not a time. */
function happens(folder: string, condition: () => boolean): Promise<void> {
  return new Promise((settle) => {
    const watching = watch(folder, { recursive: true }, look);
    function look(): void {
      if (!condition()) return;
      watching.close();
      settle();
    }
    look();
  });
}

function write(name: string): void {
  writeFileSync(join(home, 'session-logs', name), `# ${name}\n`);
}

function stored(name: string): boolean {
  return readdirSync(store, { recursive: true }).some((path) => String(path).endsWith(`/${name}`));
}

const queued = (): readonly string[] =>
  readdirSync(join(home, 'state')).filter((name) => /^queue.*\.jsonl$/.test(name));

describe('the hook at the end of a session that is kept', () => {
  it('leaves a log of it, from the payload that the agent gives', async () => {
    const writer = claudeWriter(createSeededRandom(1), '2.1.284', { cwd: root });
    writer.prompt('Fix the lookup of internal names.');
    writer.command('npm test', 'ok');
    const [folder, logs] = [join(root, '.claude/projects/-x'), join(home, 'session-logs')];
    mkdirSync(folder, { recursive: true });
    const transcript = join(folder, `${writer.session}.jsonl`);
    writeFileSync(transcript, writer.text());
    environment = { ...environment, HOME: root, USERPROFILE: root };
    await cli('config', 'set', 'capture.mode', 'on');
    const payload = { session_id: writer.session, transcript_path: transcript, cwd: root };
    const ended = await runBuilt('cli.js', ['hook', 'session-end', '--agent', 'claude-code'], {
      cwd: root,
      env: environment,
      input: JSON.stringify(payload),
    });
    expect(ended).toEqual({ code: 0, out: '', err: '' });
    await happens(logs, () =>
      readdirSync(logs, { recursive: true }).some((name) => String(name).endsWith('internal-names.md')),
    );
  });
});

describe('hooks of several agents', () => {
  const hooks = (...words: string[]) =>
    runBuilt('cli.js', ['hooks', ...words], {
      cwd: root,
      env: { ...environment, HOME: root, USERPROFILE: root },
    });
  const codex = (): string => readFileSync(join(root, '.codex', 'config.toml'), 'utf8');

  it('are offered where an agent has worked, shown before they are made, and leave the file as it was', async () => {
    mkdirSync(join(root, '.codex'));
    const own = '# mine\nmodel = "gpt-6"\n';
    writeFileSync(join(root, '.codex', 'config.toml'), own);
    const { out } = await hooks('install');
    expect(out).toContain('Codex is here, too: session-log hooks install --agent codex');
    expect(out).not.toContain('Cursor');
    const shown = await hooks('install', '--agent', 'codex', '--dry-run');
    expect([shown.out.includes('+ notify = ['), codex()]).toEqual([true, own]);
    expect((await hooks('install', '--agent', 'codex')).out).toContain('without being asked for trust');
    expect(codex()).toMatch(/^notify = .*\n# mine\nmodel = "gpt-6"\n$/);
    expect((await hooks('status', '--agent', 'codex')).out).toContain('config.toml: installed');
    expect((await hooks('remove', '--agent', 'codex')).code).toBe(0);
    expect(codex()).toBe(own);
    expect((await hooks('install', '--agent', 'vim')).code).toBe(64);
    expect((await hooks('install', '--agent', 'codex', '--project')).code).toBe(64);
  });
});

describe('the hook at the end of a turn', () => {
  const turn = (agent: string, input: string, ...more: string[]) =>
    runBuilt('cli.js', ['hook', 'turn-end', '--agent', agent, ...more], {
      cwd: root,
      env: environment,
      input,
    });
  const SILENT = { code: 0, out: '', err: '' };
  const ID = '6f9a1c1e-0000-4000-8000-000000000001';
  const queue = (): string => readFileSync(join(home, 'state', 'queue.jsonl'), 'utf8');
  beforeEach(() => {
    mkdirSync(join(home, 'state'), { recursive: true });
    writeFileSync(join(home, 'state', 'pause.json'), JSON.stringify({ schema: 1, until: null }));
  });

  it('asks for nothing while no sessions are kept', async () => {
    expect(await turn('claude-code', JSON.stringify({ session_id: ID, transcript_path: '/x' }))).toEqual(
      SILENT,
    );
    expect(queued()).toEqual([]);
  });

  it('names the session, whether the agent says it on standard input or as the last word', async () => {
    await cli('config', 'set', 'capture.mode', 'rescue');
    const said = { session_id: ID, transcript_path: '/x', last_assistant_message: 'x'.repeat(200_000) };
    expect(await turn('claude-code', JSON.stringify(said))).toEqual(SILENT);
    const notify = { type: 'agent-turn-complete', 'thread-id': ID, 'last-assistant-message': 'Done.' };
    expect(await turn('codex', '', JSON.stringify(notify))).toEqual(SILENT);
    expect(queue().match(/"agent":"(?:claude-code|codex)"/g)).toHaveLength(2);
  });

  it('is silent and asks for nothing, whatever is said to it', async () => {
    await cli('config', 'set', 'capture.mode', 'on');
    const cases: readonly (readonly [agent: string, input: string])[] = [
      ['claude-code', `{"session_id":"${ID}","x":"${'x'.repeat(50_000_000)}"}`],
      ['gemini', '{"session_id"'],
      ['claude-code', JSON.stringify({ conversation_id: ID, cursor_version: '3' })],
      ['copilot', '{"sessionId":"../../.ssh/id"}'],
      ['__proto__', '{"session_id":"a"}'],
    ];
    const ends = await Promise.all(cases.map(([agent, input]) => turn(agent, input)));
    expect(ends).toEqual(cases.map(() => SILENT));
    expect(queued()).toEqual([]);
  });
});

describe('the hook at the end of a session, on a machine without the app', () => {
  it('ends at once, says nothing, and the log is in the store a moment later', async () => {
    write('2026-01-06-hal-end.md');
    const before = performance.now();
    expect(await hook('session-end')).toEqual({ code: 0, out: '', err: '' });
    // Its own limit is 200 ms; the rest is what a loaded machine needs to start a process.
    expect(performance.now() - before).toBeLessThan(2_000);
    await happens(store, () => stored('2026-01-06-hal-end.md'));
    await happens(join(home, 'state'), () => queued().length === 0);
  });

  it('starts what outlives the agent’s process group', async () => {
    write('2026-01-06-hal-group.md');
    const agent = spawn(
      '/bin/sh',
      [
        '-c',
        '"$0" "$1" hook session-end --agent claude-code; echo over; sleep 600',
        process.execPath,
        builtProgram(),
      ],
      {
        cwd: root,
        env: { ...process.env, ...environment },
        detached: true,
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    await once(agent.stdout, 'data');
    process.kill(-(agent.pid ?? 0), 'SIGKILL');
    await happens(store, () => stored('2026-01-06-hal-group.md'));
  });

  it('does what ten sessions that end together ask for, and leaves nothing in the queue', async () => {
    for (let n = 0; n < 10; n++) write(`2026-01-06-hal-${n}.md`);
    await Promise.all(Array.from({ length: 10 }, () => hook('session-end')));
    await happens(store, () =>
      Array.from({ length: 10 }, (_, n) => stored(`2026-01-06-hal-${n}.md`)).every(Boolean),
    );
    await happens(join(home, 'state'), () => queued().length === 0);
    const drains = readdirSync(join(home, 'state')).filter((name) => name === 'drain.lock');
    expect(drains.length).toBeLessThanOrEqual(1);
  });

  it('waits while a person has paused, and counts as one request', async () => {
    write('2026-01-06-hal-paused.md');
    writeFileSync(join(home, 'state', 'pause.json'), JSON.stringify({ schema: 1, until: null }));
    await hook('session-end');
    // A drain of our own, which ends when it has seen the pause.
    expect((await runBuilt('cli.js', ['hook', 'drain', root], { cwd: root, env: environment })).code).toBe(0);
    expect(stored('2026-01-06-hal-paused.md')).toBe(false);
    expect(envelopeOf(await cli('status', '--json')).value).toMatchObject({ queued: 1 });
    rmSync(join(home, 'state', 'pause.json'));
    await hook('session-end');
    await happens(store, () => stored('2026-01-06-hal-paused.md'));
  });

  it('is not blocked by a log that was cut: the others are pushed, and the queue is empty', async () => {
    write('2026-01-06-hal-cut.md');
    await hook('session-end');
    await happens(store, () => stored('2026-01-06-hal-cut.md'));
    await happens(join(home, 'state'), () => queued().length === 0);
    writeFileSync(join(home, 'session-logs', '2026-01-06-hal-cut.md'), '#');
    write('2026-01-06-hal-next.md');
    await hook('session-start');
    await hook('session-end');
    await happens(store, () => stored('2026-01-06-hal-next.md'));
    await happens(join(home, 'state'), () => queued().length === 0);
    expect(readFileSync(join(home, 'session-logs', '2026-01-06-hal-cut.md'), 'utf8')).toBe('#');
    expect(existsSync(join(home, 'state', 'queue.jsonl'))).toBe(false);
  });
});
