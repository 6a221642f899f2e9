import { type AppError, stoppedRun } from '../../../../shared/app-error.ts';
import { appError } from '../../../../shared/app-error.ts';
import {
  EMPTY_SUMMARY,
  type FinishedOperation,
  type Operation,
  type OperationCause,
  type OperationKind,
  type OperationPhase,
  type OperationSummary,
} from '../../../../shared/ipc/operation.ts';
import type { OperationList } from '../../../../shared/ipc/payloads.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { Files } from '../../ports/files.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Bus } from '../bus.ts';
import { KEPT_MS, KEPT_OPERATIONS, readOperations, writeOperations } from './operations-file.ts';
import { slimError } from '../slim-error.ts';
import type { OperationEnd } from '../news.ts';

/** What to run. */
export interface OperationSpec {
  readonly kind: OperationKind;
  readonly cause: OperationCause;
  readonly subject: string | null;
  /** Requests with one key share an operation. */
  readonly key: string;
  /** Except a person's while it runs: what has changed since it began is not in it, so another follows. */
  readonly fresh?: true;
  /** Operations of one lane run one after another; null runs in parallel. */
  readonly lane: string | null;
}

/** How a run reports progress. */
export interface OperationHandle {
  readonly id: string;
  readonly signal: AbortSignal;
  report(
    change: Partial<
      Pick<Operation, 'phase' | 'done' | 'total' | 'bytesDone' | 'bytesTotal' | 'current' | 'waitingFor'>
    >,
  ): void;
}

/** Running and finished operations. */
export interface Operations {
  /** Loads what earlier runs of the app stored. */
  load(): Promise<void>;
  /**
   * Starts a run, or finds the one with the same key.
   * @param run never rejects; a throw is a bug, logged in the app log, and ends the operation as `failed`
   * @returns the id, and a promise of its end
   */
  start(
    spec: OperationSpec,
    run: (handle: OperationHandle) => Promise<OperationEnd>,
  ): { readonly id: string; readonly ended: Promise<FinishedOperation> };
  /** Asks a run to stop at its next safe point; false if it has ended. */
  cancel(id: string): boolean;
  cancelAll(): void;
  list(limit: number): OperationList;
  readonly running: readonly Operation[];
  readonly finished: readonly FinishedOperation[];
  /** Resolves when nothing runs and the list is stored. */
  settled(): Promise<void>;
}

export interface OperationsParts {
  readonly files: Files;
  /** `state/operations.json`, absolute. */
  readonly path: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly bus: Bus;
}

/** An eye follows ten updates a second; what comes in between is in the next report or in the end. */
const REPORT_MS = 100;
/** What a person asks for twice in this time, in milliseconds, was asked for once. */
const DOUBLE_CLICK_MS = 1_000;

interface Run {
  operation: Operation;
  readonly key: string;
  readonly stop: AbortController;
  begun: boolean;
  ended: Promise<FinishedOperation>;
  reported: number;
}

/** The registry's state. */
interface Registry {
  readonly parts: OperationsParts;
  readonly runs: Map<string, Run>;
  /** Each lane's last run. */
  readonly lanes: Map<string, Promise<unknown>>;
  finished: readonly FinishedOperation[];
  writing: Promise<void>;
}

/** Makes the registry. */
export function createOperations(parts: OperationsParts): Operations {
  const registry: Registry = {
    parts,
    runs: new Map(),
    lanes: new Map(),
    finished: [],
    writing: Promise.resolve(),
  };
  const { runs } = registry;
  const running = (): Operation[] => [...runs.values()].map((run) => run.operation);
  const stop = (run: Run): void => {
    run.stop.abort();
    report(registry, run, { cancelling: true });
  };
  return {
    async load() {
      const before = await readOperations(parts.files, parts.path, parts.logger);
      registry.finished = kept([...registry.finished, ...before], parts.clock.now());
    },
    start: (spec, task) => start(registry, spec, task),
    cancel(id) {
      const run = runs.get(id);
      if (run) stop(run);
      return run !== undefined;
    },
    cancelAll() {
      for (const run of runs.values()) stop(run);
    },
    list: (limit) => ({ running: running(), finished: registry.finished.slice(0, limit) }),
    get running() {
      return running();
    },
    get finished() {
      return registry.finished;
    },
    async settled() {
      while (runs.size > 0) await Promise.all([...runs.values()].map((run) => run.ended));
      await registry.writing;
    },
  };
}

type Task = (handle: OperationHandle) => Promise<OperationEnd>;

function start(registry: Registry, spec: OperationSpec, task: Task): ReturnType<Operations['start']> {
  const { parts, runs, lanes } = registry;
  for (const run of runs.values())
    // One being cancelled does not do what is requested now.
    if (run.key === spec.key && !run.stop.signal.aborted && !mustFollow(run, spec, parts.clock.now()))
      return { id: run.operation.id, ended: run.ended };
  const operation = newOperation(`op-${parts.random.hex(8)}`, spec, parts.clock.now());
  const run: Run = {
    operation,
    key: spec.key,
    stop: new AbortController(),
    begun: false,
    ended: never,
    reported: parts.clock.monotonic(),
  };
  runs.set(operation.id, run);
  const turn = spec.lane === null ? Promise.resolve() : (lanes.get(spec.lane) ?? Promise.resolve());
  run.ended = execute(registry, run, turn, task);
  if (spec.lane !== null) lanes.set(spec.lane, run.ended);
  void parts.bus.emit('operation.progress', operation);
  void parts.bus.emit('operations.changed', null);
  return { id: operation.id, ended: run.ended };
}

