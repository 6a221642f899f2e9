import type { ToolUse } from '../../../../shared/transcripts/events.ts';
import { PARSER_VERSIONS } from '../parser-versions.ts';
import type { LineContext, LineRules } from '../reading/event-parser.ts';
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
  parsed,
  replacedLines,
  text,
  time,
  tokens,
  type Fields,
} from '../reading/values.ts';

interface Memory {
  calls: Record<string, { readonly tool: string; readonly use: ToolUse }>;
  setting: Record<string, string>;
}

/** The rules that convert Copilot CLI's events to ours. */
export const LINE_RULES: LineRules<Memory> = {
  version: PARSER_VERSIONS.copilot,
  start: () => ({ calls: {}, setting: {} }),
  line: readLine,
};

const QUIET =
  /^(?:hook|permission|assistant\.turn|assistant\.reasoning|assistant\.intent|assistant\.usage|system|tool\.user_requested|session\.(?:plan_changed|info|warning|idle|usage|usage_checkpoint|mode_changed|background_tasks_changed|handoff|truncation|snapshot_rewind|workspace_file_changed|tools_updated|skills_loaded|compaction_start|task_complete|import_legacy|resume|start_failed|custom_agents_updated|mcp|extensions)|tool\.execution_(?:progress|partial_result)|external_tool|exit_plan_mode|user_input|skill|elicitation|command|capabilities|sampling)(?:[._]|$)/;

function readLine(value: unknown, context: LineContext, memory: Memory): string | null {
  const line = fields(value);
  const type = text(line['type']) ?? '';
  const data = fields(line['data']);
  const base = { at: time(line['timestamp']), key: text(line['id']) ?? context.lineKey };
  switch (type) {
    case 'session.start':
      readContext(
        { ...fields(data['context']), version: data['copilotVersion'], startedBy: data['producer'] },
        base,
        context,
        memory,
      );
      return null;
    case 'session.context_changed':
      readContext(data, base, context, memory);
      return null;
    case 'session.model_change':
      readContext({ model: data['newModel'] }, base, context, memory);
      return null;
    case 'user.message':
      readPrompt(data, base, context);
      return null;
    case 'assistant.message': {
      const words = text(data['content'])?.trim() ?? '';
      if (words !== '')
        context.emit(
          { kind: 'reply', text: excerpt(words), model: text(data['model']) },
          { ...base, by: agentOf(data) },
        );
      return null;
    }
    case 'tool.execution_start':
      startCall(data, base.at, context, memory);
      return null;
    case 'tool.execution_complete':
      endCall(data, base.at, context, memory);
      return null;
    case 'subagent.started':
    case 'subagent.completed':
    case 'subagent.failed':
      readSubagent(type, data, base.at, context);
      return null;
    default:
      return readRest(type, data, base, context);
  }
}

interface Base {
  readonly at: number | null;
  readonly key: string;
}

function readRest(type: string, data: Fields, base: Base, context: LineContext): string | null {
  switch (type) {
    case 'session.error': {
      const message = excerpt(text(data['message']) ?? 'error', KEPT.label).text;
      context.emit({ kind: 'api-error', message, status: number(data['statusCode']), retried: false }, base);
      return null;
    }
    case 'abort':
      context.emit({ kind: 'interrupted', during: 'answer' }, base);
      return null;
    case 'session.compaction_complete':
      context.emit({ kind: 'compacted', trigger: 'unknown' }, base);
      return null;
    case 'session.title_changed': {
      const title = excerpt(text(data['title'])?.trim() ?? '', KEPT.label).text;
      if (title !== '')
        context.emit({ kind: 'title', title, source: 'agent' }, { ...base, key: 'title/agent' });
      return null;
    }
    case 'session.shutdown':
      readTotals(data, base.at, context);
      return null;
    default:
      return QUIET.test(type) ? null : type || 'no type';
  }
}

