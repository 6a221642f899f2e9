import type { ToolUse } from '../../../../shared/transcripts/events.ts';
import { PARSER_VERSIONS } from '../parser-versions.ts';
import type { EventMore, LineContext, LineRules } from '../reading/event-parser.ts';
import { commitKey } from '../reading/git-output.ts';
import { excerpt, KEPT } from '../reading/values.ts';
import { localTime, type Block } from './blocks.ts';

interface Memory {
  /** Whether the chat has begun. */
  begun: boolean;
  model: string | null;
  /** Whether the model is at work: the key that interrupts Aider interrupts an answer only then. */
  answering: boolean;
}

/** The rules that convert a chat's blocks to events. @param folder where the file's chat took place; null if unknown */
export function blockRules(folder: string | null): LineRules<Memory> {
  return {
    version: PARSER_VERSIONS.aider,
    start: () => ({ begun: false, model: null, answering: false }),
    line: (value, context, memory) => readBlock(value as Block, folder, context, memory),
  };
}

function readBlock(block: Block, folder: string | null, context: LineContext, memory: Memory): string | null {
  // The file name is the same everywhere, so it identifies no event.
  const key = `${context.file.session}@${context.lineKey.slice(context.file.name.length + 1)}`;
  if (block.kind === 'chat') {
    memory.begun = true;
    const where = folder === null ? {} : { folder };
    context.emit({ kind: 'setting', startedBy: 'cli', ...where }, { key, at: localTime(block.text) });
    return null;
  }
  if (!memory.begun) return 'text without a chat';
  if (block.kind === 'tool') readTool(block.text, context, memory, key);
  else if (block.kind === 'prompt') readPrompt(block, context, memory, key);
  else {
    const words = excerpt(block.text.trim()).text;
    const text = { text: words, length: Math.max(words.length, lengthOf(block)) };
    context.emit({ kind: 'reply', text, model: memory.model }, { key });
  }
  return null;
}

/** Characters of a block: as stored, unless truncated. */
function lengthOf({ text, length }: Block): number {
  return length > text.length ? length : text.trim().length;
}

/** A question of Aider's answered for a whole group appears as if typed. */
const ANSWERED = /\(Y\)es\/\(N\)o.*\]: ?\S*$/;

function readPrompt(block: Block, context: LineContext, memory: Memory, key: string): void {
  const words = block.text.trim();
  if (words === '' || words === '<blank>' || ANSWERED.test(words)) return;
  const text = { text: excerpt(words).text, length: lengthOf(block) };
  const via = /^(?:!|\/(?:run|test|git)\b)/.test(words)
    ? 'shell'
    : words.startsWith('/')
      ? 'command'
      : 'typed';
  memory.answering = via === 'typed';
  context.emit({ kind: 'prompt', text, via, attachments: 0 }, { key });
}

/** Aider's own messages. All its other output is left out of a log. */
function readTool(said: string, context: LineContext, memory: Memory, key: string): void {
  const [, version] = /^Aider v(\d[\w.+-]{0,40})/.exec(said) ?? [];
  const [, model] = /^(?:Main model|Model|Models?:?)[ :]+(\S{1,120}) with /.exec(said) ?? [];
  const [, path] = /^Applied edit to (.+)$/.exec(said) ?? [];
  const [, sha, subject] = /^Commit ([0-9a-f]{7,40}) ?(.*)$/.exec(said) ?? [];
  const [, command] = /^Running (.+)$/.exec(said) ?? [];
  if (version !== undefined) context.emit({ kind: 'setting', version }, { key });
  else if (model !== undefined) {
    memory.model = model;
    context.emit({ kind: 'setting', model }, { key });
  } else if (path !== undefined) {
    const file = { path, change: 'changed', to: null, added: null, removed: null } as const;
    emitTool(context, { key }, 'edit', { does: 'change', files: [file] });
  } else if (sha !== undefined)
    context.emit(
      {
        kind: 'commit',
        sha,
        how: 'committed',
        branch: null,
        subject: subject?.slice(0, 400) || null,
        source: 'agent',
      },
      { key: commitKey(sha) },
    );
  else if (command !== undefined) {
    const text = excerpt(command, KEPT.command);
    emitTool(context, { key }, 'shell', {
      does: 'command',
      command: text,
      folder: null,
      exit: null,
      background: false,
    });
  } else if (said.startsWith('Tokens: ')) memory.answering = false;
  else if (said.startsWith('^C') && memory.answering) {
    memory.answering = false;
    context.emit({ kind: 'interrupted', during: 'answer' }, { key });
  } else if (/^litellm\.\w{0,60}Error\b/.test(said)) {
    const message = excerpt(said, KEPT.label).text;
    context.emit({ kind: 'api-error', message, status: null, retried: false }, { key });
  }
}

/** Aider reports an action after it is done, and does not report how a command ended. */
function emitTool(
  context: LineContext,
  { key }: Required<Pick<EventMore, 'key'>>,
  tool: string,
  use: ToolUse,
): void {
  context.emit({ kind: 'tool-started', call: key, tool, use }, { key: `call/${key}` });
  const outcome = use.does === 'command' ? 'unknown' : 'ok';
  context.emit(
    { kind: 'tool-ended', call: key, tool, use, outcome, output: null, words: null },
    { key: `end/${key}` },
  );
}