function mustFollow({ begun, operation }: Run, { fresh, cause }: OperationSpec, now: number): boolean {
  const isClick = operation.cause === 'person' && now - operation.startedAt < DOUBLE_CLICK_MS;
  return begun && fresh === true && cause === 'person' && !isClick;
}

async function execute(
  registry: Registry,
  run: Run,
  turn: Promise<unknown>,
  task: Task,
): Promise<FinishedOperation> {
  await turn;
  if (run.stop.signal.aborted) return finish(registry, run, cancelledEnd());
  run.begun = true;
  const handle: OperationHandle = {
    id: run.operation.id,
    signal: run.stop.signal,
    report: (change) => {
      if (registry.runs.get(run.operation.id) === run) report(registry, run, change);
    },
  };
  let end: OperationEnd;
  try {
    end = await task(handle);
  } catch (thrown) {
    const { kind } = run.operation;
    registry.parts.logger.error('an operation threw', { kind, thrown: String(thrown) });
    end = failedEnd(bugOf(kind));
  }
  return finish(registry, run, end);
}

function report({ parts }: Registry, run: Run, change: Partial<Operation>): void {
  const before = run.operation;
  run.operation = { ...before, ...change };
  const { phase, waitingFor, cancelling } = run.operation;
  // The lock owner is reported each second; only a new one counts.
  const turned =
    phase !== before.phase ||
    cancelling !== before.cancelling ||
    JSON.stringify(waitingFor) !== JSON.stringify(before.waitingFor);
  const now = parts.clock.monotonic();
  if (!turned && now - run.reported < REPORT_MS) return;
  run.reported = now;
  void parts.bus.emit('operation.progress', run.operation);
  if (turned) void parts.bus.emit('operations.changed', null);
}

function finish(registry: Registry, run: Run, end: OperationEnd): FinishedOperation {
  const { parts } = registry;
  const { cancelling: _cancelling, waitingFor: _waiting, ...operation } = run.operation;
  const done: FinishedOperation = {
    ...operation,
    ...end,
    error: end.error === null ? null : slimError(end.error),
    finishedAt: parts.clock.now(),
  };
  registry.runs.delete(operation.id);
  registry.finished = kept([done, ...registry.finished], parts.clock.now());
  const list = registry.finished;
  registry.writing = registry.writing.then(() =>
    writeOperations(parts.files, parts.path, list, parts.logger),
  );
  void parts.bus.emit('operation.done', done);
  void parts.bus.emit('operations.changed', null);
  return done;
}

/** Placeholder until `execute` sets the real one, in the same tick. */
const never = new Promise<FinishedOperation>(() => undefined);

function newOperation(id: string, spec: OperationSpec, now: number): Operation {
  const phase: OperationPhase = 'queued';
  return {
    id,
    kind: spec.kind,
    cause: spec.cause,
    subject: spec.subject,
    startedAt: now,
    phase,
    done: 0,
    total: null,
    bytesDone: 0,
    bytesTotal: null,
    current: null,
    waitingFor: null,
    cancelling: false,
  };
}

/** Newest first, within the age limit; of automatic runs that found nothing to do, only the last of each kind. */
function kept(all: readonly FinishedOperation[], now: number): readonly FinishedOperation[] {
  const seen = new Set<string>();
  const idle = new Set<string>();
  return all
    .filter((one) => {
      if (seen.has(one.id) || now - one.finishedAt > KEPT_MS) return false;
      seen.add(one.id);
      if (!isIdle(one)) return true;
      const key = `${one.kind} ${one.subject ?? ''}`;
      const first = !idle.has(key);
      idle.add(key);
      return first;
    })
    .slice(0, KEPT_OPERATIONS);
}

function isIdle({ cause, outcome, summary }: FinishedOperation): boolean {
  const { uploaded, downloaded, restored, notes, receipts } = summary;
  const { captured = 0, rescued = 0, copies = 0, proved = 0 } = summary;
  return (
    cause !== 'person' &&
    outcome === 'done' &&
    uploaded + downloaded + restored + notes + captured + rescued + copies + proved === 0 &&
    receipts.every((receipt) => receipt.commit === null && receipt.pushed === null)
  );
}

/** The end of a cancelled run, whether it had begun or not. */
export function cancelledEnd(summary: OperationSummary = EMPTY_SUMMARY): OperationEnd {
  return { outcome: 'cancelled', summary, error: stoppedRun(), deferral: null };
}

/** The end of a failed run. */
export function failedEnd(error: AppError): OperationEnd {
  return { outcome: 'failed', summary: EMPTY_SUMMARY, error, deferral: null };
}

function bugOf(kind: OperationKind): AppError {
  return appError(
    'bug',
    `The ${kind} failed inside Session Log. Nothing was lost; this is a defect of the app.`,
    'Try again; if it comes back, report it with the app log (Settings, App).',
  );
}
