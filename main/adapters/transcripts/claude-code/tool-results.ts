import type { FileChange, ToolOutcome, ToolUse } from '../../../../shared/transcripts/events.ts';
import type { LineContext } from '../reading/event-parser.ts';
import { commitKey, emitGitResults, emitPullRequest } from '../reading/git-output.ts';
import {
  excerpt,
  fields,
  firstText,
  idText,
  KEPT,
  lineCount,
  list,
  number,
  text,
  type Fields,
} from '../reading/values.ts';
import { slot, takeCall, type Memory, type OpenCall } from './memory.ts';
import { todosOf, todoState } from './tool-calls.ts';

/** A `tool_result` block, with the line's facts about it. */
export interface ToolResult {
  readonly id: string;
  readonly content: string;
  readonly isError: boolean;
  /** `toolUseResult` of the line: an object, or a text on failure. */
  readonly details: Fields;
  readonly at: number | null;
  readonly by: string | null;
}

const REJECTIONS = [
  "The user doesn't want to proceed with this tool use",
  "The user doesn't want to take this action right now",
  'The user chose not to proceed',
  'User rejected',
];
/** The client puts the person's rejection text after these. */
const WORDS_AFTER =
  /(?:To tell you how to proceed, the user said:|the user provided the following reason for the rejection:|User feedback:|The user said:)\s*([\s\S]*)$/;
const NO_WORDS = /^STOP what you are doing/;

/** Emits the events of a result: how the call ended, and its effects. */
export function emitToolResult(result: ToolResult, context: LineContext, memory: Memory): void {
  const call = takeCall(memory, result.id) ?? unknownCall(result);
  const outcome = outcomeOf(result, call);
  const words = outcome === 'rejected' ? rejectionWords(result.content) : null;
  const use = settled(call.use, result, outcome);
  const isQuiet = use.does === 'read' || (use.does === 'search' && outcome === 'ok');
  context.emit(
    {
      kind: 'tool-ended',
      call: result.id,
      tool: call.tool,
      use,
      outcome,
      output: isQuiet && outcome === 'ok' ? null : excerpt(outputOf(result), KEPT.output),
      words,
    },
    { key: `end/${result.id}`, at: result.at, by: result.by },
  );
  emitConsequences({ call, use, outcome, words, result }, context, memory);
}

interface Ended {
  readonly call: OpenCall;
  readonly use: ToolUse;
  readonly outcome: ToolOutcome;
  readonly words: string | null;
  readonly result: ToolResult;
}

function emitConsequences(ended: Ended, context: LineContext, memory: Memory): void {
  const { call, use, outcome, result } = ended;
  if (call.plan !== undefined) emitPlan(ended, call.plan, context);
  if (call.questions !== undefined) emitAnswers(ended, call.questions, context);
  if (outcome === 'interrupted')
    context.emit(
      { kind: 'interrupted', during: 'tool' },
      { key: `stop/${result.id}`, at: result.at, by: result.by },
    );
  if (call.todos !== undefined && outcome === 'ok') {
    const stated = todosOf(result.details['newTodos']);
    context.emit({ kind: 'todos', items: stated.length > 0 ? stated : call.todos }, about(result, 'todos'));
  }
  if (call.task !== undefined && outcome === 'ok') emitTasks(call.task, result, context, memory);
  if (use.does === 'subagent') emitSubagentEnd(ended, context, memory);
  if (use.does !== 'command') return;
  const background = firstText(result.details['backgroundTaskId'], result.details['shellId']);
  if (background !== null && outcome === 'background')
    memory.background[slot(background)] = { call: result.id, tool: call.tool, use };
  if (outcome === 'rejected') return;
  const printed = emitGitResults(context, result, use.command.text, outputOf(result));
  emitGitOperation(fields(result.details['gitOperation']), result, context, printed);
}

function about(result: ToolResult, what: string): { key: string; at: number | null; by: string | null } {
  return { key: `${what}/${result.id}`, at: result.at, by: result.by };
}

function outcomeOf({ isError, content, details }: ToolResult, call: OpenCall): ToolOutcome {
  const start = content.trimStart();
  if (REJECTIONS.some((words) => start.startsWith(words))) return 'rejected';
  if (start.startsWith('[Request interrupted by user')) return 'interrupted';
  if (details['interrupted'] === true) return 'interrupted';
  if (isError) return 'failed';
  const status = details['status'];
  if (status === 'async_launched' || status === 'remote_launched') return 'background';
  const isBackground = call.use.does === 'command' && text(details['backgroundTaskId']) !== null;
  return isBackground ? 'background' : 'ok';
}

function rejectionWords(content: string): string | null {
  const words = WORDS_AFTER.exec(content)?.[1]?.trim() ?? '';
  return words === '' || NO_WORDS.test(words) ? null : excerpt(words, KEPT.words).text;
}

function outputOf({ content, details }: ToolResult): string {
  const [out, error] = [text(details['stdout']), text(details['stderr'])];
  if (out === null && error === null)
    return content.replace(/^<tool_use_error>([\s\S]*)<\/tool_use_error>\s*$/, '$1');
  return [out, error].filter((part) => part !== null).join('\n');
}

/** A call's use, with what the result gives more accurately. */
function settled(use: ToolUse, { content, isError, details }: ToolResult, outcome: ToolOutcome): ToolUse {
  if (use.does === 'command') {
    const code = isError ? /^\s*Exit code (-?\d{1,10})\b/.exec(content)?.[1] : undefined;
    const plain = outcome === 'ok' && text(details['returnCodeInterpretation']) === null ? 0 : null;
    const exit = code === undefined ? plain : Number(code);
    return { ...use, exit, background: use.background || outcome === 'background' };
  }
  if (use.does !== 'change' || outcome !== 'ok') return use;
  return { ...use, files: use.files.map((file) => settledFile(file, details)) };
}

