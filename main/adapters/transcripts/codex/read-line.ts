import { PARSER_VERSIONS } from '../parser-versions.ts';
import type { LineContext, LineRules } from '../reading/event-parser.ts';
import { excerpt, fields, firstText, KEPT, text, time, type Fields } from '../reading/values.ts';
import type { CodexLine } from './line.ts';
import { startMemory, type Memory } from './memory.ts';
import { readEvent } from './read-event.ts';
import { readItem } from './read-item.ts';

/** The rules that convert the lines of Codex's rollouts, with and without their envelope, to events. */
export const LINE_RULES: LineRules<Memory> = {
  version: PARSER_VERSIONS.codex,
  start: startMemory,
  line: readLine,
};

/** The parent's lines are copied into a new thread within this time after its start. */
const COPY_MS = 2_000;
const QUIET = new Set(
  'world_state inter_agent_communication inter_agent_communication_metadata ghost_snapshot state'.split(' '),
);

function readLine(value: unknown, context: LineContext, memory: Memory): string | null {
  const all = fields(value);
  const at = time(all['timestamp']);
  const type = text(all['type']) ?? '';
  // Old files have no envelope: a first line with the facts, then the items themselves.
  if (!('payload' in all)) return readBare(all, { payload: all, at }, context, memory);
  const line = { payload: fields(all['payload']), at };
  if (type === 'session_meta') return readMeta(line, context, memory);
  if (isCopied(line, memory)) return null;
  switch (type) {
    case 'turn_context':
      return readTurn(line, context, memory);
    case 'response_item':
      return readItem(line, context, memory, false);
    case 'event_msg':
      return readEvent(line, context, memory);
    case 'compacted':
      context.emit({ kind: 'compacted', trigger: 'unknown' }, { at });
      return null;
    default:
      return QUIET.has(type) ? null : type || 'no type';
  }
}

function readBare(all: Fields, line: CodexLine, context: LineContext, memory: Memory): string | null {
  if (all['record_type'] !== undefined) return null;
  const isMeta = memory.thread === null && text(all['id']) !== null && !('role' in all) && !('type' in all);
  if (isMeta) return readMeta(line, context, memory);
  return text(all['type']) === null ? 'no type' : readItem(line, context, memory, true);
}

/** The first line of a file; a second one is the parent's, copied with its content. */
function readMeta({ payload, at }: CodexLine, context: LineContext, memory: Memory): null {
  const id = firstText(payload['id'], payload['session_id']) ?? '';
  if (memory.thread !== null) {
    if (id !== memory.thread) memory.copiedUntil = (memory.startedAt ?? at ?? 0) + COPY_MS;
    return null;
  }
  memory.thread = id;
  memory.startedAt = at ?? time(payload['timestamp']);
  const git = fields(payload['git']);
  emitSetting(
    {
      folder: text(payload['cwd']),
      version: text(payload['cli_version']),
      branch: text(git['branch']),
      remote: text(git['repository_url']),
      startedBy: firstText(payload['originator'], payload['source']),
    },
    memory.startedAt,
    context,
    memory,
  );
  const spawned = fields(fields(fields(payload['source'])['subagent'])['thread_spawn']);
  const parent = firstText(payload['parent_thread_id'], spawned['parent_thread_id']);
  const isSubagent = payload['thread_source'] === 'subagent' || 'subagent' in fields(payload['source']);
  const origin = isSubagent ? parent : firstText(payload['forked_from_id'], parent);
  const relation = isSubagent ? 'subagent-of' : 'forked-from';
  if (origin !== null || isSubagent)
    context.emit({ kind: 'lineage', relation, session: excerpt(origin ?? '', KEPT.label).text }, { at });
  return null;
}

function isCopied({ at }: CodexLine, memory: Memory): boolean {
  if (memory.copiedUntil !== null && at !== null && at > memory.copiedUntil) memory.copiedUntil = null;
  return memory.copiedUntil !== null;
}

function readTurn({ payload, at }: CodexLine, context: LineContext, memory: Memory): null {
  emitSetting({ folder: text(payload['cwd']), model: text(payload['model']) }, at, context, memory);
  return null;
}

function emitSetting(
  stated: Readonly<Record<string, string | null>>,
  at: number | null,
  context: LineContext,
  memory: Memory,
): void {
  const changed: Record<string, string> = {};
  for (const [name, value] of Object.entries(stated)) {
    if (value === null || memory.setting[name] === value) continue;
    memory.setting[name] = value;
    changed[name] = excerpt(value, KEPT.output).text;
  }
  if (Object.keys(changed).length > 0) context.emit({ kind: 'setting', ...changed }, { at });
}
