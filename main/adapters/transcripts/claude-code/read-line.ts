import { PARSER_VERSIONS } from '../parser-versions.ts';
import type { LineContext, LineRules } from '../reading/event-parser.ts';
import { emitPullRequest } from '../reading/git-output.ts';
import { excerpt, fields, firstText, KEPT, number, text, tokens } from '../reading/values.ts';
import { lineOf, more, type Line } from './line.ts';
import { startMemory, type Memory } from './memory.ts';
import { readAssistant } from './read-assistant.ts';
import { readAttachment, readQueueOperation, readUser } from './read-user.ts';

/** Lines irrelevant for a log: progress, hooks, undo snapshots, the state of the screen. */
const QUIET = new Set(
  `progress file-history-snapshot file-history-delta mode permission-mode agent-name agent-color agent-setting tag worktree-state
content-replacement attribution-snapshot bridge-session atis-latch teleported-from session-owner tools-used agent_metadata
marble-origami-commit marble-origami-snapshot speculation-accept task-summary started result relocated queued_command fork-context-ref derived-from
turn-recap session-state`.split(/\s+/),
);

/** The rules that convert the lines of Claude Code's transcripts, of every version, to events. */
export const LINE_RULES: LineRules<Memory> = {
  version: PARSER_VERSIONS['claude-code'],
  start: startMemory,
  line: readLine,
};

const RECENT = 16;

function readLine(value: unknown, context: LineContext, memory: Memory): string | null {
  const line = lineOf(value, context, memory);
  const type = text(line.fields['type']) ?? '';
  emitSetting(line, context, memory);
  emitOrigin(line, context, memory);
  if (line.uuid !== null) memory.recent = [...memory.recent.slice(1 - RECENT), line.uuid];
  switch (type) {
    case 'user':
      return readUser(line, context, memory);
    case 'assistant':
      return readAssistant(line, context, memory);
    case 'system':
      return readSystem(line, context);
    case 'attachment':
      return readAttachment(line, context, memory);
    case 'queue-operation':
      return readQueueOperation(line, context, memory);
    default:
      return QUIET.has(type) ? readLineage(line, context) : readSessionLine(type, line, context, memory);
  }
}

/** Lines copied by a fork name their original session. */
function emitOrigin({ fields: all }: Line, context: LineContext, memory: Memory): void {
  const origin = text(fields(all['forkedFrom'])['sessionId']);
  if (origin === null || memory.origin !== '') return;
  memory.origin = excerpt(origin, KEPT.label).text;
  context.emit({ kind: 'lineage', relation: 'forked-from', session: memory.origin }, { key: 'lineage/fork' });
}

const SETTINGS = [
  ['folder', 'cwd'],
  ['branch', 'gitBranch'],
  ['version', 'version'],
  ['startedBy', 'entrypoint'],
] as const;

function emitSetting(line: Line, context: LineContext, memory: Memory): void {
  if (line.uuid === null || line.by !== null) return;
  const changed: Record<string, string> = {};
  for (const [name, field] of SETTINGS) {
    const now = text(line.fields[field]);
    if (now === null || memory.setting[name] === now) continue;
    memory.setting[name] = now;
    changed[name] = excerpt(now, KEPT.output).text;
  }
  if (Object.keys(changed).length > 0)
    context.emit({ kind: 'setting', ...changed }, more(line, `setting/${line.uuid}`));
}

