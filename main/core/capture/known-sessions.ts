import * as v from 'valibot';
import { AGENTS, isSessionId } from '../../../shared/transcripts/agents.ts';
import type { SessionKey } from '../../../shared/transcripts/session-list.ts';
import { knownOf, MIB, recallState, stateObject } from '../files/state-file.ts';
import { readRows } from '../files/state-rows.ts';
import type { Files } from '../ports/files.ts';
import type { Logger } from '../ports/logger.ts';
import type { FoundSession } from '../ports/transcript-source.ts';

const text = v.pipe(v.string(), v.maxLength(4_096));
const name = v.nullable(text);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const moment = v.nullable(v.number());

const knownSchema = v.object({
  agent: v.picklist(AGENTS),
  id: v.pipe(v.string(), v.check(isSessionId)),
  /** Its root, and the state of its files; see `printOf`. */
  root: text,
  print: text,
  size: count,
  mtimeMs: v.number(),
  /** Facts as of `factsPrint`: from head and tail, or (`isWhole`) of the whole transcript. */
  factsPrint: text,
  isWhole: v.boolean(),
  title: name,
  project: name,
  folder: name,
  /** Key of its first words, see `SessionFacts`; and the session that had them first, where this one begins as another. */
  firstKey: v.optional(name, null),
  forkOf: v.optional(name, null),
  startedBy: name,
  startedAt: moment,
  lastAt: moment,
  models: v.array(text),
  isUnderstood: v.boolean(),
  prompts: v.nullable(count),
  changedFiles: v.nullable(count),
  commands: v.nullable(count),
  commits: v.nullable(count),
  /** The copy as of `copyPrint`; `month` is its folder, empty for none. */
  copyPrint: text,
  month: text,
  /** Bytes of its pieces on this disk, and of its `copy.jsonl`. */
  stored: count,
  record: v.optional(count, 0),
  /** The log as of `logPrint`, which includes the parser version; relative to `session-logs/`, empty for none. */
  logPrint: text,
  log: text,
  logSha: text,
  outcome: v.picklist(['new', 'captured', 'written', 'short', 'program', 'never', 'forgotten', 'failed']),
  /** The agent no longer has it. */
  isGone: v.boolean(),
});

/** The known state of one session. All of it is regenerable. */
export type KnownSession = v.InferOutput<typeof knownSchema>;

/** The rows of `state/captures.json`. */
export const ROWS = { item: knownSchema, list: 'sessions' };
/** The earlier format, before one session per line. */
const FORMAT = {
  schema: stateObject({ sessions: knownOf(knownSchema), lookedAt: v.optional(v.number(), 0) }),
  maxBytes: 256 * MIB,
};

/** `state/captures.json`: every session ever seen here, by {@link keyOf}. */
export interface KnownSessions {
  readonly sessions: ReadonlyMap<string, KnownSession>;
  /** Last scan of the agents' folders, epoch milliseconds; 0 for never. */
  readonly lookedAt: number;
}

/** The known state, as read. */
export interface ReadKnown extends KnownSessions {
  /** Of the file as read (`rowsPrint`). */
  readonly print: string;
}

/** Reads the known state. Without the file everything is scanned again, with the same result. */
export async function readKnown(
  files: Files,
  path: string,
  logger: Pick<Logger, 'warn'>,
): Promise<ReadKnown> {
  let sessions = new Map<string, KnownSession>();
  const share = sharedTexts();
  const read = await readRows(files, path, ROWS, (one) => void sessions.set(keyOf(one), share(one)));
  if (read.ok && read.value !== null) {
    const { head, print } = read.value;
    return { sessions, lookedAt: Number(head['lookedAt']) || 0, print };
  }
  // Damaged, unreadable, or old: the reader of whole files tells which.
  const state = await recallState(files, path, FORMAT, logger);
  sessions = new Map(state?.sessions.map((one) => [keyOf(one), one]));
  return { sessions, lookedAt: state?.lookedAt ?? 0, print: '' };
}

/** Shares equal texts between sessions: for a hundred thousand, a third of their memory. */
function sharedTexts(): (one: KnownSession) => KnownSession {
  const texts = new Map<string, string>();
  const same = <T extends string | null>(text: T): T => {
    if (text === null) return text;
    const before = texts.get(text);
    if (before === undefined) texts.set(text, text);
    return (before ?? text) as T;
  };
  // A copy, because validated objects take three times as much.
  return (one) => ({
    ...one,
    root: same(one.root),
    project: same(one.project),
    folder: same(one.folder),
    startedBy: same(one.startedBy),
    month: same(one.month),
    models: one.models.map(same),
    factsPrint: one.factsPrint === one.print ? one.print : one.factsPrint,
    copyPrint: one.copyPrint === one.print ? one.print : one.copyPrint,
  });
}

/** A unique key for any session. */
export function keyOf({ agent, id }: SessionKey): string {
  return `${agent}/${id}`;
}

/** A session's file state: differs when any of them grew, changed, appeared or vanished. */
export function printOf({ files }: Pick<FoundSession, 'files'>): string {
  let [size, newest] = [0, 0];
  for (const file of files) {
    size += file.size;
    newest = Math.max(newest, file.mtimeMs);
  }
  return `${files.length} ${size} ${Math.floor(newest)}`;
}

/** A session found for the first time. */
export function newlyKnown({ agent, id, root }: FoundSession): KnownSession {
  return {
    agent,
    id,
    root,
    print: '',
    size: 0,
    mtimeMs: 0,
    factsPrint: '',
    isWhole: false,
    title: null,
    project: null,
    folder: null,
    firstKey: null,
    forkOf: null,
    startedBy: null,
    startedAt: null,
    lastAt: null,
    models: [],
    isUnderstood: true,
    prompts: null,
    changedFiles: null,
    commands: null,
    commits: null,
    copyPrint: '',
    month: '',
    stored: 0,
    record: 0,
    logPrint: '',
    log: '',
    logSha: '',
    outcome: 'new',
    isGone: false,
  };
}
