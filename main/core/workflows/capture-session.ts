import { folderOf } from '../capture/copy-place.ts';
import { appError, type AppError, fail, type Answer } from '../../../shared/app-error.ts';
import { quote } from '../../../shared/domain/ids.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { zonedTime } from '../../../shared/domain/zoned-time.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { readIdentity, sameHost, type Identity } from '../author/author-file.ts';
import { captureText } from '../capture/captured-text.ts';
import type { Stretch } from '../capture/collect-session.ts';
import { describeSession, withFacts } from '../capture/describe-session.ts';
import type { KnownSession } from '../capture/known-sessions.ts';
import type { Withhold, Withholding } from '../capture/log-words.ts';
import { readTranscript, type ReadTranscript } from '../capture/read-transcript.ts';
import { noteCopied } from '../capture/copied-journal.ts';
import { copySession } from '../capture/safe-copy.ts';
import { below, folderPath, inFolder } from '../files/folder-path.ts';
import type { Bytes } from '../ports/bytes.ts';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import type { FoundSession, TranscriptSource } from '../ports/transcript-source.ts';
import type { CapturedLogs } from '../save/captured-logs.ts';
import { composeCaptured, writeCaptured } from '../save/write-captured.ts';
import type { TranscriptEvent } from '../../../shared/transcripts/events.ts';
import { factsOf } from '../../../shared/transcripts/facts-of.ts';
import { meet, parentOf, toldByParent, type ParentDeps, type Tellers } from './told-by-parent.ts';
import { findWorkspace } from '../workspaces/workspace.ts';

/** What capturing one session needs. */
export interface CaptureDeps extends Pick<ParentDeps, 'found' | 'known'> {
  readonly files: Files;
  readonly bytes: Bytes;
  readonly clock: Pick<Clock, 'now'>;
  readonly settings: Pick<Settings, 'app' | 'capture'>;
  readonly paths: { readonly sessionLogs: string; readonly transcripts: string };
  /** Signs logs of sessions whose workspace names nobody for this machine. */
  readonly author: Identity;
  /** Replaces secrets in everything written outside the copy. */
  readonly withhold: Withholding;
  readonly logs: CapturedLogs;
  /** Ids of sessions with a written log. */
  readonly written: ReadonlySet<string>;
  /** Ids of sessions with forgotten logs. */
  readonly forgotten: ReadonlySet<string>;
  readonly tellers: Tellers;
}

