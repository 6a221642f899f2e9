import type { SeededRandom } from '../seeded-random.ts';
import { uuid } from './write-claude-code.ts';
import type { WrittenSession } from './written-session.ts';

/** Versions of Codex at which its format changed; `0.20.0` wrote no envelope. */
export const CODEX_VERSIONS = ['0.20.0', '0.47.0', '0.104.0', '0.149.0'] as const;
export type CodexVersion = (typeof CODEX_VERSIONS)[number];

type Json = Record<string, unknown>;

/** Writes a rollout of Codex line by line, in the shape of a version. */
export interface CodexWriter {
  readonly thread: string;
  /** A line with this payload: in the envelope, where the version has one. */
  line(type: string, payload: Json, timestamp?: string): void;
  meta(more?: Json): void;
  prompt(text: string): void;
  reply(text: string): void;
  call(name: string, args: Json | string): string;
  output(call: string, output: string): void;
  command(command: string, output: string, exit?: number): void;
  patch(patch: string): void;
  raw(text: string): void;
  text(): string;
}

export function codexWriter(random: SeededRandom, version: CodexVersion, thread = uuid(random)): CodexWriter {
  const isBare = version === '0.20.0';
  let out = '';
  let at = Date.UTC(2026, 1, 23, 12, 0, 0) + random.below(86_400_000);
  let [calls, ordinal] = [0, 0];
  const next = (): string => {
    at += 3_000 + random.below(9_000);
    return new Date(at).toISOString();
  };
  const writer: CodexWriter = {
    thread,
    line(type, payload, timestamp = next()) {
      const ordinals = version === '0.149.0' ? { ordinal: ordinal++ } : {};
      if (!isBare) out += `${JSON.stringify({ timestamp, ...ordinals, type, payload })}\n`;
      else if (type === 'response_item') out += `${JSON.stringify(payload)}\n`;
    },
    meta(more = {}) {
      const git = {
        commit_hash: 'f'.repeat(40),
        branch: 'main',
        repository_url: 'git@example.com:ada/harbour.git',
      };
      const timestamp = next();
      if (isBare) {
        out += `${JSON.stringify({ id: thread, timestamp, instructions: null, git })}\n`;
        out += `${JSON.stringify({ record_type: 'state' })}\n`;
        return;
      }
      const base = {
        id: thread,
        timestamp,
        cwd: '/home/ada/harbour',
        originator: 'codex_cli_rs',
        cli_version: version,
        source: 'cli',
      };
      writer.line(
        'session_meta',
        { ...base, git, base_instructions: { text: 'x'.repeat(17_000) }, ...more },
        timestamp,
      );
      const context = '<environment_context>\n  <cwd>/home/ada/harbour</cwd>\n</environment_context>';
      writer.line('response_item', message('user', 'input_text', context));
    },
    prompt(text) {
      writer.line('response_item', message('user', 'input_text', text));
      writer.line('event_msg', { type: 'user_message', message: text, images: [] });
      writer.line('turn_context', {
        cwd: '/home/ada/harbour',
        model: 'gpt-5.3-codex',
        approval_policy: 'never',
      });
    },
    reply(text) {
      writer.line('event_msg', { type: 'agent_message', message: text });
      writer.line('response_item', message('assistant', 'output_text', text));
      const usage = { input_tokens: 500, cached_input_tokens: 100, output_tokens: 50, total_tokens: 550 };
      // Written again without a change, as clients do.
      for (let twice = 0; twice < 2; twice++)
        writer.line('event_msg', {
          type: 'token_count',
          info: { total_token_usage: usage, last_token_usage: usage },
        });
    },
    call(name, args) {
      const id = `call_${thread.slice(0, 8)}_${calls++}`;
      const payload =
        typeof args === 'string'
          ? { type: 'custom_tool_call', status: 'completed', call_id: id, name, input: args }
          : { type: 'function_call', name, arguments: JSON.stringify(args), call_id: id };
      writer.line('response_item', payload);
      return id;
    },
    output: (call, output) =>
      writer.line('response_item', { type: 'function_call_output', call_id: call, output }),
    command(command, output, exit = 0) {
      const isOld = version === '0.20.0' || version === '0.47.0';
      const id = isOld
        ? writer.call('shell', { command: ['bash', '-lc', command], workdir: '/home/ada/harbour' })
        : writer.call('exec_command', { cmd: command, workdir: '/home/ada/harbour' });
      const printed = isOld
        ? JSON.stringify({ output, metadata: { exit_code: exit, duration_seconds: 0.1 } })
        : `Chunk ID: 1a2b3c\nWall time: 0.1 seconds\nProcess exited with code ${exit}\nOutput:\n${output}`;
      writer.output(id, printed);
    },
    patch(patch) {
      if (version === '0.20.0') {
        writer.output(
          writer.call('shell', { command: ['apply_patch', patch] }),
          JSON.stringify({ output: 'Success.', metadata: { exit_code: 0 } }),
        );
        return;
      }
      const id = writer.call('apply_patch', patch);
      const output = JSON.stringify({
        output: 'Success. Updated the following files',
        metadata: { exit_code: 0 },
      });
      writer.line('response_item', { type: 'custom_tool_call_output', call_id: id, output });
    },
    raw: (text) => void (out += text),
    text: () => out,
  };
  return writer;
}

function message(role: string, type: string, text: string): Json {
  return { type: 'message', role, content: [{ type, text }] };
}

/** A session with everything a log tells of, in the shape of a version. @param random decides names and lengths */
export function writeCodexSession(random: SeededRandom, version: CodexVersion): WrittenSession {
  const writer = codexWriter(random, version);
  const word = random.pick(['parser', 'pier', 'crane', 'ledger']);
  const sha = random.hex(4).slice(0, 7);
  writer.meta();
  writer.prompt(`Fix the ${word}, please`);
  writer.reply('I will look.');
  writer.command('npm test', '1 failing', 1);
  writer.patch(
    `*** Begin Patch\n*** Update File: src/${word}.ts\n@@\n-one\n+two\n+three\n*** Add File: docs/${word}.md\n+# Words\n*** Delete File: old.ts\n*** End Patch`,
  );
  writer.command(`git commit -am "Fix ${word}"`, `[main ${sha}] Fix ${word}\n 3 files changed`);
  const plan = writer.call('update_plan', { plan: [{ step: 'Test it', status: 'pending' }] });
  writer.output(plan, 'Plan updated');
  writer.prompt('And now\nthe rest');
  writer.reply('Done.');
  const name = `sessions/2026/02/23/rollout-2026-02-23T12-00-00-${writer.thread}.jsonl`;
  return {
    agent: 'codex',
    version,
    id: writer.thread,
    main: name,
    files: new Map([[name, writer.text()]]),
    truth: {
      prompts: [`Fix the ${word}, please`, 'And now\nthe rest'],
      changedFiles: [`src/${word}.ts`, `docs/${word}.md`, 'old.ts'],
      commands: ['npm test', `git commit -am "Fix ${word}"`],
      failedCommands: 1,
      commits: [sha],
      folder: version === '0.20.0' ? null : '/home/ada/harbour',
      title: `Fix the ${word}, please`,
      subagents: 0,
      unknownLines: 0,
    },
  };
}
