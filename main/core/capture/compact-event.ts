import type { Excerpt, ToolUse, TranscriptEvent } from '../../../shared/transcripts/events.ts';
import { isLook } from './stretch-view.ts';

/** Characters of each text that a log can use, so that a transcript of any size becomes a log in little memory. */
const KEPT = { prompt: 4_000, reply: 4_000, command: 2_000, output: 4_096, plan: 2_000, other: 500 };

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A log links to words only. */
const NOWHERE = { file: '', offset: 0, length: 0 };

/**
 * Reduces an event to what a log can use; null for one no log uses.
 * @param same returns the earlier instance of an equal text: names and paths recur
 */
export function compactEvent(event: TranscriptEvent, same: (text: string) => string): TranscriptEvent | null {
  switch (event.kind) {
    case 'prompt':
      return { ...event, text: head(event.text, KEPT.prompt) };
    case 'reply':
      return { ...event, text: head(event.text, KEPT.reply) };
    case 'plan':
      return { ...event, text: head(event.text, KEPT.plan) };
    case 'tool-started':
      return { ...event, tool: same(event.tool), use: compactUse(event.use, same), place: NOWHERE };
    case 'tool-ended': {
      const [use, output] = [compactUse(event.use, same), compactOutput(event)];
      return { ...event, tool: same(event.tool), use, output, place: NOWHERE };
    }
    case 'usage':
      return { ...event, place: NOWHERE };
    case 'subagent-started':
      return { ...event, task: head(event.task, KEPT.other) };
    case 'subagent-ended':
      return { ...event, answer: event.answer === null ? null : head(event.answer, KEPT.other) };
    case 'unknown':
      return null;
    default:
      return event;
  }
}

/** Answers of tools other than commands are in no log, except for failures. */
function compactOutput({
  use,
  outcome,
  output,
}: Extract<TranscriptEvent, { kind: 'tool-ended' }>): Excerpt | null {
  const isShown = outcome === 'failed' || (use.does === 'command' && !isLook(use.command.text));
  return output === null || !isShown ? null : head(output, KEPT.output);
}

function compactUse(use: ToolUse, same: (text: string) => string): ToolUse {
  switch (use.does) {
    case 'change':
      return { ...use, files: use.files.map((file) => ({ ...file, path: same(file.path) })) };
    case 'command':
      return { ...use, command: head(use.command, KEPT.command) };
    case 'search':
      return { ...use, query: head(use.query, KEPT.other) };
    case 'web':
      return { ...use, target: head(use.target, KEPT.other) };
    case 'subagent':
      return { ...use, task: head(use.task, KEPT.other) };
    case 'other':
      return use.about === null ? use : { ...use, about: head(use.about, KEPT.other) };
    default:
      return use;
  }
}

/** A separate copy: engines keep a whole text alive for a slice of it. */
function head(excerpt: Excerpt, limit: number): Excerpt {
  const { text, length } = excerpt;
  if (text.length <= limit) return excerpt;
  return { text: decoder.decode(encoder.encode(text.slice(0, limit))), length };
}
