import * as v from 'valibot';
import { SEEN_LIMIT } from '../domain/marks.ts';
import { parseCalendarDate, parseMachineUuid } from '../domain/ids.ts';
import { parseLogId } from '../domain/log-path.ts';
import { LOG_PLACES } from '../domain/log-query.ts';
import { isTeamSearch, type TeamSearch } from '../domain/settings.ts';
import type { AppError } from '../app-error.ts';
import type { Result } from '../result.ts';
import { AGENTS, isSessionId } from '../transcripts/agents.ts';
import { parseHash } from './route.ts';

/** Makes a schema from a parser that returns a branded value, so that its message reaches the caller. */
function parsed<T>(maxLength: number, parse: (text: string) => Result<T, AppError>) {
  return v.pipe(
    v.string(),
    v.maxLength(maxLength),
    v.rawTransform<string, T>(({ dataset, addIssue, NEVER }) => {
      const result = parse(dataset.value);
      if (result.ok) return result.value;
      addIssue({ message: result.error.message });
      return NEVER;
    }),
  );
}

/** Text without NUL, which no path, name or setting may contain. */
const plainText = (maxLength: number) =>
  v.pipe(
    v.string(),
    v.maxLength(maxLength),
    v.check((text) => !text.includes('\0'), 'It holds a NUL character.'),
  );

const listOf = <S extends v.GenericSchema>(item: S, max: number) => v.pipe(v.array(item), v.maxLength(max));
const count = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(max));

export const none = v.strictObject({});
export const machineUuid = parsed(36, parseMachineUuid);
export const logId = parsed(1_000, (text) => {
  const id = parseLogId(text);
  return id.ok ? { ok: true, value: id.value.id } : id;
});
const day = parsed(10, parseCalendarDate);
const noteHash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'A note is named by 64 hexadecimal digits.'));
export const operationId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/, 'Not an operation id.'));

/** The filters of {@link LogQuery}, without paging. */
const filters = {
  machines: v.exactOptional(listOf(machineUuid, 1_000)),
  users: v.exactOptional(listOf(plainText(200), 1_000)),
  projects: v.exactOptional(listOf(plainText(300), 1_000)),
  clients: v.exactOptional(listOf(plainText(300), 1_000)),
  kinds: v.exactOptional(listOf(v.picklist(['daily', 'session', 'other']), 3)),
  files: v.exactOptional(v.boolean()),
  places: v.exactOptional(listOf(v.picklist(LOG_PLACES), LOG_PLACES.length)),
  captured: v.exactOptional(v.boolean()),
  from: v.exactOptional(day),
  to: v.exactOptional(day),
  text: v.exactOptional(plainText(500)),
};

const listing = {
  ...filters,
  order: v.exactOptional(v.picklist(['newest', 'oldest'])),
  groupBy: v.exactOptional(v.picklist(['day', 'machine'])),
};

export const logQuery = v.strictObject({
  ...listing,
  offset: v.exactOptional(count(100_000_000)),
  limit: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000))),
});
export const groupQuery = v.strictObject(listing);
/** A question, its filters, and which page of the answer. */
export const searchQuestion = v.strictObject({
  /** Where it is asked: a newer question replaces the previous one from the same box. */
  box: v.picklist(['list', 'palette', 'panel']),
  text: plainText(1_000),
  /** The last word may be unfinished: if it occurs nowhere, logs with words that begin with it match. */
  typing: v.exactOptional(v.boolean()),
  machines: filters.machines,
  users: filters.users,
  projects: filters.projects,
  clients: filters.clients,
  places: filters.places,
  captured: filters.captured,
  from: filters.from,
  to: filters.to,
  limit: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100))),
  cursor: v.exactOptional(v.pipe(v.string(), v.regex(/^r\d{1,6}$/, 'It names no page.'))),
  snippets: v.exactOptional(count(5)),
});
/** A saved search: words and filters as an address query. Lists not given are unchanged. */
const keptQuery = v.pipe(plainText(4_000), v.minLength(1));
export const searchesKept = v.strictObject({
  recent: v.exactOptional(listOf(keptQuery, 10)),
  saved: v.exactOptional(
    listOf(v.strictObject({ name: v.pipe(plainText(100), v.minLength(1)), query: keptQuery }), 50),
  ),
});
export const searchBuild = v.strictObject({ run: v.boolean() });
export const dayQuery = v.strictObject({ machines: filters.machines, from: filters.from, to: filters.to });
export const oneLog = v.strictObject({ id: logId });
export const logAtLine = v.strictObject({
  id: logId,
  line: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000_000))),
});

