import { appError, type AppError, stoppedRun, type Answer } from '../../../shared/app-error.ts';
import { formatBytes, plural } from '../../../shared/format/amount.ts';
import { ok } from '../../../shared/result.ts';
import type { SessionKey, SessionNotice } from '../../../shared/transcripts/session-list.ts';
import {
  findLostSessions,
  findSessions,
  isGoneNow,
  type FoundHere,
  type SessionsHere,
} from '../capture/find-sessions.ts';
import { keyOf, newlyKnown, printOf, readKnown, type KnownSession } from '../capture/known-sessions.ts';
import { writeKnown } from '../capture/write-known.ts';
import { runLimited } from '../concurrency/run-limited.ts';
import { withLock } from '../files/with-lock.ts';
import type { Clock } from '../ports/clock.ts';
import type { Locks } from '../ports/lock.ts';
import type { Logger } from '../ports/logger.ts';
import type { TranscriptSource } from '../ports/transcript-source.ts';
import type { SessionCopies } from '../sync/session-copies.ts';
import type { Identity } from '../author/author-file.ts';
import { capturedLogs } from '../save/captured-logs.ts';
import { captureSession, type CaptureDeps } from './capture-session.ts';
import { tellersOf } from './told-by-parent.ts';
import { copyRoom, type CopyRoom } from './make-room.ts';
import type { Outcome } from './outcome.ts';

export interface SweepDeps extends Omit<
  CaptureDeps,
  'written' | 'forgotten' | 'author' | 'clock' | 'paths' | 'logs' | 'found' | 'known' | 'tellers'
> {
  readonly sources: readonly TranscriptSource[];
  readonly locks: Locks;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  readonly paths: CaptureDeps['paths'] & { readonly captures: string; readonly captureLock: string };
  /** Called once, only when there is something to capture. */
  readonly author: () => Promise<Identity>;
  readonly written: () => Answer<ReadonlySet<string>>;
  readonly forgotten: () => Answer<ReadonlySet<string>>;
  /** Copies in the store; without it, only those on this disk. */
  readonly copies?: Pick<SessionCopies, 'fetch' | 'drop'>;
}

export interface SweepRequest {
  /** All sessions, or these. */
  readonly sessions: 'all' | readonly SessionKey[];
  /** A person asked: logs are made whatever `capture.mode` says, also of running sessions and of those lost but for their prompts. */
  readonly asked: boolean;
  /** These have ended: they get their logs without a quiet period. */
  readonly ended?: true;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: SweepProgress) => void;
  /** Milliseconds to wait for another capture of this data folder before `lock-held`. */
  readonly waitMs?: number;
  /** Concurrent sessions; default four. */
  readonly atOnce?: number;
}

export interface SweepProgress {
  readonly done: number;
  readonly total: number;
  readonly bytes: number;
  /** Title of the current session, or its id. */
  readonly current: string;
}

/** A sweep's result. Counts are sessions unless a name says otherwise. */
export interface SweepReport {
  readonly found: number;
  /** Sessions with updated copies, and the bytes copied for them. */
  readonly rescued: number;
  readonly copiedBytes: number;
  /** Logs created or extended, relative to `session-logs/`. */
  readonly logs: readonly string[];
  readonly unchanged: number;
  /** What was deleted from this disk for space and is stored; and what had to stay because it is nowhere else. */
  readonly room: ReturnType<CopyRoom['made']>;
  /** At most 200 are named. */
  readonly failed: readonly { readonly session: string; readonly error: AppError }[];
  readonly failedTotal: number;
  readonly notices: readonly SessionNotice[];
}

/** Parallel: one reads and packs while another waits for disk. */
const AT_ONCE = 4;
/** Interval of state writes, in milliseconds: a crash costs at most a re-check of what was done. Longer where writing is slow. */
const CHECKPOINT_MS = 5_000;
const CHECKPOINT_SHARE = 20;
const NAMED_FAILURES = 200;
const GIGABYTE = 1_000_000_000;

/**
 * Captures what is new in every session of every agent: copies first, then logs of quiet sessions. Skips unchanged sessions by their files'
 * facts, without opening them. Killed at any moment, it resumes.
 * @returns codes `lock-held`, `io`, `disk-full`; `partial` as the problem where some sessions failed
 */