/** Lines of the session rather than its conversation: mostly without a time, and written again and again. */
function readSessionLine(type: string, line: Line, context: LineContext, memory: Memory): string | null {
  const all = line.fields;
  const title = (words: unknown, source: 'person' | 'agent' | 'summary' | 'prompt', key: string): null => {
    const stated = text(words)?.trim() ?? '';
    if (stated !== '' && line.by === null)
      context.emit({ kind: 'title', title: excerpt(stated, KEPT.label).text, source }, more(line, key));
    return null;
  };
  switch (type) {
    case 'custom-title':
      return title(all['customTitle'], 'person', 'title/person');
    case 'ai-title':
      return title(all['aiTitle'], 'agent', 'title/agent');
    case 'summary':
      if (!memory.recent.includes(text(all['leafUuid']) ?? '')) return null;
      return title(all['summary'], 'summary', 'title/summary');
    case 'last-prompt':
      return null;
    case 'pr-link': {
      const url = text(all['prUrl']);
      if (url !== null)
        emitPullRequest(context, line.at, url, number(all['prNumber']), text(all['prRepository']));
      return null;
    }
    case 'cost-state':
      return readTotals(line, context);
    case 'continued-in': {
      const session = firstText(all['newSessionId'], all['continuedIn'], all['targetSessionId']);
      if (session !== null)
        context.emit({
          kind: 'lineage',
          relation: 'continued-in',
          session: excerpt(session, KEPT.label).text,
        });
      return null;
    }
    default:
      return type === '' ? 'no type' : type;
  }
}

function readLineage({ fields: all }: Line, context: LineContext): null {
  const type = all['type'];
  if (type !== 'fork-context-ref' && type !== 'derived-from' && type !== 'teleported-from') return null;
  const session = firstText(
    all['parentSessionId'],
    all['sourceSessionId'],
    all['forkedFrom'],
    all['derivedFrom'],
    fields(all['source'])['sessionId'],
  );
  const relation = type === 'teleported-from' ? 'continued-from' : 'forked-from';
  if (session !== null)
    context.emit({ kind: 'lineage', relation, session: excerpt(session, KEPT.label).text });
  return null;
}

/** The client's own totals over all models. */
function readTotals({ fields: all, at }: Line, context: LineContext): null {
  const models = Object.values(fields(all['modelUsage'])).map(fields);
  const sum = (name: string): number => models.reduce((total, model) => total + tokens(model[name]), 0);
  context.emit(
    {
      kind: 'usage',
      scope: 'session',
      model: null,
      input: sum('inputTokens'),
      output: sum('outputTokens'),
      cacheRead: sum('cacheReadInputTokens'),
      cacheWrite: sum('cacheCreationInputTokens'),
      costUsd: number(all['totalCostUSD']),
      quality: 'exact',
    },
    { key: 'usage/session', at },
  );
  return null;
}

const QUIET_SYSTEM = new Set(
  `turn_duration stop_hook_summary local_command informational away_summary scheduled_task_fire agents_killed microcompact_boundary
memory_saved bridge_status permission_retry snip_boundary snip_marker hook_response status thinking api_metrics file_snapshot task_summary`.split(
    /\s+/,
  ),
);

function readSystem(line: Line, context: LineContext): string | null {
  const all = line.fields;
  const subtype = text(all['subtype']) ?? '';
  if (subtype === 'compact_boundary') {
    const trigger = fields(all['compactMetadata'])['trigger'];
    const known = trigger === 'auto' || trigger === 'manual' ? trigger : 'unknown';
    context.emit({ kind: 'compacted', trigger: known }, more(line, line.uuid));
    return null;
  }
  if (subtype === 'api_error') {
    const error = fields(all['error']);
    const inner = fields(fields(error['error'])['error']);
    const message =
      firstText(inner['message'], error['message'], error['formatted'], all['content']) ?? 'API error';
    const attempts = number(all['maxRetries']) ?? 0;
    const retried = (number(all['retryAttempt']) ?? 0) < attempts || attempts === 0;
    const status = number(error['status']);
    context.emit(
      { kind: 'api-error', message: excerpt(message, KEPT.label).text, status, retried },
      more(line, line.uuid),
    );
    return null;
  }
  // Without a subtype, and in unknown subtypes, it is a message of the client on the screen.
  return subtype === '' || QUIET_SYSTEM.has(subtype) || subtype.includes('refusal')
    ? null
    : `system/${subtype}`;
}
