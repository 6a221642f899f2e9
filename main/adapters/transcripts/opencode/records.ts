import type { ToolUse } from '../../../../shared/transcripts/events.ts';
import type { LineContext, LineRules } from '../reading/event-parser.ts';
import { emitGitResults } from '../reading/git-output.ts';
import { patchFiles } from '../reading/patch.ts';
import {
  excerpt,
  fields,
  firstText,
  KEPT,
  lineCount,
  list,
  number,
  replacedLines,
  text,
  time,
  tokens,
  type Fields,
} from '../reading/values.ts';

/** `opencode/<n>`: counts up when the same bytes give other events. */
export const VERSION = 'opencode/1';

/** How an export of opencode becomes events. */
export const EXPORT_RULES: LineRules<null> = { version: VERSION, start: () => null, line: readExport };

function readExport(value: unknown, context: LineContext): string | null {
  const info = fields(fields(value)['info']);
  const id = text(info['id']);
  const { messages } = fields(value);
  if (id === null || !Array.isArray(messages)) return 'no export of opencode';
  const at = time(fields(info['time'])['created']);
  const folder = text(info['directory']);
  const version = text(info['version']);
  const setting = { ...(folder === null ? {} : { folder }), ...(version === null ? {} : { version }) };
  context.emit({ kind: 'setting', ...setting }, { key: `${id}/setting`, at });
  const title = excerpt(text(info['title'])?.trim() ?? '', KEPT.label).text;
  // What it calls a session before it has a name.
  if (title !== '' && !/^(?:New|Child) session - /.test(title))
    context.emit({ kind: 'title', title, source: 'agent' }, { key: `${id}/title` });
  const parent = text(info['parentID']);
  if (parent !== null)
    context.emit({ kind: 'lineage', relation: 'subagent-of', session: parent }, { key: `${id}/parent` });
  for (const message of messages.map(fields)) readMessage(message, context);
  return null;
}

interface Base {
  readonly key: string;
  readonly at: number | null;
}

function readMessage(message: Fields, context: LineContext): void {
  const info = fields(message['info']);
  const parts = list(message['parts']).map(fields);
  const base = { key: text(info['id']) ?? context.lineKey, at: time(fields(info['time'])['created']) };
  if (info['role'] === 'user') readPrompt(parts, base, context);
  else if (info['role'] === 'assistant') {
    for (const [index, part] of parts.entries())
      readPart(part, info, { ...base, key: text(part['id']) ?? `${base.key}/${index}` }, context);
    readEnd(info, base, context);
  } else
    context.emit(
      { kind: 'unknown', what: (firstText(info['role'], info['type']) ?? 'no role').slice(0, 80) },
      base,
    );
}

function readPrompt(parts: readonly Fields[], base: Base, context: LineContext): void {
  const typed = parts.filter(
    (part) => part['type'] === 'text' && part['synthetic'] !== true && part['ignored'] !== true,
  );
  const words = typed
    .map((part) => text(part['text'])?.trim() ?? '')
    .filter((one) => one !== '')
    .join('\n');
  const attachments = parts.filter((part) => part['type'] === 'file').length;
  if (parts.some((part) => part['type'] === 'compaction'))
    context.emit({ kind: 'compacted', trigger: 'unknown' }, { ...base, key: `${base.key}/compaction` });
  if (words === '' && attachments === 0) return;
  const via = words.startsWith('/') ? 'command' : 'typed';
  context.emit({ kind: 'prompt', text: excerpt(words), via, attachments }, base);
}

const QUIET = /^(?:step-start|step-finish|snapshot|patch|reasoning|agent|retry|compaction|subtask|file)$/;

function readPart(part: Fields, info: Fields, base: Base, context: LineContext): void {
  const type = text(part['type']) ?? 'no type';
  const at = time(fields(part['time'])['start']) ?? base.at;
  if (type === 'tool') readTool(part, { ...base, at }, context);
  else if (type === 'text') {
    const words = text(part['text'])?.trim() ?? '';
    if (words === '' || part['synthetic'] === true) return;
    context.emit({ kind: 'reply', text: excerpt(words), model: text(info['modelID']) }, { ...base, at });
  } else if (type === 'left-out') {
    context.emit({ kind: 'unknown', what: `too-large: ${number(part['bytes']) ?? 0} bytes` }, base);
  } else if (!QUIET.test(type)) context.emit({ kind: 'unknown', what: type.slice(0, 80) }, base);
}

