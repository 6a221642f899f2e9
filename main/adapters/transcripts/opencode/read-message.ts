import type { LineContext } from '../reading/event-parser.ts';
import {
  excerpt,
  fields,
  firstText,
  KEPT,
  list,
  number,
  shortKey,
  text,
  time,
  type Fields,
} from '../reading/values.ts';
import { emitUsage, readTool, type Base } from './calls.ts';

/** State shared while reading the messages of one opencode 2 session. */
export interface SecondContext {
  readonly context: LineContext;
  /** Where it was started: paths may be relative to it. */
  readonly folder: string | null;
  /** How often a message of that kind and time occurred. */
  readonly seen: Map<string, number>;
}

/** Messages irrelevant for a log: what the client tells the model, and its own marks. */
const QUIET = new Set(['synthetic', 'system', 'skill', 'agent-switched']);

/**
 * Reads a message of opencode 2. A fork has copies of its parent's messages under other ids; kind and time are the same, and so are the
 * keys of what is read from them.
 */
export function readSecond(message: Fields, shared: SecondContext): void {
  const { context } = shared;
  const at = time(fields(message['time'])['created']);
  const type = text(message['type']) ?? 'no type';
  const moment = `${type}/${at ?? shortKey(JSON.stringify(message))}`;
  const nth = shared.seen.get(moment) ?? 0;
  shared.seen.set(moment, nth + 1);
  const base = { key: nth === 0 ? moment : `${moment}/${nth}`, at };
  switch (type) {
    case 'user':
      return readWords(message, base, context);
    case 'assistant':
      return readAnswer(message, base, shared);
    case 'shell':
      return readShell(message, base, context);
    case 'compaction':
      return readCompaction(message, base, context);
    case 'idle':
      if (message['outcome'] === 'interrupted') context.emit({ kind: 'interrupted', during: 'answer' }, base);
      return;
    case 'model-switched':
      return emitModel(modelOf(message), base, context);
    case 'location-switched': {
      const folder = text(fields(message['location'])['directory']);
      if (folder !== null) context.emit({ kind: 'setting', folder }, base);
      return;
    }
    case 'left-out':
      context.emit({ kind: 'unknown', what: `too-large: ${number(message['bytes']) ?? 0} bytes` }, base);
      return;
    default:
      if (!QUIET.has(type)) context.emit({ kind: 'unknown', what: type.slice(0, 80) }, base);
  }
}

function readWords(message: Fields, base: Base, context: LineContext): void {
  const words = text(message['text'])?.trim() ?? '';
  const attachments = list(message['files']).length;
  if (words === '' && attachments === 0) return;
  const via = words.startsWith('/') ? 'command' : 'typed';
  context.emit({ kind: 'prompt', text: excerpt(words), via, attachments }, base);
}

/** A command run by the person, which is theirs as a prompt is. */
function readShell(message: Fields, base: Base, context: LineContext): void {
  const command = text(message['command']) ?? '';
  context.emit({ kind: 'prompt', text: excerpt(command), via: 'shell', attachments: 0 }, base);
  const [output] = [fields(message['output'])['output'], message['output']].flatMap((one) => text(one) ?? []);
  const state = {
    status: message['status'] === 'running' ? 'running' : 'completed',
    input: { command },
    output,
    metadata: { exit: message['exit'] },
    time: { start: base.at, end: fields(message['time'])['completed'] },
  };
  readTool({ tool: 'shell', callID: base.key, state }, base, context);
}

function readCompaction(message: Fields, base: Base, context: LineContext): void {
  if (message['status'] === 'running' || message['status'] === 'failed') return;
  const trigger =
    message['reason'] === 'auto' || message['reason'] === 'manual' ? message['reason'] : 'unknown';
  context.emit({ kind: 'compacted', trigger }, base);
}

function modelOf(message: Fields): string | null {
  return text(fields(message['model'])['id']);
}

function emitModel(model: string | null, base: Base, context: LineContext): void {
  if (model !== null) context.emit({ kind: 'setting', model: excerpt(model, KEPT.label).text }, base);
}

function readAnswer(message: Fields, base: Base, { context, folder }: SecondContext): void {
  const model = modelOf(message);
  for (const [index, part] of list(message['content']).map(fields).entries()) {
    const own = { ...base, key: `${base.key}/${index}` };
    const type = text(part['type']) ?? 'no type';
    const words = type === 'text' ? (text(part['text'])?.trim() ?? '') : '';
    if (words !== '' && part['synthetic'] !== true && part['ignored'] !== true)
      context.emit({ kind: 'reply', text: excerpt(words), model }, own);
    if (type === 'tool') readTool(asPart(part, folder), own, context);
    else if (type !== 'text' && type !== 'reasoning')
      context.emit({ kind: 'unknown', what: type.slice(0, 80) }, own);
  }
  const ended = { ...base, at: time(fields(message['time'])['completed']) ?? base.at };
  readError(message, ended, context);
  emitUsage(message, model, ended, context);
}

function readError(message: Fields, base: Base, context: LineContext): void {
  const error = fields(message['error']);
  const said = firstText(error['message'], error['type']);
  if (said === null) return;
  const own = { ...base, key: `${base.key}/error` };
  // An interruption is also reported by the mark of its end.
  if (/abort|interrupt|cancel/i.test(text(error['type']) ?? '')) return;
  const status = number(error['status']);
  context.emit({ kind: 'api-error', message: excerpt(said, KEPT.label).text, status, retried: false }, own);
}

/** A call in the form used by versions before 2. */
function asPart(part: Fields, folder: string | null): Fields {
  const state = fields(part['state']);
  const { created, ran, completed } = fields(part['time']);
  const texts = list(state['content']).flatMap((one) => text(fields(one)['text']) ?? []);
  const input = fields(state['input']);
  const path = text(input['path']);
  const isFrom = path !== null && folder !== null && !/^(?:[/\\~]|[A-Za-z]:)/.test(path);
  return {
    tool: part['name'],
    callID: part['id'],
    state: {
      status: state['status'],
      input: isFrom ? { ...input, path: `${folder}/${path}` } : input,
      output: texts.join('\n'),
      error: firstText(fields(state['error'])['message'], state['error']),
      metadata: metadataOf(state, texts),
      time: { start: ran ?? created, end: completed },
    },
  };
}

/** A tool's facts about its result. Only its text says whether a file was new. */
function metadataOf(state: Fields, texts: readonly string[]): Fields {
  const stated = { ...fields(state['structured']), ...fields(state['metadata']) };
  return texts[0]?.startsWith('Created file') ? { ...stated, exists: false } : stated;
}
