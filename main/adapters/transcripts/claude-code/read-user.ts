import type { PromptEvent } from '../../../../shared/transcripts/events.ts';
import type { LineContext } from '../reading/event-parser.ts';
import { excerpt, fields, firstText, KEPT, label, list, text, type Fields } from '../reading/values.ts';
import { slot, type Memory } from './memory.ts';
import { userText } from './prompt-text.ts';
import { more, type Line } from './line.ts';
import { emitToolResult } from './tool-results.ts';

/** A prompt delivered in the middle of a turn is written as an attachment at once, if at all. */
const SOON_MS = 10_000;

/** Reads a `user` line: a person's words, tool results, or the client's own texts under a person's name. */
export function readUser(line: Line, context: LineContext, memory: Memory): string | null {
  const content = fields(line.fields['message'])['content'];
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : list(content).map(fields);
  const results = blocks.filter((block) => block['type'] === 'tool_result');
  for (const block of results) readResult(line, block, results.length, context, memory);
  if (results.length > 0 || !isOfPerson(line)) {
    // Besides a result there is at most text of the client, such as that it was interrupted.
    for (const block of blocks) readInterruption(line, text(block['text']) ?? '', context);
    return null;
  }
  readWords(line, blocks, context, memory);
  return null;
}

function isOfPerson({ fields: all, by }: Line): boolean {
  if (by !== null || all['isMeta'] === true || all['isCompactSummary'] === true) return false;
  if (all['isVisibleInTranscriptOnly'] === true || all['isSidechain'] === true) return false;
  const kind = text(fields(all['origin'])['kind']);
  const source = text(all['promptSource']);
  return (kind === null || kind === 'human') && source !== 'system' && source !== 'hook';
}

function readWords(line: Line, blocks: readonly Fields[], context: LineContext, memory: Memory): void {
  const texts = blocks.filter((block) => block['type'] === 'text').map((block) => text(block['text']) ?? '');
  const attachments = blocks.filter(
    (block) => block['type'] === 'image' || block['type'] === 'document',
  ).length;
  const read = texts.map(userText);
  for (const one of read) {
    if (one.is === 'interruption') emitInterruption(line, one.during, context);
    if (one.is === 'notification') readNotification(line, one, context, memory);
  }
  const words = read.flatMap((one) =>
    one.is === 'prompt' || one.is === 'command' || one.is === 'shell' ? [one] : [],
  );
  if (words.length === 0 && (attachments === 0 || read.length > 0)) return;
  const stated = words.map((one) => one.text).join('\n');
  const key = line.uuid ?? `${context.lineKey}#prompt`;
  const queued = takeQueued(memory, stated, line.at, key);
  const first = words[0]?.is ?? 'prompt';
  // A program's prompts are queued as well, since 2.1.3.
  const own = viaOf(line);
  const via = first !== 'prompt' ? first : queued === null || own === 'program' ? own : 'queued';
  if (queued !== null) retract([queued], 'redrafted', line, context);
  emitPrompt(line, { key, via, text: stated, attachments }, context, memory);
}

function viaOf({ fields: all }: Line): PromptEvent['via'] {
  const isProgram =
    text(all['promptSource']) === 'sdk' || /^sdk-(?:cli|ts|py)$/.test(text(all['entrypoint']) ?? '');
  return isProgram ? 'program' : 'typed';
}

function emitPrompt(
  line: Line,
  prompt: {
    readonly key: string;
    readonly via: PromptEvent['via'];
    readonly text: string;
    readonly attachments: number;
  },
  context: LineContext,
  memory: Memory,
): void {
  const { draft } = memory;
  const { key, via, attachments } = prompt;
  // Written again in the same place before there was an answer: only the second was sent.
  if (
    draft !== null &&
    !draft.isAnswered &&
    draft.parent !== null &&
    draft.parent === line.parent &&
    draft.key !== key
  )
    retract([draft.key], 'redrafted', line, context);
  if (via !== 'shell') memory.draft = { key, parent: line.parent, isAnswered: false };
  context.emit({ kind: 'prompt', text: excerpt(prompt.text), via, attachments }, more(line, key));
}

function readInterruption(line: Line, words: string, context: LineContext): void {
  const read = words.startsWith('[Request interrupted') ? userText(words) : null;
  if (read?.is === 'interruption') emitInterruption(line, read.during, context);
}

function emitInterruption(line: Line, during: 'answer' | 'tool', context: LineContext): void {
  context.emit({ kind: 'interrupted', during }, more(line, line.uuid === null ? null : `stop/${line.uuid}`));
}

function retract(
  keys: readonly string[],
  why: 'redrafted' | 'withdrawn',
  line: Line,
  context: LineContext,
): void {
  context.emit({ kind: 'retracted', keys, andAfter: false, why }, { at: line.at, by: line.by });
}

function readResult(line: Line, block: Fields, count: number, context: LineContext, memory: Memory): void {
  const details = line.fields['toolUseResult'];
  emitToolResult(
    {
      id: label(block['tool_use_id']).text,
      content: contentOf(block['content']),
      isError: block['is_error'] === true,
      // Given once per line; with several results on a line it cannot be assigned.
      details: count === 1 ? fields(details) : {},
      at: line.at,
      by: line.by,
    },
    context,
    memory,
  );
}

function contentOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return list(content)
    .map((part) => text(fields(part)['text']))
    .filter((part) => part !== null)
    .join('\n');
}

/** Background work reports its end in place of a prompt. */
function readNotification(
  line: Line,
  { task, status, summary }: { readonly task: string; readonly status: string; readonly summary: string },
  context: LineContext,
  memory: Memory,
): void {
  const started = memory.background[slot(task)];
  if (started === undefined || !['completed', 'failed', 'killed', 'stopped'].includes(status)) return;
  delete memory.background[slot(task)];
  const outcome = status === 'completed' ? 'ok' : status === 'failed' ? 'failed' : 'interrupted';
  const answer = summary === '' ? null : excerpt(summary, KEPT.output);
  const { call, tool, use } = started;
  if (use.does === 'subagent')
    context.emit(
      { kind: 'subagent-ended', call, agent: task, outcome, durationMs: null, answer },
      { key: `agent-end/${call}`, at: line.at, by: line.by },
    );
  context.emit(
    { kind: 'tool-ended', call, tool, use, outcome, output: answer, words: null },
    { key: `end/${call}`, at: line.at, by: line.by },
  );
}

/** Reads what was typed while the agent worked. It is written once or twice more when the agent gets it, or never. */
export function readQueueOperation(line: Line, context: LineContext, memory: Memory): string | null {
  const operation = line.fields['operation'];
  if (operation === 'enqueue') {
    queue(line, contentOf(line.fields['content']), context, memory);
  } else if (operation === 'remove') {
    // The oldest queued prompt, or the named one, goes to the agent in the middle of its turn.
    const named = contentOf(line.fields['content']);
    const at = memory.queued.findIndex(
      (one) => one.handedAt === null && (named === '' || one.text === named.trim()),
    );
    const one = memory.queued[at];
    if (one !== undefined) memory.queued[at] = { ...one, handedAt: line.at ?? 0 };
  } else if (operation === 'popAll') {
    // Taken back to the input line, to be rewritten.
    const keys = memory.queued.filter((one) => one.handedAt === null).map((one) => one.key);
    if (keys.length > 0) retract(keys, 'withdrawn', line, context);
    memory.queued = memory.queued.filter((one) => one.handedAt !== null);
  } else if (operation !== 'dequeue') {
    return `queue-operation/${String(operation)}`;
  }
  return null;
}

function queue(line: Line, raw: string, context: LineContext, memory: Memory): void {
  const read = userText(raw);
  if (read.is === 'notification') readNotification(line, read, context, memory);
  if (read.is !== 'prompt' && read.is !== 'command') return;
  const key = `queued/${line.at ?? context.lineKey}`;
  memory.queued = [...memory.queued.slice(-99), { key, text: read.text, handedAt: null }];
  context.emit(
    { kind: 'prompt', text: excerpt(read.text), via: 'queued', attachments: 0 },
    { key, at: line.at, by: line.by },
  );
}

/**
 * Finds the queued prompt with these words. It is remembered a little longer under its new key: some versions write it
 * twice.
 * @returns the key of its event
 */
function takeQueued(memory: Memory, words: string, at: number | null, key: string): string | null {
  const index = memory.queued.findIndex(
    (one) => one.text === words && (one.handedAt === null || Math.abs((at ?? 0) - one.handedAt) < SOON_MS),
  );
  const one = memory.queued[index];
  if (one === undefined) return null;
  memory.queued[index] = { key, text: words, handedAt: at ?? 0 };
  return one.key === key ? null : one.key;
}

/** Reads an attachment: only queued prompts are a person's. */
export function readAttachment(line: Line, context: LineContext, memory: Memory): string | null {
  const attachment = fields(line.fields['attachment']);
  if (attachment['type'] !== 'queued_command' || line.by !== null) return null;
  const origin = text(fields(attachment['origin'])['kind']);
  if (
    firstText(attachment['commandMode']) === 'task-notification' ||
    (origin !== null && origin !== 'human')
  ) {
    const read = userText(contentOf(attachment['prompt']));
    if (read.is === 'notification') readNotification(line, read, context, memory);
    return null;
  }
  if (attachment['isMeta'] === true) return null;
  const prompt = attachment['prompt'];
  const blocks = typeof prompt === 'string' ? [{ type: 'text', text: prompt }] : list(prompt).map(fields);
  readQueuedWords(line, blocks, context, memory);
  return null;
}

function readQueuedWords(line: Line, blocks: readonly Fields[], context: LineContext, memory: Memory): void {
  const read = blocks
    .filter((block) => block['type'] === 'text')
    .map((block) => userText(text(block['text']) ?? ''));
  const notice = read.find((one) => one.is === 'notification');
  if (notice?.is === 'notification') readNotification(line, notice, context, memory);
  const words = read
    .flatMap((one) => (one.is === 'prompt' || one.is === 'command' ? [one.text] : []))
    .join('\n');
  if (words === '') return;
  const key = line.uuid ?? `${context.lineKey}#prompt`;
  const queued = takeQueued(memory, words, line.at, key);
  if (queued !== null) retract([queued], 'redrafted', line, context);
  const attachments = blocks.filter((block) => block['type'] === 'image').length;
  context.emit({ kind: 'prompt', text: excerpt(words), via: 'queued', attachments }, more(line, key));
}
