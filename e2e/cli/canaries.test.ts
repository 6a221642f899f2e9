/** 1,000 canaries through every path of the shipped program, over both kinds of store: they must be nowhere but in their logs and transcripts. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { countTokens } from 'gpt-tokenizer/encoding/cl100k_base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scanBytes } from '../../main/adapters/secrets/scan-bytes.ts';
import { plantedSecrets } from '../../main/testing/planted-secrets.ts';
import { createSeededRandom } from '../../main/testing/seeded-random.ts';
import { claudeWriter } from '../../main/testing/transcripts/write-claude-code.ts';
import { builtProgram, envelopeOf, git, runBuilt, type Ended } from './built-cli.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'session-log-canaries-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const found = (text: string) => scanBytes(new TextEncoder().encode(text), (word) => countTokens(word));
/** How much of what is planted is found is measured (`npm run bench secrets`); here it matters that what is found goes nowhere. */
const canaries = plantedSecrets(77).filter(({ value, text }) => {
  const at = Buffer.from(text).indexOf(value);
  return found(text).some(({ start, end }) => start <= at && end >= at + value.length);
});
/** In the name of a log, which the local index knows. */
const name = plantedSecrets(78, 1).find(({ kind }) => kind === 'github classic token')?.value ?? '';
const shims = join(root, 'shims');

beforeAll(() => {
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  mkdirSync(shims);
  // Writes down what children are started with: arguments and environment.
  writeFileSync(
    join(shims, 'git'),
    `#!/bin/sh\n{ printf '%s\\n' "$@"; env; } >> "$SEEN"\nexec '${real}' "$@"\n`,
  );
  chmodSync(join(shims, 'git'), 0o755);
});

/** Every file below a folder, as it is and unpacked. */
function bytesBelow(folder: string): Buffer {
  const parts = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const bytes = readFileSync(join(entry.parentPath, entry.name));
      const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
      return isPacked ? [bytes, gunzipSync(bytes)] : [bytes];
    });
  return Buffer.concat(parts);
}

const leakedTo = (bytes: Buffer | string): readonly string[] =>
  canaries
    .filter(({ value }) => bytes.includes(value))
    .map(({ kind, text }) => `${kind}: ${text.slice(0, 60)}`);

const textOf = (from: number, to: number): string =>
  canaries
    .slice(from, to)
    .map(({ text }) => text)
    .join('\n\n');