export async function sweepSessions(deps: SweepDeps, request: SweepRequest): Answer<Outcome<SweepReport>> {
  const lock = { path: deps.paths.captureLock, command: 'capture', waitMs: request.waitMs ?? 0 };
  return withLock(deps, lock, () => sweep(deps, request));
}

async function sweep(deps: SweepDeps, request: SweepRequest): Answer<Outcome<SweepReport>> {
  const { files, paths, sources, logger } = deps;
  const known = await readKnown(files, paths.captures, logger);
  const here = await findSessions(sources, request.signal);
  const lost =
    request.asked && request.sessions === 'all' ? await findLostSessions(sources, here) : new Map();
  const forgotten = await deps.forgotten();
  if (!forgotten.ok) return forgotten;
  const state = new Map(known.sessions);
  let changes = 0;
  for (const [key, one] of state) {
    const isGone = isGoneNow(one, here, sources);
    if (isGone === one.isGone) continue;
    state.set(key, { ...one, isGone });
    changes++;
  }
  const work = chosen(request, [...here.found, ...lost]).filter(([key, one]) =>
    isDue(deps, request, one, state.get(key), forgotten.value),
  );
  const busy = new Set(work.map(([key]) => key));
  const limit = deps.settings.capture.diskLimit * GIGABYTE;
  const room = copyRoom(deps, limit, state, (key) => busy.has(key), request.signal);
  const run: Run = {
    deps,
    request,
    forgotten: forgotten.value,
    found: here.found,
    state,
    room,
    logs: [],
    report: emptyReport(here, work.length),
  };
  await room.make();
  const worked = work.length === 0 ? ok(undefined) : await capture(run, work);
  run.report = { ...run.report, logs: run.logs, room: room.made() };
  // A sweep that found nothing new writes nothing.
  const saved =
    work.length + changes + run.report.room.dropped > 0
      ? await writeKnown(files, paths.captures, { sessions: state, lookedAt: deps.clock.now() })
      : ok(undefined);
  if (!worked.ok) return worked;
  return ok({ report: run.report, problem: saved.ok ? problemOf(run) : saved.error });
}

interface Run {
  readonly deps: SweepDeps;
  readonly request: SweepRequest;
  readonly forgotten: ReadonlySet<string>;
  readonly found: SessionsHere['found'];
  readonly state: Map<string, KnownSession>;
  readonly room: CopyRoom;
  /** Filled while running; reported last. */
  readonly logs: string[];
  report: SweepReport;
}

type Entry = readonly [key: string, one: FoundHere];

/** Selects the requested sessions, those deleted soonest by their agents first. */
function chosen({ sessions }: SweepRequest, all: readonly Entry[]): readonly Entry[] {
  const wanted = sessions === 'all' ? null : new Set(sessions.map(keyOf));
  return all
    .filter(([key, { session }]) => wanted?.has(key) ?? session.files.length > 0)
    .sort(([, one], [, other]) => newest(one) - newest(other));
}

function newest({ session }: FoundHere): number {
  return Math.max(...session.files.map(({ mtimeMs }) => mtimeMs));
}

/** Whether a session needs work, by the facts of its files. */
function isDue(
  { settings, clock }: SweepDeps,
  { asked, sessions }: SweepRequest,
  one: FoundHere,
  known: KnownSession | undefined,
  forgotten: ReadonlySet<string>,
): boolean {
  const { mode, quietMinutes } = settings.capture;
  if (!asked && mode === 'off') return false;
  if (known === undefined || sessions !== 'all') return true;
  if (forgotten.has(one.session.id) && known.outcome !== 'forgotten') return true;
  // Made by a version that did not store its record's length.
  if (known.month !== '' && known.record === 0) return true;
  const print = printOf(one.session);
  if (known.copyPrint !== print && !isPromptsOnly(one) && known.outcome !== 'never') return true;
  const isLogged = known.logPrint === `${one.source.parserVersion} ${print}`;
  if (isLogged || (mode === 'rescue' && !asked) || one.session.parent !== null) return false;
  if (known.outcome === 'never' && known.factsPrint === print) return false;
  return asked || clock.now() - newest(one) >= quietMinutes * 60_000;
}

function isPromptsOnly({ session }: FoundHere): boolean {
  return session.files.every(({ role }) => role === 'history');
}

