import type { SeededRandom } from '../seeded-random.ts';
import { uuid } from './write-claude-code.ts';
import type { WrittenSession } from './written-session.ts';

/** Where Cursor lays its transcripts: its command line one file, the editor a folder with those of subagents. */
export const CURSOR_VERSIONS = ['cli', 'editor'] as const;
export type CursorVersion = (typeof CURSOR_VERSIONS)[number];

type Json = Record<string, unknown>;

/** A line of a transcript. */
export function cursorLine(role: string, ...content: readonly Json[]): string {
  return `${JSON.stringify({ role, message: { content } })}\n`;
}

/** A session with everything a log tells of. @param random decides names and lengths */
export function writeCursorSession(random: SeededRandom, version: CursorVersion): WrittenSession {
  const id = uuid(random);
  const word = random.pick(['parser', 'pier', 'crane', 'ledger']);
  const text = (words: string): Json => ({ type: 'text', text: words });
  const call = (name: string, input: Json): Json => ({ type: 'tool_use', name, input });
  const path = `/home/ada/harbour/src/${word}.ts`;
  const page = `/home/ada/harbour/docs/${word}.md`;
  const out = [
    cursorLine(
      'user',
      text(
        `<timestamp>Monday, Aug 24, 2026, 3:04 PM (UTC+2)</timestamp>\n<user_query>\nFix the ${word}, please\n</user_query>`,
      ),
    ),
    cursorLine('assistant', text('I will look.'), call('Read', { path, limit: 40 })),
    cursorLine(
      'assistant',
      call('Shell', { command: 'npm test', description: 'Test', working_directory: '/home/ada/harbour' }),
      call('StrReplace', { path, old_string: 'one', new_string: 'two' }),
      call('Write', { path: page, contents: '# Words\n' }),
    ),
    `${JSON.stringify({ type: 'turn_ended', status: 'success' })}\n`,
    cursorLine('user', text('<system_reminder>\nDo not say so\n</system_reminder>')),
    cursorLine('user', text('<user_query>\nAnd now\nthe rest\n</user_query>')),
    cursorLine('assistant', text('Done.')),
  ].join('');
  const folder = 'home-ada-harbour/agent-transcripts';
  const main = version === 'cli' ? `${folder}/${id}.jsonl` : `${folder}/${id}/${id}.jsonl`;
  const child = [
    cursorLine('user', text('<user_query>\nLook it up\n</user_query>')),
    cursorLine('assistant', call('Shell', { command: 'ls' })),
  ].join('');
  const isEditor = version === 'editor';
  return {
    agent: 'cursor',
    version,
    id,
    main,
    files: new Map([
      [main, out],
      ...(isEditor ? [[`${folder}/${id}/subagents/${uuid(random)}.jsonl`, child] as const] : []),
    ]),
    truth: {
      prompts: [`Fix the ${word}, please`, 'And now\nthe rest'],
      changedFiles: [path, page],
      commands: ['npm test', ...(isEditor ? ['ls'] : [])],
      failedCommands: 0,
      commits: [],
      folder: '/home/ada/harbour',
      title: `Fix the ${word}, please`,
      subagents: isEditor ? 1 : 0,
      unknownLines: 0,
    },
  };
}