/** Maximum bytes returned by one `logs.read`. */
export const READ_LIMIT = 4 * 1024 * 1024;
export const readStretch = v.strictObject({
  id: logId,
  offset: v.exactOptional(count(Number.MAX_SAFE_INTEGER)),
  /** Bytes; 1 MiB by default. */
  length: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(4), v.maxValue(READ_LIMIT))),
  /** True: this exact copy; for a session of a daily log, its entries there. Otherwise the fullest available copy. */
  exact: v.exactOptional(v.boolean()),
});

/** Logs by id, or all that a query matches; an empty query means every log of the team. */
export const pullRequest = v.union([
  v.strictObject({ ids: v.pipe(listOf(logId, 10_000), v.minLength(1)) }),
  v.strictObject({ query: v.strictObject(filters) }),
]);

export const notesQuery = v.strictObject({
  /** `open` = for the reader and not done; `sent` = written by the reader; `all` = everything in all logs. */
  show: v.picklist(['unread', 'open', 'done', 'sent', 'all']),
  offset: v.exactOptional(count(1_000_000)),
  limit: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500))),
});
/** Names of people, projects and machines; none means all. */
const someNames = v.exactOptional(listOf(v.pipe(plainText(200), v.minLength(1)), 50));
export const pendingQuery = v.strictObject({
  users: someNames,
  projects: someNames,
  machines: someNames,
  mine: v.exactOptional(v.boolean()),
  /** Includes completed tasks. */
  all: v.exactOptional(v.boolean()),
  limit: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2_000))),
});
/** Ticks off tasks for the whole team, or undoes that. */
export const taskMark = v.strictObject({
  tasks: v.pipe(listOf(v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)), 1_000), v.minLength(1)),
  state: v.picklist(['done', 'open']),
});
const moment = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** How far the reader has looked: from `news.list`, or from `news.looked` to undo a look. */
export const newsLook = v.strictObject({
  upTo: moment,
  seen: v.pipe(
    v.custom<Record<string, unknown>>(
      (value) => typeof value === 'object' && value !== null && Object.keys(value).length <= SEEN_LIMIT,
    ),
    v.record(v.pipe(v.string(), v.regex(/^[0-9a-f-]{36}$/)), moment),
  ),
});
export const noteHashes = v.strictObject({ notes: v.pipe(listOf(noteHash, 1_000), v.minLength(1)) });

const path = v.pipe(plainText(4_096), v.minLength(1));
export const gitSyncRequest = v.strictObject({
  /** Absolute path of one registered workspace; all of them and the vault by default. */
  workspace: v.exactOptional(path),
  /** Commits every dirty file, not only this machine's logs. */
  all: v.exactOptional(v.boolean()),
});
export const oneOperation = v.strictObject({ operation: operationId });
export const operationsQuery = v.strictObject({ limit: v.exactOptional(count(200)) });
export const pauseRequest = v.strictObject({ for: v.picklist(['hour', 'tomorrow', 'until-resumed']) });
/** `account`: the UUID that this account of the computer always gets, instead of a new one. */
export const splitRequest = v.strictObject({ as: v.picklist(['machine', 'account']) });
export const attentionAnswer = v.strictObject({
  item: v.pipe(v.string(), v.minLength(1), v.maxLength(1_200)),
  answer: v.picklist([
    'take-remote',
    'push-as-is',
    'restore-all',
    'forget-lost',
    'split-machine',
    'own-account',
    'go-on-as',
    'accept-hostname',
    'start-fresh',
    'withhold-secrets',
    'commit-secrets',
    'always-commit-secrets',
    'leave-secrets',
    'leave-plain',
    'not-now',
    'retry',
    'dismiss',
  ]),
});