function settledFile(file: FileChange, details: Fields): FileChange {
  const path = text(details['filePath']) ?? file.path;
  const isNew = details['type'] === 'create';
  const patch = list(details['structuredPatch']).flatMap((hunk) => list(fields(hunk)['lines']));
  const count = (sign: string): number =>
    patch.filter((line) => typeof line === 'string' && line.startsWith(sign)).length;
  if (patch.length > 0) return { ...file, path, added: count('+'), removed: count('-') };
  const content = text(details['content']);
  if (isNew)
    return {
      ...file,
      path,
      change: 'created',
      added: content === null ? file.added : lineCount(content),
      removed: 0,
    };
  return { ...file, path };
}

function emitPlan({ outcome, words, result }: Ended, plan: string, context: LineContext): void {
  const isRejected = outcome === 'rejected' || outcome === 'interrupted' || outcome === 'failed';
  const stated = text(result.details['plan']) ?? plan;
  const verdict = isRejected ? 'rejected' : 'accepted';
  context.emit(
    { kind: 'plan', call: result.id, text: excerpt(stated), verdict, words },
    about(result, 'plan'),
  );
}

function emitAnswers(
  { words, result }: Ended,
  questions: NonNullable<OpenCall['questions']>,
  context: LineContext,
): void {
  const answers = fields(result.details['answers']);
  const answerOf = (question: string): string | null => {
    const given = answers[question];
    const listed = list(given).filter((one) => typeof one === 'string');
    const stated = text(given) ?? (listed.length > 0 ? listed.join(', ') : null);
    return stated ?? answerInText(result.content, question) ?? words;
  };
  const answered = questions.map((one) => ({ ...one, answer: answerOf(one.question) }));
  context.emit({ kind: 'question', call: result.id, questions: answered }, about(result, 'question'));
}

/** `"Which one?"="The second"`, as told to the agent. */
function answerInText(content: string, question: string): string | null {
  const from = content.indexOf(`"${question}"="`);
  if (question === '' || from === -1) return null;
  const start = from + question.length + 4;
  const end = content.indexOf('"', start);
  return end === -1 ? null : excerpt(content.slice(start, end)).text;
}

function emitTasks(
  task: NonNullable<OpenCall['task']>,
  result: ToolResult,
  context: LineContext,
  memory: Memory,
): void {
  const made = fields(result.details['task']);
  const stated = task.id || (idText(made['id']) ?? /#(\w{1,40})/.exec(result.content)?.[1] ?? '');
  if (stated === '') return;
  const before = memory.tasks[slot(stated)];
  const words = task.text ?? before?.text ?? text(made['subject']) ?? '';
  const state = task.status === null ? (before?.state ?? 'open') : todoState(task.status);
  memory.tasks[slot(stated)] = { text: excerpt(words, KEPT.label).text, state };
  context.emit({ kind: 'todos', items: Object.values(memory.tasks) }, about(result, 'todos'));
}

function emitSubagentEnd({ use, outcome, result, call }: Ended, context: LineContext, memory: Memory): void {
  if (use.does !== 'subagent') return;
  const agent = firstText(result.details['agentId'], /agentId: ([\w-]{1,80})/.exec(result.content)?.[1]);
  if (agent !== null)
    context.emit(
      { kind: 'subagent-started', call: result.id, agent, agentType: use.agentType, task: use.task },
      about(result, 'agent'),
    );
  if (outcome === 'background' && agent !== null)
    memory.background[slot(agent)] = { call: result.id, tool: call.tool, use };
  const answer = outcome === 'background' ? null : answerOf(result);
  const durationMs = number(result.details['totalDurationMs']);
  context.emit(
    { kind: 'subagent-ended', call: result.id, agent, outcome, durationMs, answer },
    about(result, 'agent-end'),
  );
}

function answerOf(result: ToolResult): ReturnType<typeof excerpt> | null {
  const told = list(result.details['content'])
    .map((part) => text(fields(part)['text']))
    .filter((part) => part !== null);
  const words = told.length > 0 ? told.join('\n') : result.content;
  return words === '' ? null : excerpt(words, KEPT.command);
}

/** The client's own git report (newer versions), if git's own line was not in the output. */
function emitGitOperation(
  operation: Fields,
  result: ToolResult,
  context: LineContext,
  printed: ReadonlySet<string>,
): void {
  const commit = fields(operation['commit']);
  const sha = text(commit['sha']);
  if (sha !== null && /^[0-9a-f]{4,64}$/i.test(sha) && !printed.has(commitKey(sha))) {
    const kind = commit['kind'];
    const how = kind === 'amended' || kind === 'cherry-picked' ? kind : 'committed';
    const branch = firstText(commit['branch'], fields(operation['push'])['branch']);
    context.emit(
      { kind: 'commit', sha, how, branch, subject: null, source: 'agent' },
      { key: commitKey(sha), at: result.at, by: result.by },
    );
  }
  const pr = fields(operation['pr']);
  const url = text(pr['url']);
  if (url !== null) emitPullRequest(context, result.at, url, number(pr['number']), null);
}

function unknownCall({ details }: ToolResult): OpenCall {
  const use: ToolUse =
    'stdout' in details
      ? { does: 'command', command: { text: '', length: 0 }, folder: null, exit: null, background: false }
      : { does: 'other', about: null };
  return { tool: '', use };
}
