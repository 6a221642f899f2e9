import type { LineContext } from '../reading/event-parser.ts';
import { excerpt, shortKey } from '../reading/values.ts';
import type { Memory } from './memory.ts';

/** Beginnings of what the client adds to the conversation in a person's name. */
const CLIENT_TEXT =
  /^\s*(?:<(?:environment_context|user_instructions|permissions|INSTRUCTIONS|turn_aborted|skills?|skills_instructions|apps_instructions|plugins_instructions|collaboration_mode|personality_spec|user_shell_command|subagent_notification|model_switch|hook_prompt|goal_context|realtime_conversation|system-reminder|environment_update)\b|# AGENTS\.md instructions|# Context from my IDE setup|Another language model started to solve this problem)/;
/** The editor extension puts the open files before the words. */
const REQUEST = /^\s*# Context from my IDE setup[\s\S]*?\n## My request for Codex:\s*\n/;

/** A person's words without the client's additions; empty when there are none. */
export function personWords(raw: string): string {
  const words = raw.replace(REQUEST, '').trim();
  return CLIENT_TEXT.test(words) ? '' : words;
}

/** Emits a prompt. Its key is its position among the prompts and its words: the same in a copy of the thread. */
export function emitPrompt(
  words: string,
  at: number | null,
  attachments: number,
  context: LineContext,
  memory: Memory,
): void {
  const key = `prompt/${memory.promptCount++}/${shortKey(words)}`;
  memory.prompts.push(key);
  memory.candidate = null;
  const via = memory.setting['startedBy'] === 'codex_exec' ? 'program' : 'typed';
  context.emit({ kind: 'prompt', text: excerpt(words), via, attachments }, { key, at });
}

/** Emits an answer, once even if it is written both for the model and for the screen. */
export function emitReply(words: string, at: number | null, context: LineContext, memory: Memory): void {
  const hash = shortKey(words);
  if (words.trim() === '' || memory.lastReply === hash) return;
  memory.lastReply = hash;
  const key = `reply/${memory.replyCount++}/${hash}`;
  context.emit({ kind: 'reply', text: excerpt(words), model: memory.setting['model'] ?? null }, { key, at });
}

/** Emits pending words that might have been written again: the agent answers, so they were not. */
export function settleCandidate(context: LineContext, memory: Memory): void {
  const { candidate } = memory;
  if (candidate !== null && !memory.hasPromptEvents)
    emitPrompt(candidate.text, candidate.at, candidate.attachments, context, memory);
  memory.candidate = null;
}
