import * as v from 'valibot';
import { ERROR_CODES } from '../../shared/app-error.ts';
import { SECRETS } from './secrets-envelopes.ts';
import { SEALING_VALUES } from './sealing-envelopes.ts';
import { SESSIONS } from './session-envelopes.ts';

/**
 * What scripts may rely on in the `--json` of each command, as docs/interfaces.md says it: these keys are there with these types. More keys may
 * come with any version; one that goes or changes its type is a break, and this file has to say so.
 */
const text = v.string();
const textOrNull = v.nullable(v.string());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const ms = v.pipe(v.number(), v.minValue(0));
const uuid = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/));
const day = v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const anything = v.looseObject({});
const list = v.array(v.unknown());

/** A failure, of whatever command. */
export const FAILURE = v.looseObject({
  ok: v.literal(false),
  error: v.looseObject({
    code: v.picklist(ERROR_CODES),
    message: text,
    remedy: text,
    transient: v.boolean(),
    action: v.optional(text),
    details: v.optional(anything),
  }),
});

const row = v.looseObject({
  id: text,
  machine: uuid,
  host: text,
  path: text,
  kind: text,
  topic: textOrNull,
  user: textOrNull,
  project: textOrNull,
  client: textOrNull,
  date: day,
  time: ms,
  mtime: ms,
  size: count,
  sha256: v.nullable(sha256),
  title: textOrNull,
  author: textOrNull,
  session: textOrNull,
  sessions: count,
  notes: count,
  tags: v.array(text),
  place: v.picklist(['workspace', 'local', 'cached', 'git', 'store']),
  commit: textOrNull,
  backedUp: v.boolean(),
  stale: v.boolean(),
});

const machines = v.array(
  v.looseObject({
    machine: uuid,
    host: text,
    own: v.boolean(),
    logs: count,
    bytes: count,
    cachedLogs: count,
    firstDate: v.nullable(day),
    lastDate: v.nullable(day),
    lastSeen: v.nullable(ms),
  }),
);

const mark = v.looseObject({ success: ms, failure: v.nullable(anything) });
const identity = v.looseObject({
  machine_uuid: uuid,
  hardware_hash: text,
  hostname: text,
  platform: text,
  platform_version: text,
  model: text,
  created: text,
  schema: v.literal(1),
});

const push = v.looseObject({
  uploaded: list,
  unchanged: count,
  gone: list,
  lost: list,
  attention: list,
  refused: list,
  failed: list,
  pending: count,
  bytes: count,
  published: v.boolean(),
  dryRun: v.boolean(),
});
const index = v.looseObject({ machines: count, updated: list, failed: list, refused: count, foreign: list });
const restore = v.looseObject({ restored: list, failed: list, strangers: list });

const note = v.looseObject({
  hash: sha256,
  to: text,
  from: text,
  date: textOrNull,
  text,
  truncated: v.boolean(),
  origin: v.looseObject({ kind: text, path: text }),
  state: v.picklist(['unread', 'read', 'done']),
});

const change = v.looseObject({ path: text, action: text, backup: textOrNull, diff: text });
const hookChange = v.looseObject({ dryRun: v.boolean(), settings: change, commands: v.array(change) });

const pendingThread = {
  machine: uuid,
  host: text,
  path: text,
  part: textOrNull,
  title: textOrNull,
  user: textOrNull,
  project: textOrNull,
  client: textOrNull,
  day,
  moment: ms,
  mtime: ms,
  mine: v.boolean(),
};
const pendingTask = {
  id: v.pipe(text, v.regex(/^[0-9a-f]{32}$/)),
  line: count,
  readLine: count,
  text,
  group: textOrNull,
  since: day,
  state: v.picklist(['open', 'done']),
  doneInLog: v.boolean(),
  doneBy: v.nullable(v.looseObject({ reader: text, host: text, at: ms })),
};
const markedTasks = v.looseObject({
  state: v.picklist(['open', 'done']),
  tasks: v.array(v.looseObject({ ...pendingTask, thread: v.looseObject(pendingThread) })),
});

