import type { AppError } from '../../../../shared/app-error.ts';
import type { LogPath } from '../../../../shared/domain/ids.ts';
import {
  EMPTY_SUMMARY,
  type FinishedOperation,
  type OperationCause,
  type OperationKind,
  type OperationPhase,
  type OperationSummary,
} from '../../../../shared/ipc/operation.ts';
import { mapOk, ok, type Result } from '../../../../shared/result.ts';
import type { Git } from '../../ports/git.ts';
import { recordRun } from '../../status/record-run.ts';
import type { SyncKind } from '../../status/sync-journal.ts';
import { fullSync, type FullReport } from '../../sync/full-sync.ts';
import { pullIndex, type PullIndexReport } from '../../sync/pull-index.ts';
import { pullLogs, type PullReport, type PullSelection } from '../../sync/pull-logs.ts';
import { push, type PushOptions, type PushReport } from '../../sync/push.ts';
import type { RunOptions, SyncProgress } from '../../sync/sync-deps.ts';
import { takeBack } from '../../sync/take-back.ts';
import type { AppCore } from '../app-core.ts';
import type { Bus } from '../bus.ts';
import type { PresentCore } from '../present-core.ts';
import { runGit, type TreeMode } from './git-run.ts';
import { heldBy } from './lock-wait.ts';
import { endOf, fullSummary, pullSummary, pushSummary } from './operation-end.ts';
import { failedEnd, type OperationEnd, type OperationHandle, type Operations } from './operations.ts';

/** An operation that was started: its id, and its end for whoever waits for it. */
export interface StartedRun {
  readonly id: string;
  readonly ended: Promise<FinishedOperation>;
}

/** How a run with the store ended, for the parts of the service that follow from it. */
export interface StoreEnd {
  readonly kind: 'push' | 'index' | 'full' | 'pull' | 'restore';
  readonly core: AppCore;
  readonly end: OperationEnd;
  /** Null when the run did not come to a report. */
  readonly push: PushReport | null;
}

/** Every kind of work there is, as operations. */
export interface SyncRuns {
  push(cause: OperationCause, force?: PushOptions['force']): StartedRun;
  index(cause: OperationCause): StartedRun;
  full(cause: OperationCause): StartedRun;
  pull(selection: PullSelection, cause: OperationCause, subject: string | null): StartedRun;
  /** Takes a log back that is shorter here than in the store. */
  restore(path: LogPath, cause: OperationCause): StartedRun;
  git(request: TreesAsked, cause: OperationCause): StartedRun;
}

/** Which trees, and what is done with them; `logs` unless a mode is given. */
export interface TreesAsked {
  readonly trees: readonly string[];
  readonly all: boolean;
  readonly mode?: TreeMode;
}

export interface SyncRunsParts {
  readonly present: PresentCore;
  readonly operations: Operations;
  readonly git: Git;
  readonly bus: Bus;
}

/** What a person asked for may wait; what the app does by itself comes again anyway. */
const PERSON_WAIT_MS = 120_000;
const OWN_WAIT_MS = 5_000;

const PHASES: Readonly<Record<SyncProgress['phase'], OperationPhase>> = {
  scan: 'scanning',
  upload: 'uploading',
  publish: 'indexing',
  index: 'indexing',
  download: 'downloading',
  restore: 'downloading',
  verify: 'verifying',
};

/** Makes the table of work over the core that the present has at the time of each run. */
export function createSyncRuns(parts: SyncRunsParts): SyncRuns {
  const store = <T>(cause: OperationCause, spec: StoreRun<T>): StartedRun =>
    parts.operations.start(
      // Reading the index takes no lock, so it need not wait for a long push.
      {
        kind: spec.kind,
        cause,
        subject: spec.subject,
        key: spec.key,
        lane: spec.kind === 'index' ? null : 'store',
      },
      (handle) => runStore(parts, spec, cause, handle),
    );
  return {
    push: (cause, force) => store(cause, pushRun(force)),
    index: (cause) => store(cause, INDEX_RUN),
    full: (cause) => store(cause, FULL_RUN),
    pull: (selection, cause, subject) => store(cause, pullRun(selection, subject)),
    restore: (path, cause) => store(cause, restoreRun(path)),
    git: (request, cause) =>
      parts.operations.start(
        {
          kind: 'git-sync',
          cause,
          subject: request.trees.length === 1 ? (request.trees[0] ?? null) : null,
          key: `git ${String(request.all)} ${request.mode ?? 'logs'} ${request.trees.join('\n')}`,
          lane: 'git',
        },
        (handle) => runTrees(parts, request, cause, handle),
      ),
  };
}

