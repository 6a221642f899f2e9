import type { SeededRandom } from '../seeded-random.ts';
import { uuid } from './write-claude-code.ts';
import type { WrittenSession } from './written-session.ts';

/** Forms of Gemini CLI's chats: one object a session, and an object a line since 0.39. */
export const GEMINI_VERSIONS = ['0.23.0', '0.61.0'] as const;
export type GeminiVersion = (typeof GEMINI_VERSIONS)[number];

type Json = Record<string, unknown>;

/** A session with everything a log tells of, in the form of a version. @param random decides names and lengths */
export function writeGeminiSession(random: SeededRandom, version: GeminiVersion): WrittenSession {
  const id = uuid(random);
  const word = random.pick(['parser', 'pier', 'crane', 'ledger']);
  const sha = random.hex(4).slice(0, 7);
  let at = Date.UTC(2026, 0, 15, 20, 0, 0) + random.below(86_400_000);
  const record = (type: string, more: Json): Json => {
    at += 4_000;
    return { id: uuid(random), timestamp: new Date(at).toISOString(), type, ...more };
  };
  const tool = (name: string, args: Json, output: string, more: Json = {}): Json => ({
    id: `${name}-${random.hex(4)}`,
    name,
    args,
    result: [{ functionResponse: { name, response: { output } } }],
    status: 'success',
    timestamp: new Date(at).toISOString(),
    ...more,
  });
  const shell = (command: string, output: string, exit: number): Json =>
    tool(
      'run_shell_command',
      { command },
      `Command: ${command}\nDirectory: (root)\nOutput: ${output}\nError: (none)\nExit Code: ${exit}\nSignal: 0`,
    );
  const tokens = { input: 900, output: 30, cached: 100, thoughts: 4, tool: 0, total: 934 };
  const path = `/home/ada/harbour/src/${word}.ts`;
  const note = `/home/ada/harbour/docs/${word}.md`;
  const answer = record('gemini', { content: 'I will look.', tokens, model: 'gemini-3-pro' });
  const calls = [
    shell('npm test', '1 failing', 1),
    tool(
      'replace',
      { file_path: path, old_string: 'one', new_string: 'two\nthree' },
      'Successfully modified',
    ),
    tool('write_file', { file_path: note, content: '# Words\n' }, 'Successfully created', {
      resultDisplay: { fileName: `${word}.md`, originalContent: null, newContent: '# Words\n' },
    }),
    shell(`git commit -am "Fix ${word}"`, `(none)\n[main ${sha}] Fix ${word}`, 0),
    tool('write_todos', { todos: [{ description: 'Test it', status: 'pending' }] }, 'ok'),
  ];
  const messages = [
    record('user', { content: [{ text: `Fix the ${word}, please` }] }),
    answer,
    record('info', { content: 'Update available' }),
    record('user', { content: 'And now\nthe rest' }),
    record('gemini', { content: 'Done.', tokens, model: 'gemini-3-pro' }),
  ];
  const meta = {
    sessionId: id,
    projectHash: 'f'.repeat(64),
    startTime: new Date(at).toISOString(),
    lastUpdated: new Date(at).toISOString(),
  };
  const settled = { ...answer, toolCalls: calls };
  const stem = `session-2026-01-15T20-00-${id.slice(0, 8)}`;
  const isLines = version === '0.61.0';
  const project = isLines ? 'harbour' : 'f'.repeat(64);
  const title = isLines ? `The ${word}` : null;
  // A record is written again when its tools are done: the last counts, where the first stood.
  const records = [{ ...meta, kind: 'main' }, ...messages, settled, { $set: { summary: `The ${word}` } }];
  const content = isLines
    ? records.map((one) => `${JSON.stringify(one)}\n`).join('')
    : JSON.stringify({ ...meta, messages: messages.map((one) => (one === answer ? settled : one)) }, null, 2);
  const main = `tmp/${project}/chats/${stem}.${isLines ? 'jsonl' : 'json'}`;
  return {
    agent: 'gemini',
    version,
    id: stem,
    main,
    files: new Map([
      [main, content],
      [`tmp/${project}/.project_root`, '/home/ada/harbour'],
    ]),
    truth: {
      prompts: [`Fix the ${word}, please`, 'And now\nthe rest'],
      changedFiles: [path, note],
      commands: ['npm test', `git commit -am "Fix ${word}"`],
      failedCommands: 1,
      commits: [sha],
      folder: '/home/ada/harbour',
      title: title ?? `Fix the ${word}, please`,
      subagents: 0,
      unknownLines: 0,
    },
  };
}