/** The value of a success, by the command. */
export const VALUES: Readonly<Record<string, v.GenericSchema>> = {
  status: v.looseObject({
    machine: v.nullable(v.looseObject({ uuid, host: text })),
    local: v.looseObject({
      logs: count,
      bytes: count,
      staysHere: count,
      unsynced: count,
      unsyncedBytes: count,
      lost: count,
      refused: list,
    }),
    store: v.nullable(
      v.looseObject({
        url: text,
        tenant: text,
        probe: v.nullable(anything),
        journal: v.looseObject({
          marks: v.looseObject({ push: mark, index: mark, pull: mark, full: mark, git: mark }),
        }),
        due: v.looseObject({ push: v.nullable(ms), full: v.nullable(ms) }),
      }),
    ),
    machines,
    queued: count,
    sessions: v.looseObject({ mode: text, sums: v.looseObject({ total: count, copied: count }) }),
  }),
  list: v.looseObject({
    rows: v.array(row),
    total: count,
    version: count,
    offset: count,
    notices: v.array(text),
  }),
  pending: v.looseObject({
    reader: text,
    threads: v.array(v.looseObject({ ...pendingThread, tasks: v.array(v.looseObject(pendingTask)) })),
    open: count,
    done: count,
    more: v.boolean(),
    waiting: count,
    notices: v.array(text),
  }),
  ...SECRETS,
  'pending done': markedTasks,
  'pending undo': markedTasks,
  since: v.looseObject({
    reader: text,
    since: v.nullable(count),
    from: count,
    logs: v.array(
      v.looseObject({
        id: text,
        host: text,
        path: text,
        title: textOrNull,
        user: textOrNull,
        author: textOrNull,
        project: textOrNull,
        client: textOrNull,
        date: text,
        mtime: count,
        place: text,
        grown: v.boolean(),
      }),
    ),
    more: v.boolean(),
    notes: count,
    tasks: count,
    look: v.looseObject({ upTo: count, seen: v.record(text, count) }),
    marked: v.boolean(),
  }),
  search: v.looseObject({
    hits: v.array(
      v.looseObject({
        id: text,
        log: text,
        machine: text,
        host: text,
        path: text,
        part: textOrNull,
        title: textOrNull,
        user: textOrNull,
        project: textOrNull,
        client: textOrNull,
        day: text,
        rung: v.picklist(['phrase', 'near', 'all', 'similar', 'most']),
        pulled: v.boolean(),
        commit: textOrNull,
        section: textOrNull,
        line: count,
        snippets: v.array(
          v.looseObject({ line: count, section: textOrNull, text, marks: v.array(v.tuple([count, count])) }),
        ),
        more: v.array(v.looseObject({ id: text, title: textOrNull, line: count })),
      }),
    ),
    total: v.looseObject({ count, atLeast: v.boolean() }),
    next: textOrNull,
    complete: v.boolean(),
    waiting: count,
    explanations: v.array(text),
    notices: v.array(anything),
  }),
  show: v.looseObject({ ...row.entries, text, file: textOrNull, line: v.nullable(count) }),
  machines,
  ...SEALING_VALUES,
  ...SESSIONS,
  sync: v.variant('mode', [
    v.looseObject({ mode: v.literal('push'), report: push }),
    v.looseObject({ mode: v.literal('index'), report: index }),
    v.looseObject({ mode: v.literal('pull'), report: anything }),
    v.looseObject({ mode: v.literal('full'), report: v.looseObject({ restore, push, index }) }),
    v.looseObject({ mode: v.literal('both'), report: v.looseObject({ push, index }) }),
  ]),
  browse: v.looseObject({ url: v.pipe(text, v.url()), port: count }),
  save: v.looseObject({
    save: v.looseObject({
      path: text,
      file: text,
      action: text,
      lines: count,
      topic: text,
      session: text,
      day,
      warnings: list,
    }),
    wiki: v.nullable(anything),
    sync: v.nullable(anything),
  }),
  'git-sync': v.looseObject({
    trees: v.array(
      v.looseObject({
        role: text,
        tree: text,
        branch: textOrNull,
        state: text,
        commit: v.nullable(v.looseObject({ sha: text, subject: text, author: text })),
        files: v.array(v.looseObject({ path: text, change: text })),
        notes: list,
        warnings: list,
        problem: v.nullable(anything),
      }),
    ),
  }),
  notes: v.looseObject({
    reader: text,
    notes: v.array(note),
  }),
  'notes show': note,
  'notes done': v.looseObject({ done: v.array(sha256) }),
  lint: v.looseObject({
    logs: v.array(v.looseObject({ path: text, score: v.number(), findings: list })),
    errors: count,
    warnings: count,
    score: v.nullable(v.number()),
    passedOver: list,
  }),
  whoami: v.looseObject({
    user: text,
    fullName: text,
    email: textOrNull,
    role: textOrNull,
    machine: textOrNull,
    path: text,
    source: text,
    workspace: textOrNull,
    block: text,
    warnings: list,
  }),
  'hooks install': hookChange,
  'hooks status': v.looseObject({ settings: text, state: text, hooks: list, missing: list, commands: list }),
  'hooks remove': hookChange,
  'schedule install': v.looseObject({
    kind: text,
    dryRun: v.boolean(),
    steps: list,
    timers: list,
    hints: list,
  }),
  'schedule status': v.looseObject({ kind: textOrNull, timers: list }),
  'schedule remove': list,
  restore,
  verify: v.looseObject({
    lost: count,
    storeChecked: count,
    fetched: count,
    waiting: count,
    foreign: list,
    cacheChecked: count,
    problems: list,
  }),
  doctor: v.array(
    v.looseObject({
      level: v.picklist(['ok', 'warning', 'error']),
      subject: text,
      finding: text,
      remedy: text,
    }),
  ),
  init: v.looseObject({ identity, outcome: text, notices: v.array(text) }),
  machine: v.looseObject({
    identity,
    path: text,
    match: v.looseObject({ states: list, matching: count, of: count, unique: v.boolean() }),
    place: text,
    problems: list,
  }),
  'config list': v.looseObject({ schema: v.literal(1), store: anything, git: anything, app: anything }),
  'config get': text,
  'config set': v.looseObject({ schema: v.literal(1) }),
  'config path': text,
  migrate: v.looseObject({
    did: text,
    report: v.looseObject({ repo: text, folders: v.array(text), mode: text, copied: list, refused: list }),
  }),
  'lock status': v.nullable(anything),
  setup: v.looseObject({
    steps: v.array(
      v.looseObject({
        step: text,
        action: text,
        says: v.array(text),
        undo: textOrNull,
        error: v.nullable(anything),
      }),
    ),
    next: v.array(text),
  }),
  uninstall: v.looseObject({
    dryRun: v.boolean(),
    parts: list,
    stays: list,
    store: textOrNull,
    program: text,
  }),
  demo: v.looseObject({
    root: text,
    kept: v.boolean(),
    machines: v.array(v.looseObject({ name: text, home: text, sessions: count, logs: count })),
  }),
};

/** Reads the value of a success. @throws what is wrong with it, and where */
export function checkValue(command: string, value: unknown): void {
  const schema = VALUES[command];
  if (schema === undefined) throw new Error(`this file knows no envelope of ${command}`);
  const { issues } = v.safeParse(schema, value);
  if (issues === undefined) return;
  const lines = issues.map((issue) => `${v.getDotPath(issue) ?? 'the value'}: ${issue.message}`);
  const given = JSON.stringify(value, null, 1).slice(0, 2_000);
  throw new Error(`${command} --json: ${lines.join('; ')}\n${given}`);
}
