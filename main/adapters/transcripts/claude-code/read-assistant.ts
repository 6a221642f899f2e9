import type { LineContext } from '../reading/event-parser.ts';
import {
  excerpt,
  fields,
  firstText,
  KEPT,
  label,
  list,
  number,
  text,
  tokens,
  type Fields,
} from '../reading/values.ts';
import { rememberCall, type Memory } from './memory.ts';
import { more, type Line } from './line.ts';
import { openCall } from './tool-calls.ts';

/** Meaningless text that the client writes in the agent's place. */
const EMPTY_ANSWERS = new Set(['No response requested.', '(no content)', '[no content]']);

/** Reads a line of the agent: its text, calls and tokens. */
export function readAssistant(line: Line, context: LineContext, memory: Memory): string | null {
  const message = fields(line.fields['message']);
  const model = text(message['model']);
  const isClient = model === '<synthetic>';
  if (line.fields['isApiErrorMessage'] === true) {
    emitApiError(line, message, context);
    return null;
  }
  if (line.by === null && !isClient && memory.draft !== null) memory.draft.isAnswered = true;
  const content = message['content'];
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : list(content);
  for (const [index, block] of blocks.map(fields).entries()) {
    const key = line.uuid === null ? null : `${line.uuid}/${index}`;
    if (block['type'] === 'text') {
      const words = (text(block['text']) ?? '').trim();
      if (words !== '' && !EMPTY_ANSWERS.has(words))
        context.emit(
          { kind: 'reply', text: excerpt(words), model: isClient ? null : model },
          more(line, key),
        );
    } else if (block['type'] === 'tool_use' || block['type'] === 'server_tool_use') {
      startCall(line, block, context, memory);
    }
  }
  if (!isClient) emitUsage(line, message, context, memory);
  return null;
}

function startCall(line: Line, block: Fields, context: LineContext, memory: Memory): void {
  const id = label(block['id']).text;
  const tool = label(block['name']).text;
  const call = openCall(tool, block['input']);
  rememberCall(memory, id, call);
  const base = { at: line.at, by: line.by };
  context.emit({ kind: 'tool-started', call: id, tool, use: call.use }, { ...base, key: `call/${id}` });
  if (call.plan !== undefined)
    context.emit(
      { kind: 'plan', call: id, text: excerpt(call.plan), verdict: 'open', words: null },
      { ...base, key: `plan/${id}` },
    );
  if (call.questions !== undefined)
    context.emit(
      { kind: 'question', call: id, questions: call.questions.map((one) => ({ ...one, answer: null })) },
      { ...base, key: `question/${id}` },
    );
  if (call.use.does === 'subagent')
    context.emit(
      { kind: 'subagent-started', call: id, agent: null, agentType: call.use.agentType, task: call.use.task },
      { ...base, key: `agent/${id}` },
    );
}

/** One answer has a line per block, all with the same tokens: one event, by the answer's own id. */
function emitUsage(line: Line, message: Fields, context: LineContext, memory: Memory): void {
  const usage = fields(message['usage']);
  const id = firstText(message['id'], line.uuid);
  if (id === null || number(usage['output_tokens']) === null) return;
  const event = {
    kind: 'usage',
    scope: 'response',
    model: text(message['model']),
    input: tokens(usage['input_tokens']),
    output: tokens(usage['output_tokens']),
    cacheRead: tokens(usage['cache_read_input_tokens']),
    cacheWrite: tokens(usage['cache_creation_input_tokens']),
    costUsd: number(line.fields['costUSD']),
    // While an answer streams, its lines contain placeholders; old versions never wrote the final number.
    quality: text(message['stop_reason']) === null ? 'low' : 'exact',
  } as const;
  const said = `${id} ${JSON.stringify(event)}`;
  if (said === memory.usage) return;
  memory.usage = said;
  context.emit(event, { key: `usage/${id}`, at: line.at, by: line.by });
}

function emitApiError(line: Line, message: Fields, context: LineContext): void {
  const words = list(message['content'])
    .map((block) => text(fields(block)['text']))
    .filter((one) => one !== null)
    .join('\n');
  const error = fields(line.fields['apiError']);
  const stated = firstText(words, line.fields['error'], error['message']) ?? 'API error';
  const code = number(error['status']) ?? /API Error: (\d{3})\b/.exec(stated)?.[1] ?? null;
  context.emit(
    {
      kind: 'api-error',
      message: excerpt(stated, KEPT.label).text,
      status: code === null ? null : Number(code),
      retried: false,
    },
    more(line, line.uuid),
  );
}