function readTool(part: Fields, base: Base, context: LineContext): void {
  const state = fields(part['state']);
  const call = excerpt(firstText(part['callID'], part['id'], base.key) ?? '', KEPT.label).text;
  const tool = excerpt(text(part['tool']) ?? '', KEPT.label).text;
  const at = time(fields(state['time'])['start']) ?? base.at;
  const use = toolUse(tool, fields(state['input']), fields(state['metadata']));
  context.emit({ kind: 'tool-started', call, tool, use }, { key: `call/${call}`, at });
  const status = text(state['status']);
  if (status !== 'completed' && status !== 'error') return;
  const ended = time(fields(state['time'])['end']) ?? at;
  const printed = firstText(state['output'], state['error']) ?? '';
  const exit = use.does === 'command' ? use.exit : null;
  const isRejected = status === 'error' && /\brejected permission\b/.test(printed);
  const isFailed = status === 'error' || (exit !== null && exit !== 0);
  const outcome = isRejected ? 'rejected' : isFailed ? 'failed' : 'ok';
  const isQuiet = (use.does === 'read' || use.does === 'search') && outcome === 'ok';
  const output = isQuiet ? null : excerpt(printed, KEPT.output);
  context.emit(
    { kind: 'tool-ended', call, tool, use, outcome, output, words: null },
    { key: `end/${call}`, at: ended },
  );
  if (use.does === 'command') emitGitResults(context, { at: ended, by: null }, use.command.text, printed);
  if (tool === 'todowrite') readTodos(fields(state['input']), call, ended, context);
}

const TODO_STATES = {
  pending: 'open',
  in_progress: 'doing',
  completed: 'done',
  cancelled: 'dropped',
} as const;

function readTodos(input: Fields, call: string, at: number | null, context: LineContext): void {
  const items = list(input['todos'])
    .map(fields)
    .map((todo) => {
      const state = Object.entries(TODO_STATES).find(([name]) => name === todo['status'])?.[1] ?? 'open';
      return { text: excerpt(text(todo['content']) ?? '', KEPT.label).text, state };
    });
  context.emit({ kind: 'todos', items }, { key: `todos/${call}`, at });
}

function toolUse(tool: string, input: Fields, metadata: Fields): ToolUse {
  const path = firstText(input['filePath'], input['path']);
  const file = { path: path ?? '', change: 'changed' as const, to: null };
  const about = (...values: readonly unknown[]) => excerpt(firstText(...values) ?? '', KEPT.label);
  switch (tool) {
    case 'bash': {
      const command = excerpt(text(input['command']) ?? '', KEPT.command);
      const folder = text(input['workdir']);
      return { does: 'command', command, folder, exit: number(metadata['exit']), background: false };
    }
    case 'edit': {
      const lines = replacedLines(text(input['oldString']) ?? '', text(input['newString']) ?? '');
      return { does: 'change', files: [{ ...file, ...lines }] };
    }
    case 'write': {
      const change = metadata['exists'] === false ? ('created' as const) : ('changed' as const);
      const added = lineCount(text(input['content']) ?? '');
      return {
        does: 'change',
        files: [{ ...file, change, added, removed: change === 'created' ? 0 : null }],
      };
    }
    case 'apply_patch':
    case 'patch':
      return { does: 'change', files: patchFiles(text(input['patchText']) ?? '') };
    case 'read':
    case 'list':
      return { does: 'read', path };
    case 'grep':
    case 'glob':
    case 'codesearch':
      return { does: 'search', query: about(input['pattern'], input['query']) };
    case 'webfetch':
    case 'websearch':
      return { does: 'web', target: about(input['url'], input['query']) };
    case 'task':
      return {
        does: 'subagent',
        task: about(input['description'], input['prompt']),
        agentType: text(input['subagent_type']),
      };
    default: {
      const said = text(input['description']);
      return { does: 'other', about: said === null ? null : excerpt(said, KEPT.label) };
    }
  }
}

function readEnd(info: Fields, base: Base, context: LineContext): void {
  const at = time(fields(info['time'])['completed']) ?? base.at;
  const error = fields(info['error']);
  const name = text(error['name']);
  if (name === 'MessageAbortedError')
    context.emit({ kind: 'interrupted', during: 'answer' }, { key: `${base.key}/error`, at });
  else if (name !== null) {
    const data = fields(error['data']);
    const message = excerpt(firstText(data['message'], name) ?? '', KEPT.label).text;
    const status = number(data['statusCode']);
    context.emit({ kind: 'api-error', message, status, retried: false }, { key: `${base.key}/error`, at });
  }
  const used = fields(info['tokens']);
  if (text(info['modelID']) === null || Object.keys(used).length === 0) return;
  const cache = fields(used['cache']);
  context.emit(
    {
      kind: 'usage',
      scope: 'response',
      model: text(info['modelID']),
      input: tokens(used['input']),
      output: tokens(used['output']),
      cacheRead: tokens(cache['read']),
      cacheWrite: tokens(cache['write']),
      costUsd: number(info['cost']),
      quality: 'exact',
    },
    { key: `usage/${base.key}`, at },
  );
}