describe.each(['in the clear', 'sealed'] as const)('1,000 canaries, over a store %s', (kind) => {
  const at = (part: string): string => join(root, `${kind} ${part}`);
  const [home, tree, os, seen] = [at('home'), at('tree'), at('os'), at('children.txt')];
  const env = {
    SESSION_LOG_HOME: home,
    HOME: os,
    SEEN: seen,
    PATH: `${shims}:${process.env['PATH'] ?? ''}`,
  };
  /** What was printed, by whichever command. */
  const printed: string[] = [];
  const run = async (args: readonly string[], input = ''): Promise<Ended> => {
    const ended = await runBuilt('cli.js', args, { cwd: tree, env, input });
    printed.push(ended.out, ended.err);
    return ended;
  };

  /** Sessions of an agent with canaries in prompts, replies, commands and their output. */
  function writeTranscripts(): void {
    const folder = join(os, '.claude', 'projects', '-tree');
    mkdirSync(folder, { recursive: true });
    for (let nth = 0; nth < 4; nth++) {
      const id = `6f9a1c1e-0000-4000-8000-00000000000${nth}`;
      const writer = claudeWriter(createSeededRandom(nth + 1), '2.1.284', { session: id, cwd: tree });
      writer.prompt(textOf(nth * 50, nth * 50 + 10));
      writer.reply(textOf(nth * 50 + 10, nth * 50 + 20));
      for (const { text } of canaries.slice(nth * 50 + 20, nth * 50 + 40))
        writer.command(`echo "${text}"`, text);
      writer.prompt(textOf(nth * 50 + 40, nth * 50 + 50));
      writeFileSync(join(folder, `${id}.jsonl`), writer.text());
    }
  }

  /** The program killed in the middle of a push: as soon as it has begun to write into the store. */
  async function killed(): Promise<void> {
    writeFileSync(
      join(home, 'session-logs', '2026-06-12-mike-large.md'),
      `# Large\n\n${textOf(0, 1_000).repeat(8)}\n`,
    );
    const store = watch(join(home, 'store', '.session-log-store', 'staging'));
    const child = spawn(process.execPath, [builtProgram('cli.js'), 'sync', '--push'], {
      cwd: tree,
      env: { ...process.env, ...env },
      stdio: 'ignore',
    });
    store.once('change', () => child.kill('SIGKILL'));
    const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    store.close();
    expect(signal).toBe('SIGKILL');
  }

  const logs = (): readonly string[] =>
    readdirSync(join(home, 'session-logs'), { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.md'),
    );

  /** Everything that an agent is told by the tools. */
  async function askTools(): Promise<void> {
    const client = new Client({ name: 'test', version: '1.0.0' });
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [builtProgram('cli.js'), 'mcp'],
        env,
        cwd: tree,
        stderr: 'ignore',
      }),
    );
    const call = async (tool: string, args: Record<string, unknown>): Promise<string> => {
      const { content } = await client.callTool({ name: tool, arguments: args });
      const text = (content as readonly { readonly text: string }[]).map((part) => part.text).join('\n');
      printed.push(text);
      return text;
    };
    for (const query of ['staging', 'Work', 'section:Note', canaries[5]?.value ?? ''])
      await call('search_logs', { query });
    for (const tool of ['list_logs', 'pending_tasks']) await call(tool, {});
    await call('list_notes', { include_read: true });
    for (const log of logs()) read.push(await call('read_log', { log, budget: 50_000 }));
    await client.close();
  }
  const read: string[] = [];

  beforeAll(async () => {
    for (const folder of [join(home, 'session-logs'), join(tree, '.claude'), os])
      mkdirSync(folder, { recursive: true });
    writeFileSync(seen, '');
    git(tree, 'init', '-q', '-b', 'main');
    writeFileSync(
      join(tree, '.claude/identity.json'),
      JSON.stringify({
        user: 'mike',
        full_name: 'Mike Swanson',
        email: 'm@example.com',
        machine: hostname(),
      }),
    );
    git(tree, 'add', '.claude');
    git(tree, 'commit', '-q', '-m', 'seed');
    for (let nth = 0; nth * 100 < canaries.length; nth++)
      writeFileSync(
        join(home, 'session-logs', `2026-06-0${nth % 9}-mike-canaries-${nth}.md`),
        `# Session of ${canaries[nth * 100 + 1]?.text}\n\n## Note for Ben\n\n${canaries[nth * 100]?.text}\n\n## Work\n\n${textOf(nth * 100, nth * 100 + 100)}\n`,
      );
    writeFileSync(join(home, 'session-logs', `2026-06-01-mike-${name}.md`), '# Named like a secret\n');
    writeTranscripts();
    if (kind === 'sealed') await run(['store', 'seal']);
    await run(['config', 'set', 'capture.mode', 'on']);
    await run(['config', 'set', 'save.toStore', 'whole']);
    await run(['sync', '--push']);
    await run(
      ['save', '--topic', 'canaries'],
      `## Session Summary\n\n${textOf(200, 300)}\n\n## Note for Ben\n\n${textOf(300, 302)}\n`,
    );
    // A topic gives a log its name, which cannot have a label.
    await run(['save', '--topic', `key ${name} for staging`], '## Session Summary\n\nNothing.\n');
    await run(['sessions', 'capture', '--all']);
    for (const args of [
      ['sessions'],
      ['search', 'staging', '--json'],
      ['list'],
      ['list', '--captured'],
      ['pending'],
      ['since'],
      ['notes', '--all'],
      ['lint'],
      ['sync', '--push'],
      ['verify', '--deep'],
      ['sync', '--full'],
      ['drill'],
      ['audit'],
      ['secrets', 'scan', '--history'],
      ['secrets', 'list'],
      ['doctor'],
      ['git-sync'],
    ])
      await run(args);
    await killed();
    await askTools();
    await run(['config', 'set', 'store.url', 'file:///nowhere/at/all']);
    await run(['sync', '--push']);
    await run(['save', '--session', '../..', '--json'], textOf(400, 450));
  }, 240_000);

  it('went every way', async () => {
    expect(canaries.length).toBeGreaterThan(970);
    const here = bytesBelow(join(home, 'session-logs'));
    const captured = logs()
      .filter((file) => file.startsWith('captured/'))
      .map((file) => readFileSync(join(home, 'session-logs', file), 'utf8'));
    expect(captured.length).toBeGreaterThan(0);
    expect(captured.join('\n')).toContain('kept in the transcript]');
    expect(leakedTo(here).length).toBeGreaterThan(900);
    expect(readdirSync(join(tree, 'session-logs'), { recursive: true }).join()).toContain('canaries');
    expect(read.length).toBeGreaterThan(10);
    expect(read.join('\n')).toContain('[secret: ');
    expect(printed.join('\n')).toContain('[secret: ');
    const stored = bytesBelow(join(home, 'store'));
    expect(stored.includes('[secret: ')).toBe(kind === 'in the clear');
    expect(stored.includes('age-encryption.org/v1')).toBe(kind === 'sealed');
  });

  it('keep a log at home that is named like one, which a scan says without naming it', async () => {
    const scan = await run(['secrets', 'scan', join(home, 'session-logs')]);
    expect(scan.out).toMatch(/2026-06-01-mike-….md:0 {2}github token in its name/);
    expect(scan.out).not.toContain(name);
    const names = readdirSync(join(home, 'store'), { recursive: true }).join('\n');
    expect(names).toContain('mike-canaries-0');
    expect(names).not.toContain(name);
    expect(bytesBelow(join(home, 'store')).includes(name)).toBe(false);
    expect(envelopeOf(await run(['status', '--json'])).value).toMatchObject({ local: { staysHere: 1 } });
  });

  it('are nowhere below the data folder but in logs, in copies of transcripts and in a text that was not saved', () => {
    const own = ['session-logs', 'transcripts', 'unsaved'];
    const others = readdirSync(home).filter((entry) => !own.includes(entry));
    expect(others).toEqual(expect.arrayContaining(['store', 'state', 'session-logs-cache', 'settings.json']));
    const leaks = readdirSync(home, { withFileTypes: true })
      .filter((entry) => !own.includes(entry.name))
      .map((entry) => {
        const path = join(home, entry.name);
        return [entry.name, leakedTo(entry.isDirectory() ? bytesBelow(path) : readFileSync(path))];
      });
    expect(leaks.filter(([, leaked]) => leaked?.length !== 0)).toEqual([]);
  });

  it('are in no commit, in no argument and no environment of a program that was started', () => {
    const started = readFileSync(seen);
    expect(started.length).toBeGreaterThan(100);
    expect(leakedTo(started)).toEqual([]);
    expect(leakedTo(git(tree, 'log', '--all', '-p'))).toEqual([]);
    const named = readdirSync(tree, { recursive: true }).join('\n');
    expect(named).toMatch(/mike-key-for-staging\.md/);
    expect(named.toLowerCase()).not.toContain(name.toLowerCase().slice(4, 20));
  });

  it('are in nothing that a command or a tool for agents says', () => {
    expect(printed.length).toBeGreaterThan(30);
    expect(leakedTo(printed.join('\n'))).toEqual([]);
  });

  it('are found by no search', async () => {
    for (const { value } of canaries.filter((_, nth) => nth % 100 === 0)) {
      const hits = await runBuilt('cli.js', ['search', `"${value}"`, '--json'], { cwd: tree, env });
      expect(hits.out).not.toContain(value.slice(0, -4));
    }
  });
});