export interface CaptureOptions {
  /** Make the log even if the session goes on. */
  readonly now: boolean;
  /** False if only the copy is wanted (`capture.mode` is `rescue`, or the disk limit is reached). */
  readonly log: boolean;
  readonly copy: boolean;
  /** A person names this session: its log is made even if forgotten before. */
  readonly again: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** The result for a session. */
export interface SessionCaptured {
  readonly known: KnownSession;
  /** Copied bytes. */
  readonly copied: number;
  readonly log: 'created' | 'appended' | 'unchanged' | null;
}

const MINUTE_MS = 60_000;

/**
 * Captures one session: first its safe copy, then, once it is quiet, a log of exactly the bytes in that copy. Idempotent. The caller holds
 * the capture lock and stores what is known.
 */
export async function captureSession(
  deps: CaptureDeps,
  source: TranscriptSource,
  session: FoundSession,
  before: KnownSession,
  options: CaptureOptions,
): Answer<SessionCaptured> {
  const described = await describeSession(deps, source, session, before);
  if (!described.ok) return described;
  let known = described.value;
  if (isNever(known, deps.settings.capture.never))
    return ok({ known: { ...known, outcome: 'never' }, copied: 0, log: null });
  if (options.log) meet(deps.tellers, known);
  const copy = options.copy ? await copyOf(deps, source, session, known, options.signal) : ok(null);
  if (!copy.ok) return copy;
  if (copy.value !== null) known = copy.value.known;
  const copied = copy.value?.copied ?? 0;
  const quietMs = deps.settings.capture.quietMinutes * MINUTE_MS;
  const isQuiet = options.now || deps.clock.now() - known.mtimeMs >= quietMs;
  const due = `${source.parserVersion} ${known.print}`;
  if (!options.again && (await isForgotten(deps, known)))
    return ok({
      known: { ...known, outcome: 'forgotten', log: '', logSha: '', logPrint: due },
      copied,
      log: null,
    });
  const isDone = known.logPrint === due && known.outcome !== 'forgotten';
  if (!options.log || !isQuiet || isDone) return ok({ known, copied, log: null });
  if (deps.written.has(session.id))
    return ok({ known: { ...known, outcome: 'written', logPrint: due }, copied, log: null });
  const limits = copy.value?.limits ?? new Map(session.files.map(({ name, size }) => [name, size]));
  const made = await makeLog(deps, source, session, known, limits, options.signal);
  return made.ok
    ? ok({ known: { ...made.value.known, logPrint: due }, copied, log: made.value.action })
    : made;
}

/** Whether a session's log was forgotten and not made again since. */
async function isForgotten(
  { forgotten, files, paths }: CaptureDeps,
  { id, log }: KnownSession,
): Promise<boolean> {
  if (!forgotten.has(id)) return false;
  const there = log === '' ? ok(null) : await files.stat(inFolder(paths.sessionLogs, log));
  return there.ok && there.value === null;
}

function isNever({ folder }: KnownSession, never: readonly string[]): boolean {
  return folder !== null && never.some((one) => below(folderPath(one), folderPath(folder)) !== null);
}

/** Updates the copy from the session; a session that is gone has nothing to copy. */
async function copyOf(
  deps: CaptureDeps,
  source: TranscriptSource,
  session: FoundSession,
  known: KnownSession,
  signal: AbortSignal | undefined,
): Answer<{
  readonly known: KnownSession;
  readonly copied: number;
  readonly limits: ReadonlyMap<string, number>;
} | null> {
  const files = session.files.filter(({ role }) => role !== 'history');
  if (files.length === 0) return ok(null);
  const month = known.month === '' ? monthOf(known.startedAt ?? known.mtimeMs) : known.month;
  const folder = folderOf(deps.paths.transcripts, { ...known, month });
  const place = { agent: known.agent, id: known.id, month };
  const noted = await noteCopied(deps.files, deps.paths.transcripts, place);
  if (!noted.ok) return noted;
  const copied = await copySession(deps, source, folder, { ...session, files }, signal);
  if (!copied.ok) return copied;
  // Again: a push between the two has seen the old copy.
  const again = await noteCopied(deps.files, deps.paths.transcripts, place);
  if (!again.ok) return again;
  const { held, stored, record } = copied.value;
  return ok({
    known: { ...known, month, stored, record, copyPrint: known.print },
    copied: copied.value.copied,
    limits: new Map(held.map(({ file, size }) => [file, size])),
  });
}

function monthOf(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? '1970-01' : date.toISOString().slice(0, 7);
}

interface LogMade {
  readonly known: KnownSession;
  readonly action: SessionCaptured['log'];
}

async function makeLog(
  deps: CaptureDeps,
  source: TranscriptSource,
  session: FoundSession,
  known: KnownSession,
  limits: ReadonlyMap<string, number>,
  signal: AbortSignal | undefined,
): Answer<LogMade> {
  const reach = new Map(
    session.files.map((file) => [
      file.name,
      file.role === 'history' ? Number.POSITIVE_INFINITY : (limits.get(file.name) ?? 0),
    ]),
  );
  const readWithout = (copied?: ReadonlySet<string>): ReturnType<typeof readTranscript> =>
    readTranscript(
      deps.bytes,
      source,
      session,
      (file) => source.read(file, 0, signal),
      reach,
      signal,
      copied,
    );
  const whole = await readWithout();
  if (!whole.ok) return whole;
  const parent = known.forkOf ?? parentOf(deps.tellers, session, eventsOf(whole.value));
  const told =
    parent === null
      ? new Set<string>()
      : await toldByParent(deps, source, { agent: session.agent, id: parent }, signal);
  const read = told.size > 0 ? await readWithout(told) : whole;
  if (!read.ok) return read;
  const events = eventsOf(read.value);
  const counted = await withFacts(deps, known, factsOf(session.agent, session.id, events, true), known.print);
  const forkOf = told.size > 0 ? parent : null;
  const facts = { ...counted, forkOf, firstKey: known.firstKey, isUnderstood: known.isUnderstood };
  if (isProgram(read.value)) return ok({ known: { ...facts, outcome: 'program' }, action: null });
  const parts = await deps.withhold((withhold) => textOf(deps, withhold, session, read.value, known));
  if (!parts.ok) return parts;
  const prompts = parts.value.reduce((sum, part) => sum + part.prompts, 0);
  const isShort = prompts < 2 && !parts.value.some(({ hasEffect }) => hasEffect);
  const [first, ...more] = parts.value;
  if (first === undefined || (isShort && known.log === ''))
    return ok({ known: { ...facts, outcome: 'short' }, action: null });
  const identity = await signerOf(deps, known.folder);
  const { agent, id } = session;
  const composed = composeCaptured(
    { agent, session: id, project: facts.project, parts: [first, ...more] },
    { identity, zone: deps.settings.app.timeZone },
    deps.bytes,
  );
  if (!composed.ok) return composed;
  const had = known.log === '' ? null : { path: known.log, sha256: known.logSha };
  const written = await writeCaptured(deps, deps.paths.sessionLogs, composed.value, had);
  if (!written.ok) return written;
  const { path, sha256, action } = written.value;
  return ok({ known: { ...facts, outcome: 'captured', log: path, logSha: sha256 }, action });
}

function eventsOf({ stretches }: ReadTranscript): readonly TranscriptEvent[] {
  return stretches.flatMap(({ own, helpers }) => [...own, ...helpers]);
}

/** A run without any human request. */
function isProgram({ stretches }: ReadTranscript): boolean {
  const prompts = stretches.flatMap(({ own }) => own.filter((event) => event.kind === 'prompt'));
  return prompts.length > 0 && prompts.every((event) => event.kind === 'prompt' && event.via === 'program');
}

function textOf(
  { settings }: Pick<CaptureDeps, 'settings'>,
  withhold: Withhold,
  session: FoundSession,
  { stretches, digests, bytes }: ReadTranscript,
  { mtimeMs }: KnownSession,
): Result<ReturnType<typeof captureText>, AppError> {
  const zone = settings.app.timeZone;
  const first = zonedTime(mtimeMs, zone);
  if (!first.ok) return first;
  const reading = (at: number): { readonly time: string; readonly date: string } => {
    const time = zonedTime(at, zone);
    return time.ok ? time.value : first.value;
  };
  const isEmpty = ({ own, helpers }: Stretch): boolean => own.length + helpers.length === 0;
  if (stretches.every(isEmpty)) return ok([]);
  return ok(
    captureText({
      agent: session.agent,
      session: session.id,
      stretches,
      digests,
      bytes,
      fallbackAt: mtimeMs,
      clock: { time: (at) => reading(at).time, day: (at) => reading(at).date },
      withhold,
    }),
  );
}

/** The `save` author in that folder: the person of its workspace, if it is set up for this machine. */
async function signerOf({ files, author }: CaptureDeps, folder: string | null): Promise<Identity> {
  if (folder === null || !folderPath(folder).startsWith('/')) return author;
  const workspace = await findWorkspace(files, folder);
  if (!workspace.ok || workspace.value === null) return author;
  const identity = await readIdentity(files, workspace.value);
  return identity.ok && sameHost(identity.value.machine, author.machine) ? identity.value : author;
}

/** The failure for an unknown session. */
export function noSuchSession(name: string): AppError {
  return appError(
    'not-found',
    `No agent on this machine has a session ${quote(name)}.`,
    'See which there are: session-log sessions.',
  );
}

/** Finds a session by id or id prefix, or by suffix where no prefix matches. */
export function findSession<T extends { readonly id: string }>(
  sessions: readonly T[],
  name: string,
): Result<T, AppError> {
  const exact = sessions.filter(({ id }) => id === name);
  const isLong = name.length >= 4;
  const beginning = sessions.filter(({ id }) => isLong && id.startsWith(name));
  const ending = sessions.filter(({ id }) => isLong && id.endsWith(name));
  const near = [exact, beginning, ending].find((some) => some.length > 0) ?? [];
  const [only, ...others] = near;
  if (only === undefined) return err(noSuchSession(name));
  if (others.length === 0) return ok(only);
  return fail(
    'ambiguous',
    `${near.length} sessions begin or end with ${quote(name)}.`,
    'Give more of the id.',
    {
      details: { candidates: near.slice(0, 20).map(({ id }) => id) },
    },
  );
}
