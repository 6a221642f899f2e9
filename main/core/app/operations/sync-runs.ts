import type { Answer } from '../../../../shared/app-error.ts';
import type { LogPath } from '../../../../shared/domain/ids.ts';
import {
  EMPTY_SUMMARY,
  type FinishedOperation,
  type OperationCause,
  type OperationKind,
  type OperationPhase,
  type OperationSummary,
} from '../../../../shared/ipc/operation.ts';
import { mapOk, ok } from '../../../../shared/result.ts';
import type { Forge } from '../../ports/forge.ts';
import type { Git } from '../../ports/git.ts';
import type { IndexReport } from '../../workflows/pull-index.ts';
import type { PullReport, PullSelection } from '../../sync/pull-logs.ts';
import type { PushOptions } from '../../sync/push.ts';
import type { PushReport } from '../../sync/push-tally.ts';
import type { RunOptions, SyncProgress } from '../../sync/sync-deps.ts';
import { fullSync, type FullReport } from '../../workflows/full-sync.ts';
import type { Outcome } from '../../workflows/outcome.ts';
import { pullIndex } from '../../workflows/pull-index.ts';
import { pullLogs } from '../../workflows/pull-logs.ts';
import { push } from '../../workflows/push.ts';
import { restoreAll, takeBack, type RestoreAllReport, type TakenBack } from '../../workflows/restore.ts';
import type { AppCore } from '../app-core.ts';
import type { Bus } from '../bus.ts';
import type { PresentCore } from '../present-core.ts';
import type { TreeMode } from '../../workflows/sync-work-trees.ts';
import { runGit } from './git-run.ts';
import { endOf, fullSummary, pullSummary, pushSummary, restoreSummary, heldBy } from './operation-end.ts';
import { failedEnd, type OperationHandle, type Operations } from './operations.ts';
import type { OperationEnd, StoreEnd, TreeOutcome } from '../news.ts';
import type { TextsOptions } from '../../workflows/pull-team-texts.ts';
import { firstTexts } from '../search/first-texts.ts';

/** A started operation: its id, and a promise of its end. */
export interface StartedRun {
  readonly id: string;
  readonly ended: Promise<FinishedOperation>;
}

/** All kinds of work, as operations. */
export interface SyncRuns {
  push(cause: OperationCause, force?: PushOptions['force']): StartedRun;
  index(cause: OperationCause): StartedRun;
  full(cause: OperationCause): StartedRun;
  pull(selection: PullSelection, cause: OperationCause, subject: string | null): StartedRun;
  /** Replaces a log that is shorter here with the stored one. */
  restore(path: LogPath, cause: OperationCause): StartedRun;
  /** Restores every own log that the store has and this disk lacks. */
  restoreAll(cause: OperationCause): StartedRun;
  /** Pushes, treating own logs that vanished all at once as deleted on purpose. */
  pushDeleted(cause: OperationCause): StartedRun;
  git(request: TreesAsked, cause: OperationCause): StartedRun;
}

/** The trees and the mode; default `logs`. */
export interface TreesAsked {
  readonly trees: readonly string[];
  readonly all: boolean;
  readonly mode?: TreeMode;
  /** Only these files, absolute, unchanged, with their secrets: a person said so. */
  readonly withSecrets?: readonly string[];
}

export interface SyncRunsParts {
  readonly present: PresentCore;
  readonly operations: Operations;
  readonly git: Git;
  readonly forge: Forge;
  /** The system's user name. */
  readonly systemUser: string;
  readonly bus: Bus;
}

/** A person's request may wait; automatic work is retried anyway. */
const PERSON_WAIT_MS = 120_000;
const OWN_WAIT_MS = 5_000;
/** Kinds that take what is there when they begin. */
const FRESH: ReadonlySet<OperationKind> = new Set(['push', 'index', 'full']);

const PHASES: Readonly<Record<SyncProgress['phase'], OperationPhase>> = {
  scan: 'scanning',
  upload: 'uploading',
  publish: 'indexing',
  index: 'indexing',
  texts: 'downloading',
  download: 'downloading',
  restore: 'downloading',
  verify: 'verifying',
  seal: 'sealing',
  unseal: 'unsealing',
};

/** Creates all kinds of work over the core current at each run. */
export function createSyncRuns(parts: SyncRunsParts): SyncRuns {
  const store = <T>(cause: OperationCause, spec: StoreRun<T>): StartedRun =>
    parts.operations.start(
      // Reading the index takes no lock, so it need not wait for a long push.
      {
        kind: spec.kind,
        cause,
        subject: spec.subject,
        key: spec.key,
        lane: spec.kind === 'index' ? 'index' : 'store',
        ...(FRESH.has(spec.kind) ? { fresh: true } : {}),
      },
      (handle) => runStore(parts, spec, cause, handle),
    );
  return {
    push: (cause, force) => store(cause, pushRun(force)),
    index: (cause) => store(cause, INDEX_RUN),
    full: (cause) => store(cause, FULL_RUN),
    pull: (selection, cause, subject) => store(cause, pullRun(selection, subject)),
    restore: (path, cause) => store(cause, restoreRun(path)),
    restoreAll: (cause) => store(cause, RESTORE_ALL_RUN),
    pushDeleted: (cause) => store(cause, PUSH_DELETED_RUN),
    git: (request, cause) =>
      parts.operations.start(
        {
          kind: 'git-sync',
          cause,
          subject: request.trees.length === 1 ? (request.trees[0] ?? null) : null,
          key: `git ${String(request.all)} ${request.mode ?? 'logs'} ${[...request.trees, ...(request.withSecrets ?? [])].join('\n')}`,
          lane: 'git',
          fresh: true,
        },
        (handle) => runTrees(parts, request, cause, handle),
      ),
  };
}