const SETTINGS = [
  ['folder', 'cwd'],
  ['branch', 'branch'],
  ['remote', 'repository'],
  ['version', 'version'],
  ['startedBy', 'startedBy'],
  ['model', 'model'],
] as const;

function readContext(stated: Fields, base: Base, context: LineContext, memory: Memory): void {
  const changed: Record<string, string> = {};
  for (const [name, field] of SETTINGS) {
    const now = text(stated[field]);
    if (now === null || memory.setting[name] === now) continue;
    memory.setting[name] = now;
    changed[name] = excerpt(now, KEPT.output).text;
  }
  if (Object.keys(changed).length > 0) context.emit({ kind: 'setting', ...changed }, base);
}

function agentOf(data: Fields): string | null {
  return firstText(data['parentToolCallId'], data['agentId']);
}

function readPrompt(data: Fields, base: Base, context: LineContext): void {
  const source = text(data['source']);
  if (agentOf(data) !== null || (source !== null && source !== 'user')) return;
  const words =
    firstText(data['content'], withoutClient(text(data['transformedContent']) ?? ''))?.trim() ?? '';
  const attachments = list(data['attachments']).length;
  if (words === '' && attachments === 0) return;
  context.emit({ kind: 'prompt', text: excerpt(words), via: 'typed', attachments }, base);
}

/** The words without the client's additions. */
function withoutClient(words: string): string {
  return words.replaceAll(
    /<(current_datetime|reminder|system_reminder|system_notification|sql_tables|todo_status)>[\s\S]*?<\/\1>/g,
    '',
  );
}

function startCall(data: Fields, at: number | null, context: LineContext, memory: Memory): void {
  const id = label(data['toolCallId']).text;
  const tool = label(data['toolName']).text;
  const input = fields(data['arguments']);
  const use = toolUse(tool, input, data);
  memory.calls[`:${id}`] = { tool, use };
  context.emit({ kind: 'tool-started', call: id, tool, use }, { key: `call/${id}`, at, by: agentOf(data) });
}

function toolUse(tool: string, input: Fields, data: Fields): ToolUse {
  const path = firstText(input['path'], input['file_path']);
  const file = { path: path ?? '', change: 'changed' as const, to: null };
  const server = text(data['mcpServerName']);
  if (server !== null) return { does: 'mcp', server, name: firstText(data['mcpToolName'], tool) ?? '' };
  switch (tool) {
    case 'bash':
    case 'powershell':
    case 'local_shell': {
      const command = excerpt(text(input['command']) ?? '', KEPT.command);
      return { does: 'command', command, folder: null, exit: null, background: input['mode'] === 'async' };
    }
    case 'create': {
      const added = lineCount(firstText(input['file_text'], input['content']) ?? '');
      return { does: 'change', files: [{ ...file, change: 'created', added, removed: 0 }] };
    }
    case 'edit':
    case 'str_replace': {
      const lines = replacedLines(text(input['old_str']) ?? '', text(input['new_str']) ?? '');
      return { does: 'change', files: [{ ...file, ...lines }] };
    }
    case 'apply_patch':
      return {
        does: 'change',
        files: patchFiles(firstText(data['arguments'], input['patch'], input['input']) ?? ''),
      };
    case 'view':
    case 'show_file':
    case 'read_bash':
    case 'read_powershell':
      return { does: 'read', path };
    case 'grep':
    case 'rg':
    case 'glob':
      return { does: 'search', query: label(input['pattern'], input['query']) };
    case 'web_fetch':
    case 'web_search':
      return { does: 'web', target: label(input['url'], input['query']) };
    case 'task':
      return {
        does: 'subagent',
        task: label(input['description'], input['prompt']),
        agentType: text(input['agent_type']),
      };
    default:
      return otherUse(input['description'], input['intent'], input['summary']);
  }
}

/** What the client writes after a command's output. */
const EXIT = /\n?<(?:exited|shellId: [^<>\n]{1,200} completed) with exit code (-?\d{1,10})>\s*$/;

