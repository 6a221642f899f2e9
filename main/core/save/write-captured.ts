import { type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { logPathProblem } from '../../../shared/domain/log-path.ts';
import { findMark, type SessionMark } from '../../../shared/domain/session-mark.ts';
import { topicSlug, userSlug } from '../../../shared/domain/topic-slug.ts';
import { zonedTime, zoneLabel } from '../../../shared/domain/zoned-time.ts';
import { ok, type Result } from '../../../shared/result.ts';
import type { AgentId } from '../../../shared/transcripts/agents.ts';
import type { Identity } from '../author/author-file.ts';
import { inFolder } from '../files/folder-path.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { Files } from '../ports/files.ts';
import { encode } from './append-text.ts';
import { arrangeLog, arrangeUpdate } from './arrange-log.ts';
import type { CapturedLogs } from './captured-logs.ts';

/** A session's stretch as text, see `captureText`. */
interface CapturedPart {
  readonly topic: string;
  /** Epoch milliseconds. */
  readonly startAt: number;
  readonly endAt: number;
  readonly text: string;
}

export interface CapturedSession {
  readonly agent: AgentId;
  readonly session: string;
  /** Null for a session of no project. */
  readonly project: string | null;
  readonly parts: readonly [CapturedPart, ...CapturedPart[]];
}

export interface CaptureSigner {
  readonly identity: Identity;
  /** IANA name; empty for the machine's own. */
  readonly zone: string;
}

/** A captured log to be written. */
export interface ComposedLog {
  /** Folder and name below `session-logs/`, without number and `.md`. */
  readonly stem: string;
  /** The log and its updates, with the mark of each. */
  readonly session: string;
  readonly parts: readonly { readonly text: string; readonly mark: SessionMark }[];
}

/** Arranges a log and its updates as saving does. Pure: the same session and signer give the same text. */
export function composeCaptured(
  { agent, session, project, parts }: CapturedSession,
  { identity, zone }: CaptureSigner,
  bytes: Pick<Bytes, 'sha256'>,
): Result<ComposedLog, AppError> {
  const [first] = parts;
  const began = zonedTime(first.startAt, zone);
  if (!began.ok) return began;
  const composed: { text: string; mark: SessionMark }[] = [];
  for (const [index, part] of parts.entries()) {
    const [start, end] = [zonedTime(part.startAt, zone), zonedTime(part.endAt, zone)];
    if (!start.ok) return start;
    if (!end.ok) return end;
    const mark = { session, saved: end.value.local, text: bytes.sha256(encode(part.text)).slice(0, 16) };
    const day = start.value.date === began.value.date ? '' : `${start.value.date} `;
    const heading = `Update: ${day}${start.value.time} ${zoneLabel(part.startAt, zone)} \u2014 ${part.topic}`;
    const { text } =
      index === 0
        ? arrangeLog(part.text, { identity, topic: part.topic, mark })
        : arrangeUpdate(part.text, heading, { identity, mark });
    composed.push({ text, mark });
  }
  const { date } = began.value;
  const name = `${date}-${userSlug(identity.user) || 'somebody'}-${topicSlug(first.topic) || 'session'}`;
  return ok({
    stem: `${capturedFolder(agent, project, date.slice(0, 7))}/${name}`,
    session,
    parts: composed,
  });
}

/** `captured/claude-code/projects/harbor/2026-06`: the path alone shows agent and project. @param month `YYYY-MM` */
export function capturedFolder(agent: AgentId, project: string | null, month: string): string {
  const scope = project === null ? '' : `/projects/${projectFolder(project)}`;
  return `captured/${agent}${scope}/${month}`;
}

function projectFolder(project: string): string {
  const plain = project.length <= 100 && !project.includes('/') && logPathProblem(project) === null;
  return plain ? project : topicSlug(project) || 'unnamed';
}

/** A captured log's path, and its state when this program last wrote it. */
export interface WrittenCapture {
  /** Below `session-logs/`. */
  readonly path: string;
  /** Empty once a person has edited it. */
  readonly sha256: string;
}

const PRIVATE_MODE = 0o600;
const MOST_NAMES = 999;

/**
 * Updates a captured log from its session. A log that only grows is appended to; one edited by a person keeps their words and gets the
 * missing updates. The caller holds the capture lock.
 * @param known null when it is unknown whether there is one: it is then searched among the logs
 */
export async function writeCaptured(
  {
    files,
    bytes,
    logs,
  }: { readonly files: Files; readonly bytes: Pick<Bytes, 'sha256'>; readonly logs: CapturedLogs },
  sessionLogs: string,
  log: ComposedLog,
  known: WrittenCapture | null,
): Answer<WrittenCapture & { readonly action: 'created' | 'appended' | 'unchanged' }> {
  const whole = log.parts.map(({ text }) => text).join('\n');
  const sha256 = bytes.sha256(encode(whole));
  const own = known === null ? null : await existing(files, sessionLogs, known.path);
  if (own !== null && !own.ok) return own;
  const path = own?.value ? (known?.path ?? null) : await logs.find(log.stem, log.session);
  if (path === null) {
    const created = await createLog(files, sessionLogs, log, encode(whole), sha256);
    if (created.ok) logs.made(created.value.path, log.session);
    return created;
  }
  const before = await existing(files, sessionLogs, path);
  if (!before.ok) return before;
  const there = before.value ?? new Uint8Array();
  if (bytes.sha256(there) === sha256) return ok({ path, sha256, action: 'unchanged' });
  const old = new TextDecoder().decode(there);
  const isOurs = known?.sha256 === bytes.sha256(there) || whole.startsWith(old);
  const next = isOurs ? whole : withMissing(old, log);
  // A person's edits stay theirs: such a log never again counts as written by this program.
  const written = { path, sha256: isOurs ? sha256 : '' };
  if (next === old) return ok({ ...written, action: 'unchanged' });
  const replaced = await files.replace(inFolder(sessionLogs, path), encode(next), { mode: PRIVATE_MODE });
  return replaced.ok ? ok({ ...written, action: 'appended' }) : replaced;
}

function existing(files: Files, sessionLogs: string, path: string): Answer<Uint8Array | null> {
  return files.read(inFolder(sessionLogs, path));
}

/** A log edited by a person, with the missing updates. */
function withMissing(old: string, { parts }: ComposedLog): string {
  const missing = parts.slice(1).filter(({ mark }) => findMark(old, mark) === null);
  const gap = old.endsWith('\n') ? '\n' : '\n\n';
  return missing.length === 0 ? old : `${old}${gap}${missing.map(({ text }) => text).join('\n')}`;
}

/** With the first free name: several sessions of one topic may be captured at once. */
async function createLog(
  files: Files,
  sessionLogs: string,
  { stem }: ComposedLog,
  content: Uint8Array,
  sha256: string,
): Answer<WrittenCapture & { readonly action: 'created' }> {
  for (let n = 1; n <= MOST_NAMES; n++) {
    const path = `${stem}${n === 1 ? '' : `-${n}`}.md`;
    const made = await files.create(inFolder(sessionLogs, path), content, { mode: PRIVATE_MODE });
    if (!made.ok) return made;
    if (made.value === 'created') return ok({ path, sha256, action: 'created' });
  }
  return fail(
    'attention',
    `${stem}.md and its numbered neighbours exist already.`,
    'Move some of them away.',
  );
}
