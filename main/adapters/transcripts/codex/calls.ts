import type { ToolOutcome, ToolUse } from '../../../../shared/transcripts/events.ts';
import type { LineContext } from '../reading/event-parser.ts';
import { emitGitResults } from '../reading/git-output.ts';
import { patchFiles, patchInCommand } from '../reading/patch.ts';
import {
  excerpt,
  fields,
  firstText,
  KEPT,
  label,
  list,
  otherUse,
  parsed,
  text,
  type Fields,
} from '../reading/values.ts';
import type { Memory, OpenCall } from './memory.ts';

const COMMANDS = new Set([
  'shell',
  'exec_command',
  'shell_command',
  'local_shell_call',
  'container.exec',
  'unified_exec',
]);
const SHELLS = /^(?:.*[/\\])?(?:bash|sh|zsh|fish|dash|powershell|pwsh|cmd)(?:\.exe)?$/i;
const MOST_CALLS = 2_000;
const STATES: Readonly<Record<string, 'open' | 'doing' | 'done'>> = {
  pending: 'open',
  in_progress: 'doing',
  completed: 'done',
};

/** Describes a call. @param given arguments: JSON in a text, or the text of a freeform tool */
export function openCall(tool: string, given: unknown): OpenCall {
  const input = typeof given === 'string' ? fields(parsed(given)) : fields(given);
  if (tool === 'apply_patch') {
    const patch = firstText(input['input'], input['patch'], given) ?? '';
    return { tool, use: { does: 'change', files: patchFiles(patch) } };
  }
  const other: ToolUse = { does: 'other', about: null };
  if (tool === 'update_plan') return { tool, use: other, todos: todosOf(input) };
  if (tool === 'request_user_input') return { tool, use: other, questions: questionsOf(input) };
  return { tool, use: COMMANDS.has(tool) ? commandUse(input) : toolUse(tool, input) };
}

function commandUse(input: Fields): ToolUse {
  const stated = input['command'] ?? input['cmd'];
  const words = list(stated).filter((word) => typeof word === 'string');
  const inner = SHELLS.test(words[0] ?? '') && words.length >= 3 ? words.at(-1) : undefined;
  if (words[0] === 'apply_patch' || words[0] === 'applypatch')
    return { does: 'change', files: patchFiles(words.slice(1).join('\n')) };
  const command = inner ?? (words.length > 0 ? words.join(' ') : (text(stated) ?? ''));
  const patch = patchInCommand(command);
  if (patch !== null) return { does: 'change', files: patchFiles(patch) };
  const folder = firstText(input['workdir'], input['working_directory']);
  return { does: 'command', command: excerpt(command, KEPT.command), folder, exit: null, background: false };
}

function toolUse(tool: string, input: Fields): ToolUse {
  const mcp = /^mcp__(.+?)__(.+)$/.exec(tool);
  if (mcp !== null) return { does: 'mcp', server: mcp[1] ?? '', name: mcp[2] ?? '' };
  if (tool === 'view_image' || tool === 'read_file' || tool === 'list_dir')
    return { does: 'read', path: firstText(input['path'], input['file_path'], input['dir_path']) };
  if (tool === 'grep_files') return { does: 'search', query: label(input['pattern']) };
  if (tool === 'spawn_agent') {
    const task = label(input['message'], input['task'], input['task_name']);
    return { does: 'subagent', task, agentType: firstText(input['agent_type'], input['role']) };
  }
  return otherUse(input['chars'], input['message'], input['query']);
}

function todosOf(input: Fields): NonNullable<OpenCall['todos']> {
  return list(input['plan']).map((one) => {
    const { step, status } = fields(one);
    return { text: label(step).text, state: STATES[String(status)] ?? 'open' };
  });
}

function questionsOf(input: Fields): NonNullable<OpenCall['questions']> {
  return list(input['questions']).map((one) => {
    const { id, question, options } = fields(one);
    return {
      id: text(id) ?? '',
      question: excerpt(text(question) ?? '', KEPT.command).text,
      options: list(options).map((option) => label(fields(option)['label']).text),
    };
  });
}

