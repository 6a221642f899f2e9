import type { Excerpt, ToolUse, TranscriptEvent } from '../../../shared/transcripts/events.ts';

/** Lines of an output that went well: a log shows fewer. */
const OUTPUT_LINES = 8;
/** Characters that a log can use of each text, so that a transcript of any size is made to a log in little memory. */
const KEPT = { prompt: 4_000, reply: 4_000, command: 2_000, output: 2_000, plan: 2_000, other: 500 };

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** An event with what a log can use of it; null for one that no log uses. */
export function compactEvent(event: TranscriptEvent): TranscriptEvent | null {
  switch (event.kind) {
    case 'prompt':
      return { ...event, text: head(event.text, KEPT.prompt) };
    case 'reply':
      return { ...event, text: head(event.text, KEPT.reply) };
    case 'plan':
      return { ...event, text: head(event.text, KEPT.plan) };
    case 'tool-started':
      return { ...event, use: compactUse(event.use) };
    case 'tool-ended':
      return { ...event, use: compactUse(event.use), output: compactOutput(event) };
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

/** Of a failure its head, of what else a command printed its first lines; what other tools answered is in no log. */
function compactOutput({
  use,
  outcome,
  output,
}: Extract<TranscriptEvent, { kind: 'tool-ended' }>): Excerpt | null {
  if (output === null) return null;
  if (outcome === 'failed') return head(output, KEPT.output);
  if (use.does !== 'command') return null;
  return head(output, Math.min(KEPT.output, endOfLines(output.text)));
}

/** Where the lines end of which a log may show some. */
function endOfLines(text: string): number {
  let end = 0;
  for (let line = 0; line < OUTPUT_LINES && end !== -1; line++) end = text.indexOf('\n', end + 1);
  return end === -1 ? text.length : end;
}

function compactUse(use: ToolUse): ToolUse {
  switch (use.does) {
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

/** A head of its own: engines keep the whole of a text alive for a part that was cut from it. */
function head(excerpt: Excerpt, limit: number): Excerpt {
  const { text, length } = excerpt;
  if (text.length <= limit) return excerpt;
  return { text: decoder.decode(encoder.encode(text.slice(0, limit))), length };
}