async function capture(run: Run, work: readonly Entry[]): Answer<void> {
  const { deps, request, state } = run;
  const written = await deps.written();
  if (!written.ok) return written;
  const captureDeps = {
    ...deps,
    author: await deps.author(),
    logs: capturedLogs(deps.files, deps.paths.sessionLogs),
    written: written.value,
    forgotten: run.forgotten,
    found: run.found,
    known: state,
    tellers: tellersOf(state.values()),
  };
  const isLogging = request.asked || deps.settings.capture.mode === 'on';
  let [done, saved, pause] = [0, deps.clock.monotonic(), CHECKPOINT_MS];
  await runLimited(work, request.atOnce ?? AT_ONCE, request.signal, async ([key, { source, session }]) => {
    const before = state.get(key) ?? newlyKnown(session);
    await run.room.make();
    const result = await captureSession(captureDeps, source, session, before, {
      now: request.asked || request.ended === true,
      log: isLogging && session.parent === null,
      copy: !run.room.isFull(),
      again: request.asked && request.sessions !== 'all',
      signal: request.signal,
    });
    done++;
    if (result.ok) {
      state.set(key, result.value.known);
      run.room.add(result.value.known.stored - before.stored);
      count(run, result.value);
    } else if (result.error.code !== 'cancelled') {
      fail(run, session.id, result.error);
    }
    const title = (result.ok ? result.value.known.title : null) ?? session.id;
    const bytes = run.report.copiedBytes;
    request.onProgress?.({ done, total: work.length, bytes, current: title });
    if (!result.ok && result.error.code === 'disk-full') return false;
    const begun = deps.clock.monotonic();
    if (begun - saved > pause) {
      saved = begun;
      await writeKnown(deps.files, deps.paths.captures, { sessions: state, lookedAt: deps.clock.now() });
      pause = Math.max(CHECKPOINT_MS, CHECKPOINT_SHARE * (deps.clock.monotonic() - begun));
    }
    return true;
  });
  return ok(undefined);
}

function count(
  run: Run,
  { copied, log, known }: { copied: number; log: string | null; known: KnownSession },
): void {
  const { report } = run;
  if (log === 'created' || log === 'appended') run.logs.push(known.log);
  run.report = {
    ...report,
    rescued: report.rescued + (copied > 0 ? 1 : 0),
    copiedBytes: report.copiedBytes + copied,
  };
}

function fail(run: Run, session: string, error: AppError): void {
  const { report, deps } = run;
  deps.logger.warn('a session could not be kept', { session, code: error.code, words: error.message });
  run.report = {
    ...report,
    failed: report.failed.length < NAMED_FAILURES ? [...report.failed, { session, error }] : report.failed,
    failedTotal: report.failedTotal + 1,
  };
}

function emptyReport({ found, notices }: SessionsHere, due: number): SweepReport {
  return {
    found: found.size,
    rescued: 0,
    copiedBytes: 0,
    logs: [],
    unchanged: Math.max(0, found.size - due),
    room: { dropped: 0, bytes: 0, onlyHere: [], onlyHereTotal: 0 },
    failed: [],
    failedTotal: 0,
    notices,
  };
}

function problemOf(run: Run): AppError | null {
  const { report, request, deps } = run;
  if (request.signal?.aborted) return stoppedRun();
  const full = report.failed.find(({ error }) => error.code === 'disk-full');
  if (full) return full.error;
  if (report.failedTotal > 0)
    return appError(
      'partial',
      `${report.failedTotal} of ${report.found} sessions could not be kept. ${report.failed[0]?.error.message ?? ''}`,
      'The others are. Run it again: session-log sessions capture --all.',
    );
  if (!run.room.isFull()) return null;
  const limit = formatBytes(deps.settings.capture.diskLimit * GIGABYTE);
  const { onlyHereTotal } = report.room;
  const stay =
    onlyHereTotal === 0
      ? 'what is copied stays.'
      : `what is copied stays, ${plural(onlyHereTotal, 'session')} of it nowhere else.`;
  return appError(
    'attention',
    `The copies of sessions take the ${limit} that they may, so no more is copied; ${stay}`,
    'Allow more space, in gigabytes: session-log config set capture.diskLimit 10. Copies that are in a store are removed automatically.',
  );
}
