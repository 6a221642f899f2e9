import type { ToolOutcome, ToolUse } from '../../../../shared/transcripts/events.ts';
import { PARSER_VERSIONS } from '../parser-versions.ts';
import type { LineContext, LineRules } from '../reading/event-parser.ts';
import { emitGitResults } from '../reading/git-output.ts';
import {
  excerpt,
  fields,
  firstText,
  KEPT,
  label,
  lineCount,
  list,
  number,
  otherUse,
  replacedLines,
  text,
  time,
  tokens,
  type Fields,
} from '../reading/values.ts';

interface Memory {
  /** Records in order: id and the key of its first event, for conversations that are rewound. */
  records: { readonly id: string; readonly key: string }[];
  model: string;
}

/** The rules that convert Gemini CLI's records to events, in both forms: one object with all messages, or one object per line. */
export const RECORD_RULES: LineRules<Memory> = {
  version: PARSER_VERSIONS.gemini,
  start: () => ({ records: [], model: '' }),
  line: readRecord,
};

const MOST_RECORDS = 20_000;
/** Message types of the client on its screen. */
const CLIENT = new Set([
  'info',
  'warning',
  'system',
  'about',
  'help',
  'stats',
  'quit',
  'compression',
  'tool_group',
  'notification',
]);

function readRecord(value: unknown, context: LineContext, memory: Memory): string | null {
  const record = fields(value);
  if ('$rewindTo' in record) return rewind(record, context, memory);
  if ('$set' in record) return change(fields(record['$set']), context, memory);
  if (text(record['sessionId']) !== null && text(record['id']) === null)
    return readMeta(record, context, memory);
  return readMessage(record, context, memory);
}

/** The facts of the session, in the older form with all its messages. */
function readMeta(meta: Fields, context: LineContext, memory: Memory): null {
  const folder = list(meta['directories']).find((one) => typeof one === 'string');
  const at = time(meta['startTime']);
  context.emit(
    { kind: 'setting', ...(typeof folder === 'string' ? { folder } : {}) },
    { key: `session/${text(meta['sessionId'])}`, at },
  );
  emitTitle(meta['summary'], context);
  for (const message of list(meta['messages'])) readMessage(fields(message), context, memory);
  return null;
}

function change(set: Fields, context: LineContext, memory: Memory): null {
  emitTitle(set['summary'], context);
  const messages = list(set['messages']);
  if (messages.length === 0) return null;
  // The conversation was summarized: its earlier events stay, its new ones follow.
  context.emit({ kind: 'compacted', trigger: 'unknown' });
  for (const message of messages) readMessage(fields(message), context, memory);
  return null;
}

function emitTitle(summary: unknown, context: LineContext): void {
  const title = excerpt(text(summary)?.trim() ?? '', KEPT.label).text;
  if (title !== '') context.emit({ kind: 'title', title, source: 'agent' }, { key: 'title/agent' });
}

/** The conversation continues before the record with that id. */
function rewind(record: Fields, context: LineContext, memory: Memory): null {
  const index = memory.records.findIndex(({ id }) => id === record['$rewindTo']);
  if (index === -1) return null;
  const gone = memory.records.splice(index);
  context.emit({ kind: 'retracted', keys: gone.map(({ key }) => key), andAfter: true, why: 'rewound' });
  return null;
}

function readMessage(message: Fields, context: LineContext, memory: Memory): string | null {
  const id = text(message['id']);
  const type = text(message['type']) ?? '';
  const at = time(message['timestamp']);
  if (id === null) return type === '' ? 'no type' : type;
  if (CLIENT.has(type)) return null;
  const words = wordsOf(message['content']);
  if (type === 'user') {
    const prompt = personWords(words);
    if (prompt.text === '' && prompt.attachments === 0) return null;
    remember(memory, id, `prompt/${id}`);
    const { attachments } = prompt;
    context.emit(
      { kind: 'prompt', text: excerpt(prompt.text), via: 'typed', attachments },
      { key: `prompt/${id}`, at },
    );
    return null;
  }
  if (type === 'error') {
    remember(memory, id, `error/${id}`);
    const error = { kind: 'api-error', message: excerpt(words.join('\n'), KEPT.label).text } as const;
    context.emit({ ...error, status: null, retried: false }, { key: `error/${id}`, at });
    return null;
  }
  if (type !== 'gemini') return type || 'no type';
  readAnswer(id, words.join('\n'), message, context, memory);
  return null;
}

