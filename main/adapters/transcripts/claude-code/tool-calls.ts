import type { TodosEvent, ToolUse } from '../../../../shared/transcripts/events.ts';
import {
  excerpt,
  fields,
  firstText,
  idText,
  KEPT,
  label,
  lineCount,
  list,
  otherUse,
  replacedLines,
  text,
  type Fields,
} from '../reading/values.ts';
import type { OpenCall } from './memory.ts';

const SUBAGENTS = new Set(['Task', 'Agent']);
const COMMANDS = new Set(['Bash', 'PowerShell', 'REPL']);
const SEARCHES = new Set(['Grep', 'Glob', 'LS', 'ToolSearch', 'LSP']);
const READS = new Set([
  'Read',
  'NotebookRead',
  'BashOutput',
  'TaskOutput',
  'AgentOutputTool',
  'TaskList',
  'TaskGet',
  'ListMcpResourcesTool',
  'ReadMcpResourceTool',
]);

/** Describes a call by the agent's own tool name and input. */
export function openCall(tool: string, given: unknown): OpenCall {
  const input = fields(given);
  if (tool === 'ExitPlanMode' || tool === 'exit_plan_mode')
    return { tool, use: other(input), plan: text(input['plan']) ?? '' };
  if (tool === 'AskUserQuestion') return { tool, use: other(input), questions: questionsOf(input) };
  if (tool === 'TodoWrite') return { tool, use: other(input), todos: todosOf(input['todos']) };
  if (tool === 'TaskCreate' || tool === 'TaskUpdate') {
    const id = idText(input['taskId']) ?? '';
    const words = firstText(input['subject'], input['description']);
    return { tool, use: other(input), task: { id, text: words, status: text(input['status']) } };
  }
  return { tool, use: toolUse(tool, input) };
}

function toolUse(tool: string, input: Fields): ToolUse {
  if (COMMANDS.has(tool)) {
    const command = excerpt(firstText(input['command'], input['code']) ?? '', KEPT.command);
    const background = input['run_in_background'] === true;
    return { does: 'command', command, folder: null, exit: null, background };
  }
  if (SUBAGENTS.has(tool)) {
    const task = label(input['description'], input['prompt']);
    return { does: 'subagent', task, agentType: text(input['subagent_type']) };
  }
  if (READS.has(tool)) return { does: 'read', path: firstText(input['file_path'], input['notebook_path']) };
  if (SEARCHES.has(tool))
    return { does: 'search', query: label(input['pattern'], input['query'], input['path']) };
  if (tool === 'WebFetch' || tool === 'WebSearch')
    return { does: 'web', target: label(input['url'], input['query']) };
  const mcp = /^mcp__(.+?)__(.+)$/.exec(tool);
  if (mcp !== null) return { does: 'mcp', server: mcp[1] ?? '', name: mcp[2] ?? '' };
  return change(tool, input) ?? other(input);
}

/** Lines from the call; the result's patch is more accurate, if there is one. */
function change(tool: string, input: Fields): ToolUse | null {
  const path = firstText(input['file_path'], input['notebook_path']);
  if (path === null) return null;
  const file = { path, change: 'changed' as const, to: null };
  const edits = tool === 'MultiEdit' ? list(input['edits']).map(fields) : [input];
  if (tool === 'Edit' || tool === 'MultiEdit') {
    const lines = edits.map((edit) =>
      replacedLines(text(edit['old_string']) ?? '', text(edit['new_string']) ?? ''),
    );
    const added = lines.reduce((sum, one) => sum + one.added, 0);
    const removed = lines.reduce((sum, one) => sum + one.removed, 0);
    return { does: 'change', files: [{ ...file, added, removed }] };
  }
  if (tool === 'Write') {
    const added = lineCount(text(input['content']) ?? '');
    return { does: 'change', files: [{ ...file, added, removed: null }] };
  }
  if (tool !== 'NotebookEdit') return null;
  const added = input['edit_mode'] === 'delete' ? 0 : lineCount(text(input['new_source']) ?? '');
  return { does: 'change', files: [{ ...file, added, removed: null }] };
}

function other(input: Fields): ToolUse {
  return otherUse(input['description'], input['skill'], input['command'], input['name'], input['prompt']);
}

function questionsOf(input: Fields): NonNullable<OpenCall['questions']> {
  return list(input['questions']).map((one) => {
    const { question, options } = fields(one);
    return {
      question: excerpt(text(question) ?? '', KEPT.command).text,
      options: list(options).map((option) => label(fields(option)['label']).text),
    };
  });
}

const STATES: Readonly<Record<string, TodosEvent['items'][number]['state']>> = {
  pending: 'open',
  in_progress: 'doing',
  completed: 'done',
  deleted: 'dropped',
  cancelled: 'dropped',
};

/** Maps a todo's status to ours; open if unknown. */
export function todoState(status: unknown): TodosEvent['items'][number]['state'] {
  return (typeof status === 'string' ? STATES[status] : undefined) ?? 'open';
}

export function todosOf(value: unknown): TodosEvent['items'] {
  return list(value).map((one) => {
    const todo = fields(one);
    const words = firstText(todo['content'], todo['description'], todo['step'], todo['activeForm']) ?? '';
    return { text: excerpt(words, KEPT.label).text, state: todoState(todo['status']) };
  });
}
