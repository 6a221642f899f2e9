import { EMPTY_SUMMARY, type FinishedOperation } from '../../../../shared/ipc/operation.ts';
import { logId, type LogPath } from '../../../../shared/domain/ids.ts';
import { ok } from '../../../../shared/result.ts';
import type { SessionKey } from '../../../../shared/transcripts/session-list.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Git } from '../../ports/git.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Power } from '../../ports/power.ts';
import type { Watcher } from '../../ports/watcher.ts';
import { captureDeps } from '../../workflows/capture-base.ts';
import { listSessions } from '../../workflows/list-sessions.ts';
import { problemOf } from '../../workflows/outcome.ts';
import { sweepSessions, type SweepReport, type SweepRequest } from '../../workflows/sweep-sessions.ts';
import type { AppCore } from '../app-core.ts';
import type { Bus } from '../bus.ts';
import { endWith } from '../operations/operation-end.ts';
import { failedEnd, type OperationHandle, type Operations } from '../operations/operations.ts';
import type { OperationEnd } from '../news.ts';
import type { PresentCore } from '../present-core.ts';
import { createTimetable } from '../schedule/timetable.ts';
import { createTranscriptWatch } from './transcript-watch.ts';

export interface SessionSweepsParts {
  readonly present: PresentCore;
  readonly operations: Operations;
  readonly git: Git;
  readonly power: Pick<Power, 'subscribe'>;
  readonly watcher: Watcher;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  readonly bus: Bus;
}

/** Captures agent sessions automatically, as `capture.mode` says, and on request. */
export interface SessionSweeps {
  /** Starts sweeping: now, after waking, every ten minutes, and when changed transcripts have become quiet. */
  start(): void;
  /** Starts an operation that keeps all sessions, or these. */
  capture(sessions: 'all' | readonly SessionKey[]): {
    readonly id: string;
    readonly ended: Promise<FinishedOperation>;
  };
  stop(): Promise<void>;
}

const EVERY_MS = 10 * 60_000;
/** The first sweep waits until the window is up. */
const FIRST_MS = 5_000;
/** After the moment a session counts as quiet. */
const GRACE_MS = 10_000;
const PERSON_WAIT_MS = 10 * 60_000;
/** Windows are drawn meanwhile: four at once would keep two cores busy. */
const AT_ONCE = 2;

/** @returns sweeps that start with `start` */
export function createSessionSweeps(parts: SessionSweepsParts): SessionSweeps {
  const { present, operations, clock, bus } = parts;
  const stop = new AbortController();
  const watch = createTranscriptWatch(parts.watcher, touched);
  let running: Promise<unknown> = Promise.resolve();
  const table = createTimetable<'regular' | 'quiet'>(clock, () => {
    running = running.then(sweepByItself);
  });

  async function sweepByItself(): Promise<void> {
    if (stop.signal.aborted) return;
    table.set('regular', clock.now() + EVERY_MS);
    if (!present.now.ok || present.now.value.settings.capture.mode === 'off') return;
    const swept = await present.use(async (core) => {
      const deps = await captureDeps(core, parts.git);
      await watch.follow(deps.files, deps.sources);
      const request: SweepRequest = { sessions: 'all', asked: false, signal: stop.signal, atOnce: AT_ONCE };
      const result = await sweepSessions(deps, request);
      if (result.ok) await tell(parts, core, result.value.report);
      return ok(problemOf(result));
    });
    const problem = swept.ok ? swept.value : swept.error;
    if (problem !== null && !['lock-held', 'cancelled'].includes(problem.code))
      parts.logger.warn('sessions could not all be kept', { code: problem.code, words: problem.message });
  }

  /** Schedules a sweep for when the latest change has been quiet long enough. */
  function touched(): void {
    if (stop.signal.aborted || table.due('quiet') !== null || !present.now.ok) return;
    const { quietMinutes } = present.now.value.settings.capture;
    table.set('quiet', clock.now() + quietMinutes * 60_000 + GRACE_MS);
  }

  bus.on('settings.changed', ({ before, after }) => {
    if (JSON.stringify(before.capture) !== JSON.stringify(after.capture)) table.set('regular', clock.now());
  });
  bus.on('run.ended', async ({ push, core, kind }) => {
    // More of them are safe now, or restored.
    if ((push?.copies?.pushedTotal ?? 0) > 0 || kind === 'restore') await tellSums(parts, core);
  });
  const unsubscribe = parts.power.subscribe((event) => {
    if (event === 'wake') table.set('regular', clock.now() + FIRST_MS);
  });
  return {
    start: () => table.set('regular', clock.now() + FIRST_MS),
    capture: (sessions) =>
      operations.start(
        {
          kind: 'capture',
          cause: 'person',
          subject: null,
          key: `capture ${JSON.stringify(sessions)}`,
          lane: 'capture',
        },
        (handle) => captureAsked(parts, sessions, handle),
      ),
    async stop() {
      stop.abort();
      unsubscribe();
      await Promise.all([table.stop(), watch.stop()]);
      await running;
    },
  };
}

/** Reports captures to lists and the index. */
async function tell({ bus, git }: SessionSweepsParts, core: AppCore, report: SweepReport): Promise<void> {
  const { rescued, logs } = report;
  if (rescued + logs.length === 0) return;
  const { uuid } = core.sync.self;
  if (logs.length > 0)
    await bus.emit('logs.changed', { ids: logs.map((path) => logId(uuid, path as LogPath)) });
  await tellSums({ bus, git }, core);
}

async function tellSums({ bus, git }: Pick<SessionSweepsParts, 'bus' | 'git'>, core: AppCore): Promise<void> {
  const { sums } = await listSessions(await captureDeps(core, git), { budgetMs: 0 });
  await bus.emit('sessions.changed', sums);
}

async function captureAsked(
  parts: SessionSweepsParts,
  sessions: 'all' | readonly SessionKey[],
  handle: OperationHandle,
): Promise<OperationEnd> {
  const used = await parts.present.use(async (core) => {
    handle.report({ phase: 'capturing' });
    const result = await sweepSessions(await captureDeps(core, parts.git), {
      sessions,
      asked: true,
      signal: handle.signal,
      waitMs: PERSON_WAIT_MS,
      atOnce: AT_ONCE,
      onProgress: ({ done, total, bytes, current }) =>
        handle.report({ phase: 'capturing', done, total, bytesDone: bytes, current }),
    });
    handle.report({ phase: 'finishing' });
    if (result.ok) await tell(parts, core, result.value.report);
    return ok(endWith(problemOf(result), result.ok ? summaryOf(result.value.report) : EMPTY_SUMMARY));
  });
  return used.ok ? used.value : failedEnd(used.error);
}

function summaryOf({
  rescued,
  logs,
  unchanged,
  copiedBytes,
  failed,
  failedTotal,
}: SweepReport): typeof EMPTY_SUMMARY {
  return {
    ...EMPTY_SUMMARY,
    captured: logs.length,
    rescued,
    unchanged,
    bytesDown: copiedBytes,
    failed: failed.map(({ session, error }) => ({ path: session, error })),
    failedTotal,
  };
}