function readAnswer(id: string, words: string, message: Fields, context: LineContext, memory: Memory): void {
  const at = time(message['timestamp']);
  const model = text(message['model']);
  if (model !== null && model !== memory.model) {
    memory.model = model;
    context.emit({ kind: 'setting', model }, { key: `model/${id}`, at });
  }
  remember(memory, id, `reply/${id}`);
  // Even if it is empty: a rewind may target it.
  context.emit({ kind: 'reply', text: excerpt(words), model }, { key: `reply/${id}`, at });
  for (const call of list(message['toolCalls'])) readCall(fields(call), at, context);
  const used = fields(message['tokens']);
  if (number(used['total']) === null) return;
  const cacheRead = tokens(used['cached']);
  context.emit(
    {
      kind: 'usage',
      scope: 'response',
      model,
      input: Math.max(0, tokens(used['input']) - cacheRead),
      output: tokens(used['output']) + tokens(used['thoughts']),
      cacheRead,
      cacheWrite: 0,
      costUsd: null,
      quality: 'exact',
    },
    { key: `usage/${id}`, at },
  );
}

function remember(memory: Memory, id: string, key: string): void {
  if (memory.records.some((one) => one.key === key)) return;
  memory.records.push({ id, key });
  if (memory.records.length > MOST_RECORDS) memory.records.shift();
}

function wordsOf(content: unknown): readonly string[] {
  if (typeof content === 'string') return [content];
  const parts = Array.isArray(content) ? list(content) : [content];
  return parts.flatMap((part) => (typeof part === 'string' ? [part] : (text(fields(part)['text']) ?? [])));
}

/** A person's words without the files appended by the client. */
function personWords(parts: readonly string[]): { readonly text: string; readonly attachments: number } {
  const from = parts.findIndex((part) => part.includes('--- Content from referenced files ---'));
  const own =
    from === -1 ? parts : [...parts.slice(0, from), (parts[from] ?? '').split('--- Content from')[0] ?? ''];
  const words = own.join('\n').trim();
  const isClient = /^<(?:state_snapshot|session_context|hook_context|system-reminder)\b/.test(words);
  return { text: isClient ? '' : words, attachments: from === -1 ? 0 : 1 };
}

const OUTCOMES: Readonly<Record<string, ToolOutcome>> = {
  success: 'ok',
  error: 'failed',
  cancelled: 'rejected',
};

function readCall(call: Fields, messageAt: number | null, context: LineContext): void {
  const id = excerpt(text(call['id']) ?? context.lineKey, KEPT.label).text;
  const tool = label(call['name']).text;
  const at = time(call['timestamp']) ?? messageAt;
  const use = toolUse(tool, fields(call['args']), call['resultDisplay']);
  context.emit({ kind: 'tool-started', call: id, tool, use }, { key: `call/${id}`, at });
  if (tool === 'write_todos' || tool === 'update_todos') emitTodos(id, fields(call['args']), at, context);
  const stated = OUTCOMES[text(call['status']) ?? ''];
  if (stated === undefined) return;
  const printed = outputOf(call);
  const exit = use.does === 'command' ? exitOf(printed) : null;
  const outcome = stated === 'ok' && exit !== null && exit !== 0 ? 'failed' : stated;
  const settled = use.does === 'command' ? { ...use, exit: exit ?? (outcome === 'ok' ? 0 : null) } : use;
  const isQuiet = (use.does === 'read' || use.does === 'search') && outcome === 'ok';
  const output = isQuiet ? null : excerpt(withoutReport(printed), KEPT.output);
  context.emit(
    { kind: 'tool-ended', call: id, tool, use: settled, outcome, output, words: null },
    { key: `end/${id}`, at },
  );
  if (use.does === 'command')
    emitGitResults(context, { at, by: context.file.subagent }, use.command.text, printed);
}

