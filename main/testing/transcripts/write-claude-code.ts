import type { SeededRandom } from '../seeded-random.ts';
import type { WrittenSession } from './written-session.ts';

/** Versions of Claude Code at which its format changed. */
export const CLAUDE_VERSIONS = ['2.0.64', '2.1.5', '2.1.42', '2.1.97', '2.1.235', '2.1.284'] as const;
export type ClaudeVersion = (typeof CLAUDE_VERSIONS)[number];

type Json = Record<string, unknown>;

/** Writes a transcript of Claude Code line by line, in the shape of a version. */
export interface ClaudeWriter {
  readonly session: string;
  /** The last line with an id: the next one hangs on it. */
  last(): string | null;
  /** Lets the next line hang on another one. */
  hangOn(uuid: string | null): void;
  prompt(text: string | readonly Json[], more?: Json): string;
  reply(text: string, more?: Json): string;
  /** Calls a tool. @returns the id of the call */
  call(name: string, input: Json, more?: Json): string;
  result(call: string, content: unknown, details?: unknown, more?: Json): string;
  command(command: string, stdout: string, more?: { readonly exit?: number; readonly details?: Json }): void;
  edit(path: string, before: string, after: string): void;
  write(path: string, content: string): void;
  /** A line as it is. */
  line(line: Json): void;
  /** Bytes without a line break after them. */
  raw(text: string): void;
  text(): string;
}

const ORDER = ['2.0.64', '2.1.5', '2.1.42', '2.1.97', '2.1.235', '2.1.284'];

/**
 * @param random gives ids and times
 * @param agent id of the subagent whose file it is
 */
export function claudeWriter(
  random: SeededRandom,
  version: ClaudeVersion,
  { session = uuid(random), cwd = '/home/ada/harbour', agent }: ClaudeOptions = {},
): ClaudeWriter {
  const isSince = (other: ClaudeVersion): boolean => ORDER.indexOf(version) >= ORDER.indexOf(other);
  let out = '';
  let parent: string | null = null;
  let at = Date.UTC(2026, 2, 3, 9, 0, 0) + random.below(86_400_000);
  let [calls, answers] = [0, 0];
  const envelope = (type: string, more: Json): string => {
    const id = uuid(random);
    at += 1_000 + random.below(9_000);
    const base: Json = {
      parentUuid: parent,
      isSidechain: agent !== undefined,
      ...(agent === undefined ? {} : { agentId: agent }),
      userType: 'external',
      cwd,
      sessionId: session,
      version,
      gitBranch: 'main',
      ...(isSince('2.1.235') ? { entrypoint: 'cli' } : {}),
    };
    const line = { type, uuid: id, timestamp: new Date(at).toISOString() };
    // The order of the fields changed: nothing may count on where the type stands.
    const ordered = isSince('2.1.42') ? { ...base, ...line, ...more } : { ...line, ...base, ...more };
    out += `${JSON.stringify(ordered)}\n`;
    parent = id;
    return id;
  };
  const assistant = (content: Json, more: Json = {}): string => {
    const isFinal = isSince('2.1.97');
    return envelope('assistant', {
      message: {
        id: `msg_${String(answers).padStart(6, '0')}`,
        type: 'message',
        role: 'assistant',
        model: 'claude-opus-5',
        content: [content],
        stop_reason: isFinal ? 'tool_use' : null,
        usage: {
          input_tokens: 3,
          output_tokens: isFinal ? 120 : 1,
          cache_read_input_tokens: 900,
          cache_creation_input_tokens: 40,
        },
      },
      requestId: `req_${answers}`,
      ...more,
    });
  };
  const writer: ClaudeWriter = {
    session,
    last: () => parent,
    hangOn: (other) => void (parent = other),
    prompt: (text, more = {}) => {
      const origin = isSince('2.1.235') ? { origin: { kind: 'human' }, promptSource: 'typed' } : {};
      const turn = isSince('2.1.284') ? { turnPosition: { promptIndex: 0, turnIndex: 0 } } : {};
      return envelope('user', { message: { role: 'user', content: text }, ...origin, ...turn, ...more });
    },
    reply: (text, more) => {
      answers += 1;
      return assistant({ type: 'text', text }, more);
    },
    call: (name, input, more) => {
      const id = `toolu_${session.slice(0, 8)}_${agent ?? ''}${String(calls++).padStart(4, '0')}`;
      assistant({ type: 'tool_use', id, name, input }, more);
      return id;
    },
    result: (call, content, details, more = {}) => {
      const isError = typeof details === 'string' && details.startsWith('Error');
      const block = {
        tool_use_id: call,
        type: 'tool_result',
        content,
        ...(isError ? { is_error: true } : {}),
      };
      return envelope('user', {
        message: { role: 'user', content: [block] },
        toolUseResult: details,
        ...more,
      });
    },
    command: (command, stdout, { exit = 0, details = {} } = {}) => {
      const call = writer.call('Bash', { command, description: 'Runs it' });
      const output = exit === 0 ? stdout : `Exit code ${exit}\n${stdout}`;
      const said = { stdout, stderr: '', interrupted: false, isImage: false, ...details };
      writer.result(call, output, exit === 0 ? said : `Error: ${output}`);
    },
    edit: (path, before, after) => {
      const call = writer.call('Edit', { file_path: path, old_string: before, new_string: after });
      const lines = [
        ...before.split('\n').map((line) => `-${line}`),
        ...after.split('\n').map((line) => `+${line}`),
      ];
      const structuredPatch = [
        { oldStart: 1, oldLines: 1, newStart: 1, newLines: 1, lines: [' same', ...lines] },
      ];
      writer.result(call, `The file ${path} has been updated.`, { filePath: path, structuredPatch });
    },
    write: (path, content) => {
      const call = writer.call('Write', { file_path: path, content });
      writer.result(call, 'File created', { type: 'create', filePath: path, content, structuredPatch: [] });
    },
    line: (line) => void (out += `${JSON.stringify(line)}\n`),
    raw: (text) => void (out += text),
    text: () => out,
  };
  return writer;
}