const authorFields = {
  user: plainText(64),
  name: plainText(128),
  email: plainText(254),
};
const storeFields = {
  url: plainText(2_000),
  tenant: plainText(63),
  credentials: plainText(4_096),
  impersonate: plainText(320),
  endpoint: plainText(2_000),
  sealedNames: v.boolean(),
};
const gitFields = {
  workspaces: listOf(path, 200),
  vault: plainText(4_096),
  lockWaitSeconds: count(86_400),
  wikiCommand: plainText(4_096),
  wikiTimeoutSeconds: count(86_400),
  withSecrets: listOf(path, 200),
  askIfPublic: v.boolean(),
  schedule: v.record(
    path,
    v.strictObject({ mode: v.picklist(['off', 'notes', 'logs']), minutes: v.picklist([15, 30, 60]) }),
  ),
};
const scheduleFields = {
  push: v.picklist(['on-change', 'daily', 'manual']),
  index: v.picklist(['auto', 'manual']),
  full: v.picklist(['weekly', 'manual']),
  pauseOnBattery: v.boolean(),
  pauseOnMetered: v.boolean(),
};
const saveFields = { toStore: v.picklist(['summary', 'whole']) };
const searchFields = {
  team: v.custom<TeamSearch>(isTeamSearch),
  credentials: v.picklist(['own', 'never']),
};
const syncFields = { stayHere: listOf(plainText(500), 200) };
const secretFields = { withhold: v.picklist(['plain-store', 'always', 'never']) };
const agentFields = { brief: v.boolean() };
const captureFields = {
  mode: v.picklist(['off', 'rescue', 'on']),
  quietMinutes: v.pipe(v.number(), v.integer()),
  roots: listOf(plainText(4_096), 100),
  never: listOf(plainText(4_096), 100),
  diskLimit: v.pipe(v.number(), v.integer()),
  copiesToStore: v.picklist(['sealed', 'always', 'never']),
};
const notificationFields = {
  notes: v.boolean(),
  problems: v.boolean(),
  quietHours: plainText(11),
};
const appFields = {
  launchAtLogin: v.boolean(),
  theme: v.picklist(['system', 'light', 'dark']),
  timeZone: plainText(100),
  updateChannel: v.picklist(['off', 'stable', 'beta']),
  updateFeed: plainText(2_000),
  editor: plainText(4_096),
  firstRunDone: v.boolean(),
};

export const storeSettings = v.strictObject(storeFields);

type Exact<T extends Record<string, v.GenericSchema>> = {
  [K in keyof T]: v.ExactOptionalSchema<T[K], undefined>;
};

/** The same fields, all optional. */
function some<T extends Record<string, v.GenericSchema>>(
  fields: T,
): v.StrictObjectSchema<Exact<T>, undefined> {
  const entries = Object.entries(fields).map(([name, schema]) => [name, v.exactOptional(schema)]);
  return v.strictObject(Object.fromEntries(entries) as Exact<T>);
}

/** Only what changes; groups and fields not given are unchanged. Meaning (a URL, a time zone) is validated by the use case. */
export const settingsPatch = v.strictObject({
  author: v.exactOptional(some(authorFields)),
  store: v.exactOptional(some(storeFields)),
  git: v.exactOptional(some(gitFields)),
  schedule: v.exactOptional(some(scheduleFields)),
  save: v.exactOptional(some(saveFields)),
  search: v.exactOptional(some(searchFields)),
  sync: v.exactOptional(some(syncFields)),
  secrets: v.exactOptional(some(secretFields)),
  agents: v.exactOptional(some(agentFields)),
  capture: v.exactOptional(some(captureFields)),
  notifications: v.exactOptional(some(notificationFields)),
  app: v.exactOptional(some(appFields)),
});
/** What a person saves by hand; without a workspace it goes to the data folder. */
export const sessionText = v.strictObject({
  workspace: v.nullable(path),
  topic: plainText(300),
  /** What it belongs to; an empty name means not chosen yet. */
  scope: v.nullable(v.strictObject({ kind: v.picklist(['project', 'client']), name: plainText(200) })),
  text: plainText(4 * 1024 * 1024),
});
export const settingsChange = v.strictObject({ change: settingsPatch });
export const settingsRecovery = v.strictObject({ from: v.picklist(['last-good', 'defaults']) });
export const agentChange = v.strictObject({ agent: v.literal('claude-code'), dryRun: v.boolean() });
export const newFolder = v.strictObject({ path });
export const setupWork = v.strictObject({ work: v.picklist(['nearby', 'copy']) });
export const logCopy = v.strictObject({ workspace: path, takeUnnamed: v.boolean(), dryRun: v.boolean() });
export const oneWorkspace = v.strictObject({ workspace: path });
export const settingsText = v.strictObject({ text: v.pipe(v.string(), v.maxLength(256 * 1024)) });
export const storeTest = v.strictObject({ store: storeSettings });