interface StoreRun<T> {
  readonly kind: StoreEnd['kind'] & OperationKind;
  readonly subject: string | null;
  readonly key: string;
  readonly run: (core: AppCore, options: RunOptions & TextsOptions) => Answer<Outcome<T>>;
  readonly summarize: (report: T) => OperationSummary;
  readonly push: (report: T) => PushReport | null;
}

function pushRun(force: PushOptions['force']): StoreRun<PushReport> {
  const forced = force === undefined ? '' : ` ${force === 'all' ? '*' : [...force].sort().join('\n')}`;
  return {
    kind: 'push',
    subject: null,
    key: `push${forced}`,
    run: (core, options) => push(core, { ...options, ...(force === undefined ? {} : { force }) }),
    summarize: pushSummary,
    push: (report) => report,
  };
}

const INDEX_RUN: StoreRun<IndexReport> = {
  kind: 'index',
  subject: null,
  key: 'index',
  run: (core, options) => pullIndex(core, { ...options, reader: { folder: core.paths.home } }),
  summarize: () => EMPTY_SUMMARY,
  push: () => null,
};

const FULL_RUN: StoreRun<FullReport> = {
  kind: 'full',
  subject: null,
  key: 'full',
  run: (core, options) => fullSync(core, { ...options, reader: { folder: core.paths.home } }),
  summarize: fullSummary,
  push: (report) => report.push,
};

function pullRun(selection: PullSelection, subject: string | null): StoreRun<PullReport> {
  return {
    kind: 'pull',
    subject,
    key: `pull ${JSON.stringify(selection)}`,
    run: (core, options) => pullLogs(core, selection, options),
    summarize: pullSummary,
    push: () => null,
  };
}

function restoreRun(path: LogPath): StoreRun<TakenBack> {
  return {
    kind: 'restore',
    subject: path,
    key: `restore ${path}`,
    run: async (core, options) =>
      mapOk(await takeBack(core, path, options), (report) => ({ report, problem: null })),
    summarize: ({ changed, keptAs }) => ({
      ...EMPTY_SUMMARY,
      restored: changed ? 1 : 0,
      kept: keptAs === null ? 0 : 1,
    }),
    push: () => null,
  };
}

const RESTORE_ALL_RUN: StoreRun<RestoreAllReport> = {
  kind: 'restore',
  subject: null,
  key: 'restore',
  run: (core, options) => restoreAll(core, options),
  summarize: restoreSummary,
  push: () => null,
};

const PUSH_DELETED_RUN: StoreRun<PushReport> = {
  ...pushRun(undefined),
  key: 'push deleted',
  run: (core, options) => push(core, { ...options, lost: 'deleted' }),
};

async function runStore<T>(
  parts: SyncRunsParts,
  spec: StoreRun<T>,
  cause: OperationCause,
  handle: OperationHandle,
): Promise<OperationEnd> {
  const used = await parts.present.use(async (core) => {
    handle.report({ phase: spec.kind === 'index' ? 'listing' : 'scanning' });
    const result = await spec.run(core, {
      ...runOptions(cause, handle),
      onFirst: (size) => void parts.bus.emit('notice.show', firstTexts(size)),
    });
    handle.report({ phase: 'finishing', waitingFor: null });
    const end = endOf(result, spec.summarize);
    const pushed = result.ok ? spec.push(result.value.report) : null;
    // Before the operation ends, so that its effects are visible when its end is reported.
    await parts.bus.emit('run.ended', { kind: spec.kind, core, end, push: pushed });
    return ok(end);
  });
  return used.ok ? used.value : failedEnd(used.error);
}

/** How a store run waits, stops and reports progress. */
export function runOptions(cause: OperationCause, handle: OperationHandle): RunOptions {
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

/** Scheduled work blocks nobody: it is retried anyway. */
function treeWaitMs(cause: OperationCause): number {
  return cause === 'schedule' ? 0 : OWN_WAIT_MS;
}

async function runTrees(
  { present, bus, git, forge, systemUser }: SyncRunsParts,
  { mode = 'logs', ...asked }: TreesAsked,
  cause: OperationCause,
  handle: OperationHandle,
): Promise<OperationEnd> {
  await bus.emit('trees.begun', { paths: asked.trees });
  const used = await present.use(async (core) => {
    const waitMs = cause === 'person' ? core.settings.git.lockWaitSeconds * 1_000 : treeWaitMs(cause);
    const onTree = (outcome: TreeOutcome): void => void bus.emit('tree.synced', outcome);
    const request = { ...asked, mode, waitMs };
    return ok(await runGit(core, { git, forge, systemUser, onTree }, request, handle));
  });
  const end = used.ok ? used.value : failedEnd(used.error);
  await bus.emit('trees.ended', { paths: asked.trees, problem: end.error });
  return end;
}