interface ClaudeOptions {
  readonly session?: string;
  readonly cwd?: string;
  readonly agent?: string;
}

/** A UUID of version 4 in shape. */
export function uuid(random: SeededRandom): string {
  const hex = random.hex(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** A session with everything a log tells of, in the shape of a version. @param random decides names and lengths */
export function writeClaudeSession(random: SeededRandom, version: ClaudeVersion): WrittenSession {
  const writer = claudeWriter(random, version);
  const { session } = writer;
  const isNew = version === '2.1.235' || version === '2.1.284';
  const word = random.pick(['parser', 'pier', 'crane', 'ledger']);
  const path = `/home/ada/harbour/src/${word}.ts`;
  const sha = random.hex(4).slice(0, 7);
  if (!isNew) writer.line({ type: 'summary', summary: 'Of another day', leafUuid: uuid(random) });
  if (isNew) writer.line({ type: 'mode', mode: 'normal', sessionId: session });
  writer.prompt(`Fix the ${word}, please`);
  writer.line({
    type: 'file-history-snapshot',
    messageId: writer.last(),
    snapshot: {},
    isSnapshotUpdate: false,
  });
  writer.reply(`I will look at the ${word}.`);
  const read = writer.call('Read', { file_path: path });
  writer.result(read, 'const x = 1;', { type: 'text', file: { filePath: path, content: 'const x = 1;' } });
  writer.edit(path, 'const x = 1;', `const x = 2;\nconst y = ${random.below(100)};`);
  writer.command('npm test', '1 failing', { exit: 1 });
  writer.write(`/home/ada/harbour/docs/${word}.md`, '# Words\n\nSome.\n');
  const made = { commit: { sha, kind: 'committed', branch: 'main' } };
  writer.command(`git commit -am "Fix ${word}"`, `[main ${sha}] Fix ${word}\n 2 files changed`, {
    details: isNew ? { gitOperation: made } : {},
  });
  const agent = `a${random.hex(3)}`;
  const helper = writer.call(isNew ? 'Agent' : 'Task', {
    description: 'Look around',
    prompt: 'Look around in the harbour',
    subagent_type: 'Explore',
  });
  writer.result(helper, [{ type: 'text', text: 'All is well' }], {
    status: 'completed',
    agentId: agent,
    totalDurationMs: 1_200,
    content: [{ type: 'text', text: 'All is well' }],
  });
  writer.prompt('And now\nthe rest');
  writer.reply('Done.');
  writer.line({
    type: isNew ? 'ai-title' : 'summary',
    aiTitle: `The ${word}`,
    summary: `The ${word}`,
    sessionId: session,
    leafUuid: writer.last(),
  });
  if (isNew) writer.line({ type: 'last-prompt', lastPrompt: null, sessionId: session });
  const side = claudeWriter(random, version, { session, agent });
  side.prompt('Look around in the harbour');
  side.command('ls -la', 'src docs');
  side.edit('/home/ada/harbour/src/helper.ts', 'a', 'b');
  side.reply('All is well');
  const project = 'projects/-home-ada-harbour';
  const main = `${project}/${session}.jsonl`;
  const place = version === '2.0.64' || version === '2.1.5' ? project : `${project}/${session}/subagents`;
  return {
    agent: 'claude-code',
    version,
    id: session,
    main,
    files: new Map([
      [main, writer.text()],
      [`${place}/agent-${agent}.jsonl`, side.text()],
    ]),
    truth: {
      prompts: [`Fix the ${word}, please`, 'And now\nthe rest'],
      changedFiles: [path, `/home/ada/harbour/docs/${word}.md`, '/home/ada/harbour/src/helper.ts'],
      commands: ['npm test', `git commit -am "Fix ${word}"`, 'ls -la'],
      failedCommands: 1,
      commits: [sha],
      folder: '/home/ada/harbour',
      title: `The ${word}`,
      subagents: 1,
      unknownLines: 0,
    },
  };
}