export const workspaceAddition = v.strictObject({ path, role: v.picklist(['workspace', 'vault']) });
export const pathPurpose = v.strictObject({
  purpose: v.picklist(['workspace', 'vault', 'store-folder', 'credentials', 'session-folder']),
});
export const oneMachine = v.strictObject({ machine: machineUuid });

/** The use case decides whether a link may be opened: only https and mailto. */
export const link = v.strictObject({ url: v.pipe(plainText(2_000), v.minLength(1)) });
export const routeChoice = v.strictObject({
  route: v.exactOptional(
    v.pipe(
      v.string(),
      v.maxLength(4_000),
      v.check((hash) => parseHash(hash) !== null, 'It names no place of the app.'),
    ),
  ),
});
export const ownPlace = v.strictObject({ what: v.picklist(['app-log', 'data', 'settings']) });
/** A label in a log's text, counted from 0; `exact` as in `logs.read`. */
const label = v.strictObject({ id: logId, exact: v.boolean(), nth: count(1_000_000) });
const secretId = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}$/));
export const revealedLabel = v.strictObject({ label, purpose: v.picklist(['show', 'copy']) });
export const allowedSecret = v.union([
  v.strictObject({ label, id: secretId }),
  v.strictObject({ item: attentionAnswer.entries.item, id: secretId }),
]);
/** Another machine's public key, and whether it may read the values kept here from now on. */
export const sharedKey = v.strictObject({
  key: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200)),
  how: v.picklist(['share', 'end']),
});
export const copiedText = v.strictObject({
  text: v.pipe(v.string(), v.maxLength(16 * 1024 * 1024)),
  /** Removed from the clipboard after a minute, unless it has been replaced by then. */
  secret: v.exactOptional(v.boolean()),
});

const sessionKey = {
  agent: v.picklist(AGENTS),
  id: v.pipe(v.string(), v.maxLength(128), v.check(isSessionId, 'It is no id of a session.')),
};
export const oneSession = v.strictObject(sessionKey);
export const sessionQuery = v.strictObject({
  agents: v.exactOptional(listOf(v.picklist(AGENTS), AGENTS.length)),
  /** Words of title, project, folder or id. */
  text: v.exactOptional(plainText(500)),
  /** Only sessions that will be deleted within so many days. */
  dueWithin: v.exactOptional(count(10_000)),
  /** Only what will soon be lost. */
  atRisk: v.exactOptional(v.literal(true)),
  offset: count(10_000_000),
  limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500)),
});
export const sessionCapture = v.strictObject({
  /** All that are worth a log, or these. */
  sessions: v.union([v.literal('all'), listOf(v.strictObject(sessionKey), 1_000)]),
});
export const conversationStretch = v.strictObject({
  ...sessionKey,
  /** Name of the file; the conversation itself by default. */
  file: v.exactOptional(plainText(4_096)),
  from: count(Number.MAX_SAFE_INTEGER),
  /** Maximum number of events. */
  limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2_000)),
});

/** The words that two people have compared. */
export const admission = v.strictObject({
  machine: machineUuid,
  words: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[a-z]{1,20}$/, 'It is no word.'))), v.length(8)),
});
export const sealRequest = v.strictObject({ newRecovery: v.boolean() });
/** `kept`: a person has stored it safely, and it is forgotten here. */
export const recoveryKept = v.strictObject({ kept: v.boolean() });
/** The key as typed, or the page it was printed on. */
export const recoveryText = v.strictObject({ text: v.pipe(plainText(16_000), v.minLength(1)) });
/** The public half of the holder's key: names and UUIDs may be ambiguous. */
export const keyHolder = v.strictObject({
  recipient: v.pipe(v.string(), v.regex(/^age1[0-9a-z]{58}$/, 'It is no key.')),
});
