import { type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { parseCalendarDate, quote, type CalendarDate } from '../../../shared/domain/ids.ts';
import { parseLogName } from '../../../shared/domain/log-name.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import { appendText, encode } from './append-text.ts';
import { arrangeLog, arrangeUpdate, topicOf } from './arrange-log.ts';
import { findOwnLog, readMark } from './find-own-log.ts';
import { namedTarget, type Target } from './named-target.ts';
import { inFolder } from '../files/folder-path.ts';
import { dayFolder } from './log-folder.ts';
import type { SavePlan } from './save-plan.ts';
import { readMemory, remember, type SaveMemory } from './save-memory.ts';
import { findMark, type SessionMark } from '../../../shared/domain/session-mark.ts';
import { closingFence } from './split-sections.ts';
import { topicSlug, userSlug } from '../../../shared/domain/topic-slug.ts';

/** The result for the session's log. */
export interface LogWritten {
  /** Relative to the work tree (or the data folder), `/`-separated. */
  readonly path: string;
  /** Absolute. */
  readonly file: string;
  /** `unchanged`: this session's text was there already. */
  readonly action: 'created' | 'appended' | 'unchanged';
  /** Lines added. */
  readonly lines: number;
  readonly topic: string;
  readonly session: string;
  /** The day of this save: for an unchanged log, when its text was saved. */
  readonly day: CalendarDate;
  readonly warnings: readonly string[];
}

/** Logs of a work tree are shared through git, which has no private files. */
const MODES = { workspace: 0o644, 'data-folder': 0o600 } as const;
const MAX_DISCRIMINATOR = 999;

/** Creates the session's log, or appends to it. The caller holds the save lock. */
export async function writeLog(
  deps: { readonly files: Files; readonly clock: Clock },
  memoryPath: string,
  plan: SavePlan,
): Answer<LogWritten> {
  const memory = await readMemory(deps.files, memoryPath);
  const labels: Record<string, string> = {};
  const zoneLabel = (): string => (labels[plan.zoneKey] = memory?.labels[plan.zoneKey] ?? plan.zoneLabel());
  const written = await writeTarget(deps.files, { ...plan, zoneLabel }, memory);
  if (written.ok && plan.sessionKnown) {
    const { path, session } = written.value;
    const base = path.replace(/(?:\/\d{4}-\d{2})?\/[^/]+$/, '');
    const hint = { session, workspace: plan.home.root, base, path, at: deps.clock.now() };
    await remember(deps.files, memoryPath, memory, hint, labels);
  }
  return written;
}

async function writeTarget(files: Files, plan: SavePlan, memory: SaveMemory | null): Answer<LogWritten> {
  const target = await chooseTarget(files, plan, memory);
  if (!target.ok) return target;
  const { session, append } = target.value;
  return append === null ? makeLog(files, plan, target.value) : appendUpdate(files, plan, session, append);
}

async function chooseTarget(files: Files, plan: SavePlan, memory: SaveMemory | null): Answer<Target> {
  if (plan.log !== null) return namedTarget(files, plan, plan.log);
  if (!plan.sessionKnown) return ok({ session: plan.session, append: null, name: null });
  const own = await findOwnLog(files, {
    home: plan.home,
    folder: plan.folder,
    scopeNamed: plan.scopeNamed,
    session: plan.session,
    user: userSlug(plan.identity.user),
    today: plan.time.date,
    hints: memory?.sessions ?? null,
  });
  return own.ok ? ok({ session: plan.session, append: own.value, name: null }) : own;
}

/** A new log, not yet written. */
export interface LogDraft {
  readonly topic: string;
  /** Relative to the work tree (or the data folder), without number and `.md`. */
  readonly stem: string;
  readonly text: string;
  readonly warnings: readonly string[];
}

/** Long runs of letters and digits tell a reader nothing and may be tokens; a name, which git and a store show, cannot have a label. */
function readable(topic: string): string {
  return topic.replaceAll(/\w{20,}/g, (piece) => (/\d/.test(piece) && /[a-z]/i.test(piece) ? ' ' : piece));
}

/** Arranges a session's new log. Pure. @returns `invalid-input` when nothing tells its topic */
export function draftLog(plan: SavePlan, session: string): Result<LogDraft, AppError> {
  const topic = topicOf(plan.topic, plan.text);
  const slug = topicSlug(readable(topic ?? ''));
  if (topic === null || slug === '') {
    return fail(
      'invalid-input',
      plan.topic === null
        ? 'There is no topic for this session.'
        : `No file name can be made of the topic ${quote(plan.topic)}.`,
      'Give it in a few words: --topic "gururmm platform day".',
    );
  }
  const arranged = arrangeLog(plan.text, {
    identity: plan.identity,
    topic,
    mark: markOf(plan, session),
  });
  const stem = `${dayFolder(plan.folder, plan.time.date)}/${plan.time.date}-${userSlug(plan.identity.user)}-${slug}`;
  return ok({ topic, stem, ...arranged });
}

async function makeLog(files: Files, plan: SavePlan, target: Target): Answer<LogWritten> {
  const draft = draftLog(plan, target.session);
  if (!draft.ok) return draft;
  const { topic, stem, text, warnings } = draft.value;
  const bytes = encode(text);
  for (let n = 1; n <= MAX_DISCRIMINATOR; n++) {
    const path = target.name ?? `${stem}${n === 1 ? '' : `-${n}`}.md`;
    const file = inFolder(plan.home.root, path);
    const made = await files.create(file, bytes, { mode: MODES[plan.home.kind] });
    if (!made.ok) return made;
    if (made.value === 'created') {
      const lines = countLines(text);
      const { session } = target;
      return ok({ path, file, action: 'created', lines, topic, session, day: plan.time.date, warnings });
    }
    // Named, or ours after all (our memory of it was lost and its folder not searched): append to it.
    const owner = await readMark(files, file);
    if (target.name !== null || owner?.session === target.session) {
      return appendUpdate(files, plan, target.session, path);
    }
    // The session is unknown, but the text is the one this log was made of: the same save again.
    if (!plan.sessionKnown && owner?.text === plan.textHash)
      return appendUpdate(files, plan, owner.session, path);
  }
  return fail(
    'attention',
    `${stem}.md and its ${MAX_DISCRIMINATOR - 1} numbered neighbours exist already.`,
    'Give another --topic.',
  );
}

async function appendUpdate(files: Files, plan: SavePlan, session: string, path: string): Answer<LogWritten> {
  const file = inFolder(plan.home.root, path);
  const name = parseLogName(path);
  const topic = topicOf(plan.topic, plan.text) ?? name.topic ?? 'update';
  // The heading has the day only if the log's name has another.
  const otherDay = name.date === null || name.date === plan.time.date ? '' : `${plan.time.date} `;
  const heading = `Update: ${otherDay}${plan.time.time} ${plan.zoneLabel()} \u2014 ${topic}`;
  const mark = markOf(plan, session);
  const arranged = arrangeUpdate(plan.text, heading, { identity: plan.identity, mark });
  let day = plan.time.date;
  const appended = await appendText(files, file, MODES[plan.home.kind], (existing) => {
    if (existing === null) return arranged.text;
    const same = findMark(existing, mark);
    if (same) {
      const saved = parseCalendarDate(same.saved.slice(0, 10));
      if (saved.ok) day = saved.value;
      return '';
    }
    const fence = closingFence(existing);
    return fence === '' ? arranged.text : `${fence}\n\n${arranged.text}`;
  });
  if (!appended.ok) return appended;
  const unchanged = appended.value === '';
  return ok({
    path,
    file,
    action: unchanged ? 'unchanged' : 'appended',
    lines: countLines(appended.value),
    topic,
    session,
    day,
    warnings: unchanged ? [] : arranged.warnings,
  });
}

function markOf(plan: SavePlan, session: string): SessionMark {
  return { session, saved: plan.time.local, text: plan.textHash };
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
