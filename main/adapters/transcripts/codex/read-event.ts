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
import { endCall } from './calls.ts';
import type { CodexLine } from './line.ts';
import type { Memory } from './memory.ts';
import { emitPrompt, emitReply, personWords } from './prompts.ts';

/** Screen events that only repeat the conversation. */
const QUIET = new Set(
  `task_started turn_started task_complete turn_complete agent_reasoning agent_reasoning_raw_content agent_reasoning_section_break
session_configured exec_command_begin exec_command_output_delta patch_apply_begin mcp_tool_call_begin web_search_begin web_search_end turn_diff
plan_update item_started item_completed mcp_startup_update mcp_startup_complete background_event deprecation_notice entered_review_mode
exited_review_mode exec_approval_request apply_patch_approval_request view_image_tool_call thread_settings_applied thread_goal_updated
collab_agent_spawn_begin collab_agent_interaction_begin collab_agent_interaction_end collab_waiting_begin collab_waiting_end
collab_close_begin collab_close_end collab_resume_begin collab_resume_end sub_agent_activity image_generation_begin image_generation_end
dynamic_tool_call_request dynamic_tool_call_response guardian_assessment hook_started hook_completed model_reroute model_verification
skills_update_available terminal_interaction undo_started undo_completed shutdown_complete raw_response_item warning
context_compacted`.split(/\s+/),
);

/** Reads an event that the client wrote for its screen: a person's words, tokens, interruptions, errors. */
export function readEvent(line: CodexLine, context: LineContext, memory: Memory): string | null {
  const { payload, at } = line;
  const type = text(payload['type']) ?? '';
  switch (type) {
    case 'user_message':
      return readUserMessage(line, context, memory);
    case 'agent_message':
      emitReply(text(payload['message']) ?? '', at, context, memory);
      return null;
    case 'token_count':
      return readTokens(line, context, memory);
    case 'turn_aborted':
      if (payload['reason'] !== 'replaced') context.emit({ kind: 'interrupted', during: 'answer' }, { at });
      return null;
    case 'error':
    case 'stream_error':
      return readError(type, line, context);
    case 'thread_name_updated': {
      const title = firstText(payload['thread_name'], payload['name'])?.trim() ?? '';
      const short = excerpt(title, KEPT.label).text;
      if (title !== '')
        context.emit({ kind: 'title', title: short, source: 'person' }, { key: 'title/person', at });
      return null;
    }
    case 'thread_rolled_back':
      return rollBack(line, context, memory);
    case 'exec_command_end':
    case 'patch_apply_end':
    case 'mcp_tool_call_end':
      return readCallEnd(line, context, memory);
    case 'collab_agent_spawn_end':
      return readSpawn(line, context);
    default:
      return QUIET.has(type) ? null : `event_msg/${type}`;
  }
}

function readUserMessage({ payload, at }: CodexLine, context: LineContext, memory: Memory): null {
  memory.hasPromptEvents = true;
  memory.candidate = null;
  const words = personWords(text(payload['message']) ?? '');
  const attachments = list(payload['images']).length + list(payload['local_images']).length;
  if (words !== '' || attachments > 0) emitPrompt(words, at, attachments, context, memory);
  return null;
}

/** The thread's total, written repeatedly: the last one counts. */
function readTokens({ payload, at }: CodexLine, context: LineContext, memory: Memory): null {
  const total = fields(fields(payload['info'])['total_token_usage']);
  if (number(total['total_tokens']) === null) return null;
  const cached = tokens(total['cached_input_tokens']);
  context.emit(
    {
      kind: 'usage',
      scope: 'session',
      model: memory.setting['model'] ?? null,
      input: Math.max(0, tokens(total['input_tokens']) - cached),
      output: tokens(total['output_tokens']),
      cacheRead: cached,
      cacheWrite: 0,
      costUsd: null,
      quality: 'exact',
    },
    { key: 'usage/session', at },
  );
  return null;
}

function readError(type: string, { payload, at }: CodexLine, context: LineContext): null {
  const message = excerpt(text(payload['message']) ?? 'error', KEPT.label).text;
  const [info] = Object.values(fields(payload['codex_error_info']));
  const status = number(fields(info)['http_status_code']);
  context.emit({ kind: 'api-error', message, status, retried: type === 'stream_error' }, { at });
  return null;
}

function rollBack({ payload, at }: CodexLine, context: LineContext, memory: Memory): null {
  const turns = Math.max(0, Math.min(number(payload['num_turns']) ?? 0, memory.prompts.length));
  const gone = memory.prompts.splice(memory.prompts.length - turns, turns);
  if (gone.length > 0)
    context.emit({ kind: 'retracted', keys: gone, andAfter: true, why: 'rewound' }, { at });
  return null;
}

/** How a call ended, according to the client; written only for some calls, and then before the output for the model. */
function readCallEnd({ payload, at }: CodexLine, context: LineContext, memory: Memory): null {
  const id = text(payload['call_id']);
  if (id === null) return null;
  const exit = number(payload['exit_code']);
  const isFailed = payload['success'] === false || (exit !== null && exit !== 0) || failedMcp(payload);
  const printed =
    firstText(payload['aggregated_output'], payload['formatted_output'], payload['stdout']) ?? '';
  endCall({ id, output: printed, outcome: isFailed ? 'failed' : 'ok', exit, at }, context, memory);
  return null;
}

function failedMcp(payload: Fields): boolean {
  const result = fields(payload['result']);
  return 'Err' in result || fields(result['Ok'])['isError'] === true;
}

function readSpawn({ payload, at }: CodexLine, context: LineContext): null {
  const call = text(payload['call_id']);
  const agent = firstText(payload['new_thread_id'], payload['agent_thread_id']);
  const task = label(payload['prompt']);
  if (call !== null)
    context.emit(
      { kind: 'subagent-started', call, agent, agentType: null, task },
      { key: `agent/${call}`, at },
    );
  return null;
}
