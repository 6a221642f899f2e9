import type { ToolUse } from '../../../../shared/transcripts/events.ts';
import type { LineContext } from '../reading/event-parser.ts';
import { emitGitResults } from '../reading/git-output.ts';
import { patchFiles } from '../reading/patch.ts';
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

/** Key and time of an event. */
export interface Base {
  readonly key: string;
  readonly at: number | null;
}

/** Reads a tool call, in whatever state it is. */
export function readTool(part: Fields, base: Base, context: LineContext): void {
  const state = fields(part['state']);
  const call = label(part['callID'], part['id'], base.key).text;
  const tool = label(part['tool']).text;
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
      return { text: label(todo['content']).text, state };
    });
  context.emit({ kind: 'todos', items }, { key: `todos/${call}`, at });
}

function toolUse(tool: string, input: Fields, metadata: Fields): ToolUse {
  const path = firstText(input['filePath'], input['path']);
  const file = { path: path ?? '', change: 'changed' as const, to: null };
  switch (tool) {
    case 'bash':
    case 'shell': {
      const command = excerpt(text(input['command']) ?? '', KEPT.command);
      const folder = text(input['workdir']);
      const background = input['background'] === true;
      return { does: 'command', command, folder, exit: number(metadata['exit']), background };
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
      return { does: 'search', query: label(input['pattern'], input['query']) };
    case 'webfetch':
    case 'websearch':
      return { does: 'web', target: label(input['url'], input['query']) };
    case 'task':
    case 'subagent':
      return {
        does: 'subagent',
        task: label(input['description'], input['prompt']),
        agentType: firstText(input['subagent_type'], input['agent']),
      };
    default:
      return otherUse(input['description']);
  }
}

/** Emits the usage of an answer, if given. */
export function emitUsage(info: Fields, model: string | null, { key, at }: Base, context: LineContext): void {
  const used = fields(info['tokens']);
  if (model === null || Object.keys(used).length === 0) return;
  const cache = fields(used['cache']);
  context.emit(
    {
      kind: 'usage',
      scope: 'response',
      model,
      input: tokens(used['input']),
      output: tokens(used['output']),
      cacheRead: tokens(cache['read']),
      cacheWrite: tokens(cache['write']),
      costUsd: number(info['cost']),
      quality: 'exact',
    },
    { key: `usage/${key}`, at },
  );
}