/** Emits the start of a call. */
export function startCall(
  id: string,
  call: OpenCall,
  at: number | null,
  context: LineContext,
  memory: Memory,
): void {
  memory.calls[`:${id}`] = call;
  const open = Object.keys(memory.calls);
  if (open.length > MOST_CALLS) delete memory.calls[open[0] as string];
  context.emit({ kind: 'tool-started', call: id, tool: call.tool, use: call.use }, { key: `call/${id}`, at });
  if (call.questions !== undefined) emitQuestions(id, call, {}, at, context);
  if (call.use.does === 'subagent') {
    const { task, agentType } = call.use;
    context.emit(
      { kind: 'subagent-started', call: id, agent: null, agentType, task },
      { key: `agent/${id}`, at },
    );
  }
}

/** How a call ended. */
export interface CallEnd {
  readonly id: string;
  readonly output: string;
  readonly outcome: ToolOutcome;
  readonly exit: number | null;
  readonly at: number | null;
}

/** Emits the end of a call, the first time it is reported, and its effects. */
export function endCall(end: CallEnd, context: LineContext, memory: Memory): void {
  const call = memory.calls[`:${end.id}`];
  if (call === undefined) return;
  delete memory.calls[`:${end.id}`];
  const { id, at, outcome, exit } = end;
  const background = outcome === 'background';
  const use = call.use.does === 'command' ? { ...call.use, exit, background } : call.use;
  const isQuiet = (use.does === 'read' || use.does === 'search') && outcome === 'ok';
  const output = isQuiet ? null : excerpt(end.output, KEPT.output);
  context.emit(
    { kind: 'tool-ended', call: id, tool: call.tool, use, outcome, output, words: null },
    { key: `end/${id}`, at },
  );
  if (call.todos !== undefined && outcome === 'ok')
    context.emit({ kind: 'todos', items: call.todos }, { key: `todos/${id}`, at });
  if (call.questions !== undefined)
    emitQuestions(id, call, fields(fields(parsed(end.output))['answers']), at, context);
  if (use.does === 'command')
    emitGitResults(context, { at, by: context.file.subagent }, use.command.text, end.output);
}

function emitQuestions(
  id: string,
  call: OpenCall,
  answers: Fields,
  at: number | null,
  context: LineContext,
): void {
  const questions = (call.questions ?? []).map(({ id: name, question, options }) => {
    const words = list(fields(answers[name])['answers']).filter((one) => typeof one === 'string');
    return { question, options, answer: words.length > 0 ? words.join(', ') : null };
  });
  context.emit({ kind: 'question', call: id, questions }, { key: `question/${id}`, at });
}

/** Determines how a call ended from the output for the model. */
export function endOf(output: string): Pick<CallEnd, 'output' | 'outcome' | 'exit'> {
  const structured = fields(output.startsWith('{') ? parsed(output) : null);
  const stated = fields(structured['metadata'])['exit_code'];
  const printed = withoutHead(text(structured['output']) ?? (typeof stated === 'number' ? '' : output));
  const head = output.slice(0, 400);
  const code =
    typeof stated === 'number'
      ? stated
      : /(?:^Exit code: |Process exited with code )(-?\d{1,10})\b/.exec(head)?.[1];
  if (code !== undefined) {
    const exit = Number(code);
    return { output: printed, outcome: exit === 0 ? 'ok' : 'failed', exit };
  }
  if (head.includes('Process running with session ID '))
    return { output: printed, outcome: 'background', exit: null };
  if (/aborted by user/i.test(head)) return { output, outcome: 'interrupted', exit: null };
  if (/rejected by user|user (?:rejected|denied)/i.test(head))
    return { output, outcome: 'rejected', exit: null };
  const isFailed = /^(?:execution error|failed |error:|apply_patch verification failed|sandbox error)/i.test(
    head,
  );
  return { output: printed, outcome: isFailed ? 'failed' : 'ok', exit: null };
}

/** `Chunk ID: … Wall time: … Output:` precede the actual output. */
function withoutHead(output: string): string {
  const at = /^(?:[^\n]*\n){0,8}?Output:\n/.exec(output)?.[0].length ?? 0;
  return output.slice(at);
}