interface StoreRun<T> {
  readonly kind: StoreEnd['kind'] & OperationKind;
  readonly subject: string | null;
  readonly key: string;
  /** Under which name the journal notes how it ended; null when it does not. */
  readonly journal: SyncKind | null;
  readonly run: (core: AppCore, options: RunOptions) => Promise<Result<T, AppError>>;
  readonly summarize: (report: T) => OperationSummary;
  readonly push: (report: T) => PushReport | null;
}

function pushRun(force: PushOptions['force']): StoreRun<PushReport> {
  const forced = force === undefined ? '' : ` ${force === 'all' ? '*' : [...force].sort().join('\n')}`;
  return {
    kind: 'push',
    subject: null,
    key: `push${forced}`,
    journal: 'push',
    run: (core, options) => push(core.sync, { ...options, ...(force === undefined ? {} : { force }) }),
    summarize: pushSummary,
    push: (report) => report,
  };
}

const INDEX_RUN: StoreRun<PullIndexReport> = {
  kind: 'index',
  subject: null,
  key: 'index',
  journal: 'index',
  run: (core, options) => pullIndex(core.sync, options),
  summarize: () => EMPTY_SUMMARY,
  push: () => null,
};

const FULL_RUN: StoreRun<FullReport> = {
  kind: 'full',
  subject: null,
  key: 'full',
  journal: 'full',
  run: (core, options) => fullSync(core.sync, options),
  summarize: fullSummary,
  push: (report) => report.push,
};

function pullRun(selection: PullSelection, subject: string | null): StoreRun<PullReport> {
  return {
    kind: 'pull',
    subject,
    key: `pull ${JSON.stringify(selection)}`,
    journal: 'pull',
    run: (core, options) => pullLogs(core.sync, selection, options),
    summarize: pullSummary,
    push: () => null,
  };
}

function restoreRun(path: LogPath): StoreRun<{ readonly kept: string | null }> {
  return {
    kind: 'restore',
    subject: path,
    key: `restore ${path}`,
    journal: null,
    run: async (core, options) => mapOk(await takeBack(core.sync, path, options), (kept) => ({ kept })),
    summarize: ({ kept }) => ({ ...EMPTY_SUMMARY, restored: 1, kept: kept === null ? 0 : 1 }),
    push: () => null,
  };
}

async function runStore<T>(
  parts: SyncRunsParts,
  spec: StoreRun<T>,
  cause: OperationCause,
  handle: OperationHandle,
): Promise<OperationEnd> {
  const used = await parts.present.use(async (core) => {
    handle.report({ phase: spec.kind === 'index' ? 'listing' : 'scanning' });
    const run = (): Promise<Result<T, AppError>> => spec.run(core, runOptions(cause, handle));
    const result =
      spec.journal === null ? await run() : await recordRun(core.sync, core.statusPaths, spec.journal, run);
    handle.report({ phase: 'finishing', waitingFor: null });
    const end = endOf(result, spec.summarize);
    const report = result.ok ? result.value : (result.error.details?.['report'] as T | undefined);
    const pushed = report === undefined ? null : spec.push(report);
    // Before the operation counts as ended, so that what follows from it is there when its end is told.
    await parts.bus.emit('run.ended', { kind: spec.kind, core, end, push: pushed });
    return ok(end);
  });
  return used.ok ? used.value : failedEnd(used.error);
}

function runOptions(cause: OperationCause, handle: OperationHandle): RunOptions {
  return {
    signal: handle.signal,
    waitMs: cause === 'person' ? PERSON_WAIT_MS : OWN_WAIT_MS,
    onWait: (owner) => handle.report({ phase: 'waiting-for-lock', waitingFor: heldBy(owner) }),
    onProgress: ({ phase, done, total, bytes, path }) =>
      handle.report({
        phase: PHASES[phase],
        waitingFor: null,
        done,
        total: total === 0 ? null : total,
        bytesDone: bytes,
        current: path ?? null,
      }),
  };
}

/** What the calendar starts stands in nobody's way: it comes again by itself. */
function treeWaitMs(cause: OperationCause): number {
  return cause === 'schedule' ? 0 : OWN_WAIT_MS;
}

async function runTrees(
  parts: SyncRunsParts,
  request: TreesAsked,
  cause: OperationCause,
  handle: OperationHandle,
): Promise<OperationEnd> {
  const { bus } = parts;
  const news = { paths: request.trees };
  await bus.emit('trees.begun', news);
  try {
    const used = await parts.present.use(async (core) => {
      const waitMs = cause === 'person' ? core.settings.git.lockWaitSeconds * 1_000 : treeWaitMs(cause);
      const asked = { ...request, mode: request.mode ?? 'logs', waitMs };
      const end = await runGit(
        core,
        parts.git,
        asked,
        handle,
        (outcome) => void bus.emit('tree.synced', outcome),
      );
      return ok(end);
    });
    return used.ok ? used.value : failedEnd(used.error);
  } finally {
    await bus.emit('trees.ended', news);
  }
}