function endCall(data: Fields, at: number | null, context: LineContext, memory: Memory): void {
  const id = label(data['toolCallId']).text;
  const call = memory.calls[`:${id}`];
  delete memory.calls[`:${id}`];
  const { tool, use } = call ?? { tool: '', use: { does: 'other', about: null } as const };
  const printed = firstText(fields(data['result'])['content'], fields(data['error'])['message']) ?? '';
  const ended = use.does === 'command' ? EXIT.exec(printed) : null;
  const exit = ended === null ? null : Number(ended[1]);
  const kind = text(fields(data['error'])['code']);
  const isFailed = data['success'] === false || (exit !== null && exit !== 0);
  const outcome = kind === 'rejected' || kind === 'denied' ? 'rejected' : isFailed ? 'failed' : 'ok';
  const isQuiet = (use.does === 'read' || use.does === 'search') && outcome === 'ok';
  const output = isQuiet ? null : excerpt(printed.slice(0, ended?.index), KEPT.output);
  const settled = use.does === 'command' ? { ...use, exit } : settledFiles(use, data);
  const by = agentOf(data);
  context.emit(
    { kind: 'tool-ended', call: id, tool, use: settled, outcome, output, words: null },
    { key: `end/${id}`, at, by },
  );
  if (use.does === 'command') emitGitResults(context, { at, by }, use.command.text, printed);
}

/** Paths and lines as counted by the client. */
function settledFiles(use: ToolUse, data: Fields): ToolUse {
  if (use.does !== 'change') return use;
  const telemetry = fields(data['toolTelemetry']);
  const stated = [telemetry['restrictedProperties'], telemetry['properties']].map(fields);
  const paths = stated
    .flatMap((one) => list(parsed(one['filePaths'])))
    .filter((one) => typeof one === 'string');
  const [added, removed] = [
    number(fields(telemetry['metrics'])['linesAdded']),
    number(fields(telemetry['metrics'])['linesRemoved']),
  ];
  const files =
    use.files.length > 0
      ? use.files
      : [...new Set(paths)].map((path) => ({
          path,
          change: 'changed' as const,
          to: null,
          added: null,
          removed: null,
        }));
  if (files.length !== 1) return { ...use, files };
  return {
    ...use,
    files: files.map((file) => ({ ...file, added: added ?? file.added, removed: removed ?? file.removed })),
  };
}

function readSubagent(type: string, data: Fields, at: number | null, context: LineContext): void {
  const call = text(data['toolCallId']);
  if (call === null) return;
  const agentType = firstText(data['agentName'], data['agentDisplayName']);
  if (type === 'subagent.started') {
    const task = label(data['agentDescription']);
    context.emit(
      { kind: 'subagent-started', call, agent: call, agentType, task },
      { key: `agent/${call}`, at },
    );
  } else {
    const outcome = type === 'subagent.completed' ? 'ok' : 'failed';
    context.emit(
      {
        kind: 'subagent-ended',
        call,
        agent: call,
        outcome,
        durationMs: number(data['durationMs']),
        answer: null,
      },
      { key: `agent-end/${call}`, at },
    );
  }
}

function readTotals(data: Fields, at: number | null, context: LineContext): void {
  const models = Object.values(fields(data['modelMetrics'])).map((one) => fields(fields(one)['usage']));
  if (models.length === 0) return;
  const sum = (name: string): number => models.reduce((total, model) => total + tokens(model[name]), 0);
  context.emit(
    {
      kind: 'usage',
      scope: 'session',
      model: null,
      input: sum('inputTokens'),
      output: sum('outputTokens'),
      cacheRead: sum('cacheReadTokens'),
      cacheWrite: sum('cacheWriteTokens'),
      costUsd: null,
      quality: 'exact',
    },
    { key: 'usage/session', at },
  );
}