function outputOf(call: Fields): string {
  const told = list(call['result']).flatMap((part) => {
    const { output, error } = fields(fields(fields(part)['functionResponse'])['response']);
    return firstText(output, error) ?? [];
  });
  return told.join('\n') || (text(call['resultDisplay']) ?? '');
}

/** A command's output, without the client's report around it. */
function withoutReport(printed: string): string {
  const report =
    /^Command: [\s\S]*?\nDirectory: [^\n]*\n(?:Output|Stdout): ([\s\S]*?)\n(?:Error|Stderr): ([\s\S]*?)\nExit Code: /.exec(
      printed,
    );
  if (report === null) return printed;
  return [report[1] ?? '', report[2] ?? ''].filter((part) => !/^\((?:empty|none)\)$/.test(part)).join('\n');
}

function exitOf(printed: string): number | null {
  const code = /^Exit Code: (-?\d{1,10})\s*$/m.exec(printed)?.[1];
  return code === undefined ? null : Number(code);
}

function toolUse(tool: string, args: Fields, display: unknown): ToolUse {
  switch (tool) {
    case 'run_shell_command': {
      const command = excerpt(text(args['command']) ?? '', KEPT.command);
      const folder = firstText(args['dir_path'], args['directory']);
      return { does: 'command', command, folder, exit: null, background: args['is_background'] === true };
    }
    case 'write_file':
    case 'replace':
      return fileUse(args, fields(display));
    case 'read_file':
    case 'read_many_files':
      return {
        does: 'read',
        path: firstText(args['file_path'], args['absolute_path'], list(args['paths'])[0]),
      };
    case 'glob':
    case 'search_file_content':
    case 'grep_search':
    case 'list_directory':
      return { does: 'search', query: label(args['pattern'], args['dir_path'], args['path']) };
    case 'web_fetch':
    case 'google_web_search':
      return { does: 'web', target: label(args['prompt'], args['query'], args['url']) };
    default: {
      const mcp = /^(?:mcp_)?(.+?)__(.+)$/.exec(tool);
      if (mcp !== null) return { does: 'mcp', server: mcp[1] ?? '', name: mcp[2] ?? '' };
      return otherUse(args['description'], args['objective'], args['fact']);
    }
  }
}

function fileUse(args: Fields, display: Fields): ToolUse {
  const path = firstText(args['file_path'], display['filePath'], display['fileName']) ?? '';
  const stat = fields(display['diffStat']);
  const isNew =
    display['isNewFile'] === true || ('originalContent' in display && display['originalContent'] === null);
  const replaced =
    'old_string' in args
      ? replacedLines(text(args['old_string']) ?? '', text(args['new_string']) ?? '')
      : { added: lineCount(text(args['content']) ?? ''), removed: isNew ? 0 : null };
  const added = number(stat['model_added_lines']) ?? replaced.added;
  const removed = number(stat['model_removed_lines']) ?? replaced.removed;
  return {
    does: 'change',
    files: [{ path, change: isNew ? 'created' : 'changed', to: null, added, removed }],
  };
}

const STATES: Readonly<Record<string, 'open' | 'doing' | 'done' | 'dropped'>> = {
  in_progress: 'doing',
  completed: 'done',
  cancelled: 'dropped',
};

function emitTodos(id: string, args: Fields, at: number | null, context: LineContext): void {
  const items = list(args['todos']).map((one) => {
    const { description, status } = fields(one);
    return { text: label(description).text, state: STATES[String(status)] ?? 'open' };
  });
  context.emit({ kind: 'todos', items }, { key: `todos/${id}`, at });
}

/** `.project_root`: the folder of the sessions beside it. */
export const PROJECT_RULES: LineRules<null> = {
  version: 'gemini-project/1',
  start: () => null,
  line(value, { emit }) {
    const folder = typeof value === 'string' ? value.trim() : '';
    if (folder !== '') emit({ kind: 'setting', folder }, { key: 'project-root' });
    return null;
  },
};
