import * as v from 'valibot';
import { AGENTS } from '../../shared/transcripts/agents.ts';

const text = v.string();
const textOrNull = v.nullable(text);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const countOrNull = v.nullable(count);
const agent = v.picklist(AGENTS);
const notices = v.array(v.looseObject({ path: text, problem: text }));

const row = v.looseObject({
  agent,
  id: text,
  title: textOrNull,
  project: textOrNull,
  folder: textOrNull,
  startedAt: v.nullable(v.number()),
  lastAt: v.number(),
  prompts: countOrNull,
  changedFiles: countOrNull,
  commands: countOrNull,
  commits: countOrNull,
  models: v.array(text),
  size: count,
  log: v.picklist(['written', 'captured', 'waiting', 'none', 'short', 'program', 'never']),
  logId: textOrNull,
  copy: v.picklist(['whole', 'behind', 'none']),
  inStore: v.boolean(),
  countdown: v.looseObject({}),
  isUnderstood: v.boolean(),
  runs: count,
});

/** As in `envelopes.ts`, of `session-log sessions`. */
export const SESSIONS = {
  sessions: v.looseObject({
    rows: v.array(row),
    sums: v.looseObject({
      total: count,
      written: count,
      captured: count,
      copied: count,
      inStore: count,
      copyBytes: count,
      due: count,
      dueInStore: count,
      dueOnlyThere: count,
      toKeep: count,
    }),
    notices,
    offers: v.array(v.looseObject({ agent, path: text, days: count, edit: text })),
    lookedAt: v.number(),
  }),
  'sessions capture': v.looseObject({
    found: count,
    rescued: count,
    copiedBytes: count,
    logs: v.array(text),
    unchanged: count,
    room: v.looseObject({ dropped: count, bytes: count, onlyHere: v.array(text), onlyHereTotal: count }),
    failed: v.array(v.looseObject({ session: text })),
    failedTotal: count,
    notices,
  }),
  'sessions restore': v.looseObject({
    session: v.looseObject({ agent, id: text }),
    files: v.array(
      v.looseObject({
        path: text,
        action: v.picklist(['restored', 'there']),
        size: count,
        command: v.nullable(v.array(text)),
      }),
    ),
  }),
  'hooks plugin': v.looseObject({ folder: text, files: v.array(text) }),
  'sessions show': v.looseObject({
    facts: v.looseObject({ agent, id: text }),
    from: v.picklist(['agent', 'copy']),
    events: v.array(v.looseObject({})),
    next: countOrNull,
    size: count,
    files: v.array(v.looseObject({ name: text, subagent: textOrNull, size: count })),
  }),
};
