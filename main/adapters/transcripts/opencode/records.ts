import { PARSER_VERSIONS } from '../parser-versions.ts';
import type { LineContext, LineRules } from '../reading/event-parser.ts';
import {
  excerpt,
  fields,
  firstText,
  KEPT,
  label,
  list,
  number,
  text,
  time,
  type Fields,
} from '../reading/values.ts';
import { emitUsage, readTool, type Base } from './calls.ts';
import { readSecond } from './read-message.ts';

/** The rules that convert an export of opencode to events. */
export const EXPORT_RULES: LineRules<null> = {
  version: PARSER_VERSIONS.opencode,
  start: () => null,
  line: readExport,
};

function readExport(value: unknown, context: LineContext): string | null {
  const info = fields(fields(value)['info']);
  const id = text(info['id']);
  const { messages } = fields(value);
  if (id === null || !Array.isArray(messages)) return 'no export of opencode';
  const at = time(fields(info['time'])['created']);
  const folder = firstText(info['directory'], fields(info['location'])['directory']);
  const version = text(info['version']);
  const setting = { ...(folder === null ? {} : { folder }), ...(version === null ? {} : { version }) };
  context.emit({ kind: 'setting', ...setting }, { key: `${id}/setting`, at });
  const title = excerpt(text(info['title'])?.trim() ?? '', KEPT.label).text;
  // Its title for an unnamed session.
  if (title !== '' && !/^(?:New|Child) session - /.test(title))
    context.emit({ kind: 'title', title, source: 'agent' }, { key: `${id}/title` });
  const parent = text(info['parentID']);
  if (parent !== null)
    context.emit({ kind: 'lineage', relation: 'subagent-of', session: parent }, { key: `${id}/parent` });
  const fork = text(info['forkSessionID']);
  if (fork !== null)
    context.emit({ kind: 'lineage', relation: 'forked-from', session: fork }, { key: `${id}/fork` });
  const seen = new Map<string, number>();
  for (const message of messages.map(fields))
    if ('info' in message) readMessage(message, context);
    else readSecond(message, { context, folder, seen });
  return null;
}

function readMessage(message: Fields, context: LineContext): void {
  const info = fields(message['info']);
  const parts = list(message['parts']).map(fields);
  const base = { key: text(info['id']) ?? context.lineKey, at: time(fields(info['time'])['created']) };
  if (info['role'] === 'user') readPrompt(parts, base, context);
  else if (info['role'] === 'assistant') {
    for (const [index, part] of parts.entries())
      readPart(part, info, { ...base, key: text(part['id']) ?? `${base.key}/${index}` }, context);
    readEnd(info, base, context);
  } else
    context.emit(
      { kind: 'unknown', what: (firstText(info['role'], info['type']) ?? 'no role').slice(0, 80) },
      base,
    );
}

function readPrompt(parts: readonly Fields[], base: Base, context: LineContext): void {
  const typed = parts.filter(
    (part) => part['type'] === 'text' && part['synthetic'] !== true && part['ignored'] !== true,
  );
  const words = typed
    .map((part) => text(part['text'])?.trim() ?? '')
    .filter((one) => one !== '')
    .join('\n');
  const attachments = parts.filter((part) => part['type'] === 'file').length;
  if (parts.some((part) => part['type'] === 'compaction'))
    context.emit({ kind: 'compacted', trigger: 'unknown' }, { ...base, key: `${base.key}/compaction` });
  if (words === '' && attachments === 0) return;
  const via = words.startsWith('/') ? 'command' : 'typed';
  context.emit({ kind: 'prompt', text: excerpt(words), via, attachments }, base);
}

const QUIET = /^(?:step-start|step-finish|snapshot|patch|reasoning|agent|retry|compaction|subtask|file)$/;

function readPart(part: Fields, info: Fields, base: Base, context: LineContext): void {
  const type = text(part['type']) ?? 'no type';
  const at = time(fields(part['time'])['start']) ?? base.at;
  if (type === 'tool') readTool(part, { ...base, at }, context);
  else if (type === 'text') {
    const words = text(part['text'])?.trim() ?? '';
    if (words === '' || part['synthetic'] === true) return;
    context.emit({ kind: 'reply', text: excerpt(words), model: text(info['modelID']) }, { ...base, at });
  } else if (type === 'left-out') {
    context.emit({ kind: 'unknown', what: `too-large: ${number(part['bytes']) ?? 0} bytes` }, base);
  } else if (!QUIET.test(type)) context.emit({ kind: 'unknown', what: type.slice(0, 80) }, base);
}

function readEnd(info: Fields, base: Base, context: LineContext): void {
  const at = time(fields(info['time'])['completed']) ?? base.at;
  const error = fields(info['error']);
  const name = text(error['name']);
  if (name === 'MessageAbortedError')
    context.emit({ kind: 'interrupted', during: 'answer' }, { key: `${base.key}/error`, at });
  else if (name !== null) {
    const data = fields(error['data']);
    const message = label(data['message'], name).text;
    const status = number(data['statusCode']);
    context.emit({ kind: 'api-error', message, status, retried: false }, { key: `${base.key}/error`, at });
  }
  emitUsage(info, text(info['modelID']), { ...base, at }, context);
}
