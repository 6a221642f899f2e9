import type { LineContext } from '../reading/event-parser.ts';
import { excerpt, fields, firstText, KEPT, label, list, text, type Fields } from '../reading/values.ts';
import { endCall, endOf, openCall, startCall } from './calls.ts';
import type { CodexLine } from './line.ts';
import type { Memory } from './memory.ts';
import { emitPrompt, emitReply, personWords, settleCandidate } from './prompts.ts';

const QUIET = new Set(
  `reasoning ghost_snapshot compaction compaction_summary context_compaction image_generation_call tool_search_call tool_search_output
agent_message other`.split(/\s+/),
);

/**
 * Reads an item of the conversation with the model.
 * @param isBare true for old files that contain nothing else: a person's words are then only here
 */
export function readItem(
  line: CodexLine,
  context: LineContext,
  memory: Memory,
  isBare: boolean,
): string | null {
  const { payload, at } = line;
  const type = text(payload['type']) ?? '';
  if (type !== 'message') settleCandidate(context, memory);
  switch (type) {
    case 'message':
      readMessage(line, context, memory, isBare);
      return null;
    case 'function_call':
    case 'custom_tool_call': {
      const call = openCall(toolName(payload), payload['arguments'] ?? payload['input']);
      startCall(callId(payload), call, at, context, memory);
      return null;
    }
    case 'local_shell_call':
      startCall(callId(payload), openCall('local_shell_call', payload['action']), at, context, memory);
      return null;
    case 'function_call_output':
    case 'custom_tool_call_output':
    case 'local_shell_call_output':
      endCall({ id: callId(payload), ...endOf(outputText(payload['output'])), at }, context, memory);
      return null;
    case 'web_search_call':
      readSearch(line, context);
      return null;
    default:
      return QUIET.has(type) ? null : `response_item/${type}`;
  }
}

function callId(payload: Fields): string {
  return label(payload['call_id'], payload['id']).text;
}

function toolName(payload: Fields): string {
  const [name, namespace] = [text(payload['name']) ?? '', text(payload['namespace'])];
  const isMcp = namespace?.startsWith('mcp__') === true && !name.startsWith('mcp__');
  return excerpt(isMcp ? `${namespace.replace(/__$/, '')}__${name}` : name, KEPT.label).text;
}

function outputText(output: unknown): string {
  if (typeof output === 'string') return output;
  const content = fields(output)['content'];
  if (typeof content === 'string') return content;
  return (Array.isArray(output) ? list(output) : list(content))
    .map((part) => text(fields(part)['text']))
    .filter((part) => part !== null)
    .join('\n');
}

function readMessage(
  { payload, at }: CodexLine,
  context: LineContext,
  memory: Memory,
  isBare: boolean,
): void {
  const parts = list(payload['content']).map(fields);
  const texts = parts.map((part) => text(part['text'])).filter((part) => part !== null);
  if (payload['role'] === 'assistant') {
    settleCandidate(context, memory);
    emitReply(texts.join('\n'), at, context, memory);
    return;
  }
  if (payload['role'] !== 'user') return;
  const words = texts
    .map(personWords)
    .filter((part) => part !== '')
    .join('\n');
  const attachments = parts.filter((part) => part['type'] === 'input_image').length;
  if (words === '') return;
  if (isBare) emitPrompt(words, at, attachments, context, memory);
  else if (!memory.hasPromptEvents) memory.candidate = { text: excerpt(words).text, at, attachments };
}

/** A search done on the model's side: call and result in one. */
function readSearch({ payload, at }: CodexLine, context: LineContext): void {
  const action = fields(payload['action']);
  const target = excerpt(
    firstText(action['query'], action['url'], list(action['queries'])[0]) ?? '',
    KEPT.label,
  );
  const id = firstText(payload['call_id'], payload['id']) ?? context.lineKey;
  const use = { does: 'web', target } as const;
  context.emit({ kind: 'tool-started', call: id, tool: 'web_search', use }, { key: `call/${id}`, at });
  const outcome = payload['status'] === 'failed' ? 'failed' : 'ok';
  context.emit(
    { kind: 'tool-ended', call: id, tool: 'web_search', use, outcome, output: null, words: null },
    { key: `end/${id}`, at },
  );
}
