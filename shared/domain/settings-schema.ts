import * as v from 'valibot';
import { authorProblem, type AuthorField } from './author.ts';
import { err, ok, type Result } from '../result.ts';
import { DEFAULT_SETTINGS as D, isTeamSearch, type Settings, type TeamSearch } from './settings.ts';
import { parseTenantId } from './ids.ts';

/** An unusable value in settings.json. */
export interface SettingsProblem {
  /** Dotted, e.g. `store.tenant`; empty for the file as a whole. */
  readonly key: string;
  /** In words, without the value: a secret may have been pasted into the wrong place. */
  readonly problem: string;
}

const text = v.pipe(
  v.string('must be text'),
  v.check((value) => !value.includes('\0'), 'must not hold a NUL character'),
);
const flag = v.boolean('must be true or false');
const seconds = (least: number, most: number) =>
  v.pipe(
    v.number('must be a number of seconds'),
    v.integer('must be a whole number of seconds'),
    v.minValue(least, `must be at least ${least} seconds`),
    v.maxValue(most, `must be at most ${most} seconds`),
  );
const oneOf = <const T extends readonly string[]>(values: T) =>
  v.picklist(values, `must be one of ${values.join(', ')}`);

const storeUrl = v.pipe(
  text,
  v.check(
    (value) =>
      value === '' ||
      /^gs:\/\/[a-z0-9][a-z0-9._-]{1,220}[a-z0-9](?:\/.*)?$/.test(value) ||
      /^file:\/\/\/./.test(value),
    'must be gs://bucket, gs://bucket/prefix or file:///folder, or empty',
  ),
);
const webUrl = v.pipe(
  text,
  v.check((value) => value === '' || isWebUrl(value), 'must be an http:// or https:// address, or empty'),
);
const absolutePath = v.pipe(
  text,
  v.check((value) => isAbsolutePath(value), 'must be an absolute path'),
);
const optionalPath = v.pipe(
  text,
  v.check((value) => value === '' || isAbsolutePath(value), 'must be an absolute path, or empty'),
);
const quietHours = v.pipe(
  text,
  v.check(
    (value) => value === '' || /^(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d$/.test(value),
    'must look like 22:00-07:00, or be empty',
  ),
);
const timeZone = v.pipe(
  text,
  v.check((value) => value === '' || isTimeZone(value), 'must be an IANA name like Europe/Berlin, or empty'),
);
const tenant = v.pipe(
  text,
  v.check(
    (value) => parseTenantId(value).ok,
    'must be 1 to 63 lower-case letters, digits and dashes, starting and ending with a letter or digit',
  ),
);

const authorPart = (field: AuthorField) =>
  v.pipe(
    text,
    v.check(
      (value) => authorProblem(field, value) === null,
      ({ input }) => authorProblem(field, input) ?? '',
    ),
  );

const authorSchema = v.object(
  {
    user: v.optional(authorPart('user'), D.author.user),
    name: v.optional(authorPart('name'), D.author.name),
    email: v.optional(authorPart('email'), D.author.email),
  },
  'must be an object',
);
const storeSchema = v.object(
  {
    url: v.optional(storeUrl, D.store.url),
    tenant: v.optional(tenant, D.store.tenant),
    credentials: v.optional(optionalPath, D.store.credentials),
    impersonate: v.optional(text, D.store.impersonate),
    endpoint: v.optional(webUrl, D.store.endpoint),
    sealedNames: v.optional(flag, D.store.sealedNames),
  },
  'must be an object',
);
/** Far more workspaces than anybody registers. */
const MOST_WORKSPACES = 200;
const workspaceSchedule = v.object(
  {
    mode: oneOf(['off', 'notes', 'logs']),
    minutes: v.picklist([15, 30, 60], 'must be 15, 30 or 60'),
  },
  'must be an object with mode and minutes',
);
const workspaceSchedules = v.pipe(
  v.record(absolutePath, workspaceSchedule, 'must be an object of workspaces'),
  v.check(
    (value) => Object.keys(value).length <= MOST_WORKSPACES,
    `must name at most ${MOST_WORKSPACES} workspaces`,
  ),
);

const gitSchema = v.object(
  {
    workspaces: v.optional(v.array(absolutePath, 'must be a list of paths'), [...D.git.workspaces]),
    vault: v.optional(optionalPath, D.git.vault),
    lockWaitSeconds: v.optional(seconds(0, 86_400), D.git.lockWaitSeconds),
    wikiCommand: v.optional(text, D.git.wikiCommand),
    wikiTimeoutSeconds: v.optional(seconds(1, 86_400), D.git.wikiTimeoutSeconds),
    withSecrets: v.optional(v.array(absolutePath, 'must be a list of paths'), [...D.git.withSecrets]),
    askIfPublic: v.optional(flag, D.git.askIfPublic),
    schedule: v.optional(workspaceSchedules, {}),
  },
  'must be an object',
);
const scheduleSchema = v.object(
  {
    push: v.optional(oneOf(['on-change', 'daily', 'manual']), D.schedule.push),
    index: v.optional(oneOf(['auto', 'manual']), D.schedule.index),
    full: v.optional(oneOf(['weekly', 'manual']), D.schedule.full),
    pauseOnBattery: v.optional(flag, D.schedule.pauseOnBattery),
    pauseOnMetered: v.optional(flag, D.schedule.pauseOnMetered),
  },
  'must be an object',
);
const saveSchema = v.object(
  { toStore: v.optional(oneOf(['summary', 'whole']), D.save.toStore) },
  'must be an object',
);
const teamSearch = v.custom<TeamSearch>(
  isTeamSearch,
  'must be one of all, off, or a number of months (the last so many)',
);
const searchSchema = v.object(
  {
    team: v.optional(teamSearch, D.search.team),
    credentials: v.optional(oneOf(['own', 'never']), D.search.credentials),
  },
  'must be an object',
);
/** Far more than anybody writes. */
const MOST_GLOBS = 200;
const syncSchema = v.object(
  {
    stayHere: v.optional(
      v.pipe(
        v.array(
          v.pipe(text, v.maxLength(500, 'must be globs of at most 500 characters')),
          'must be a list of globs',
        ),
        v.maxLength(MOST_GLOBS, `must be at most ${MOST_GLOBS} globs`),
      ),
      [...D.sync.stayHere],
    ),
  },
  'must be an object',
);
const secretsSchema = v.object(
  { withhold: v.optional(oneOf(['plain-store', 'always', 'never']), D.secrets.withhold) },
  'must be an object',
);
const agentsSchema = v.object({ brief: v.optional(flag, D.agents.brief) }, 'must be an object');
const wholeNumber = (least: number, most: number, unit: string) => {
  const problem = `must be a whole number of ${unit} from ${least} to ${most}`;
  return v.pipe(v.number(problem), v.integer(problem), v.minValue(least, problem), v.maxValue(most, problem));
};
/** Far more folders than anybody names. */
const MOST_FOLDERS = 100;
const folders = v.pipe(
  v.array(absolutePath, 'must be a list of paths'),
  v.maxLength(MOST_FOLDERS, `must name at most ${MOST_FOLDERS} folders`),
);
const captureSchema = v.object(
  {
    mode: v.optional(oneOf(['off', 'rescue', 'on']), D.capture.mode),
    quietMinutes: v.optional(wholeNumber(1, 1_440, 'minutes'), D.capture.quietMinutes),
    roots: v.optional(folders, [...D.capture.roots]),
    never: v.optional(folders, [...D.capture.never]),
    diskLimit: v.optional(wholeNumber(1, 10_000, 'gigabytes'), D.capture.diskLimit),
    copiesToStore: v.optional(oneOf(['sealed', 'always', 'never']), D.capture.copiesToStore),
  },
  'must be an object',
);
const notificationsSchema = v.object(
  {
    notes: v.optional(flag, D.notifications.notes),
    problems: v.optional(flag, D.notifications.problems),
    quietHours: v.optional(quietHours, D.notifications.quietHours),
  },
  'must be an object',
);
const appSchema = v.object(
  {
    launchAtLogin: v.optional(flag, D.app.launchAtLogin),
    theme: v.optional(oneOf(['system', 'light', 'dark']), D.app.theme),
    timeZone: v.optional(timeZone, D.app.timeZone),
    updateChannel: v.optional(oneOf(['off', 'stable', 'beta']), D.app.updateChannel),
    updateFeed: v.optional(webUrl, D.app.updateFeed),
    editor: v.optional(text, D.app.editor),
    firstRunDone: v.optional(flag, D.app.firstRunDone),
  },
  'must be an object',
);

/** settings.json in its current schema; absent values take their defaults. Unknown keys are for newer versions. */
export const settingsSchema = v.object(
  {
    schema: v.literal(1),
    author: v.optional(authorSchema, {}),
    store: v.optional(storeSchema, {}),
    git: v.optional(gitSchema, {}),
    schedule: v.optional(scheduleSchema, {}),
    save: v.optional(saveSchema, {}),
    search: v.optional(searchSchema, {}),
    sync: v.optional(syncSchema, {}),
    secrets: v.optional(secretsSchema, {}),
    agents: v.optional(agentsSchema, {}),
    capture: v.optional(captureSchema, {}),
    notifications: v.optional(notificationsSchema, {}),
    app: v.optional(appSchema, {}),
  },
  'must be an object',
);

/** Upgrades an older form by one schema: index n holds the step from schema n to n + 1. Schema 1 is the first. */
const MIGRATIONS: ReadonlyMap<number, (older: Record<string, unknown>) => Record<string, unknown>> =
  new Map();

/**
 * Parses settings of any known schema.
 * @param raw the parsed settings.json; `{}` for a missing file
 * @returns the settings, or everything that is wrong with them
 */
export function parseSettings(raw: unknown): Result<Settings, readonly SettingsProblem[]> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    return err([{ key: '', problem: 'must hold an object' }]);
  let current: Record<string, unknown> = { ...raw };
  // A file written by hand, or by a program that set a single value, names no schema.
  const found = current['schema'] ?? D.schema;
  if (typeof found !== 'number' || !Number.isInteger(found) || found < 1)
    return err([{ key: 'schema', problem: 'must be a whole number' }]);
  if (found > D.schema)
    return err([
      {
        key: 'schema',
        problem: `is ${found}, written by a newer version of Session Log; this one knows ${D.schema}`,
      },
    ]);
  for (let at = found; at < D.schema; at++) current = MIGRATIONS.get(at)?.(current) ?? current;
  const parsed = v.safeParse(settingsSchema, { ...current, schema: D.schema });
  if (parsed.success) return ok(parsed.output);
  return err(parsed.issues.map((issue) => ({ key: v.getDotPath(issue) ?? '', problem: issue.message })));
}

function isWebUrl(value: string): boolean {
  // By pattern, because not every platform this file runs on has a URL class.
  return /^https?:\/\/[^\s/]+(?:\/\S*)?$/.test(value);
}

function isAbsolutePath(value: string): boolean {
  return value.startsWith('/') || /^[A-Za-z]:[\\/]/.test(value) || value.startsWith('\\\\');
}

function isTimeZone(value: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
