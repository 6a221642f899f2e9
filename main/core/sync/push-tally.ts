import { appError, type AppError } from '../../../shared/app-error.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import type { LocalDiff } from '../ledger/diff-local.ts';
import { lostLogs } from '../ledger/lost-logs.ts';
import type { SkippedPath } from '../ports/files.ts';
import type { Outcome } from '../workflows/outcome.ts';
import type { PushOperation } from './plan-push.ts';
import type { CopiesPushed } from './session-copies.ts';

export interface PushReport {
  readonly uploaded: readonly {
    readonly path: LogPath;
    readonly reason: string;
    readonly bytes: number;
    readonly kept: string | null;
  }[];
  readonly unchanged: number;
  /** Logs deleted here; the store keeps them. */
  readonly gone: readonly LogPath[];
  /** Logs that vanished so many at once that they count as lost, not deleted. */
  readonly lost: readonly LogPath[];
  /** Logs shorter here than stored: a person must choose. */
  readonly attention: readonly LogPath[];
  /** Their sizes, in bytes; empty for a dry run. */
  readonly shorter: readonly { readonly path: LogPath; readonly here: number; readonly stored: number }[];
  /** Files that cannot be logs because of their name, and skipped folders or links. */
  readonly refused: readonly SkippedPath[];
  readonly failed: readonly { readonly path: LogPath; readonly error: AppError }[];
  /** Logs still waiting, when the run ended early. */
  readonly pending: number;
  readonly bytes: number;
  readonly published: boolean;
  /** Safe copies of sessions; null if the run did not reach them. */
  readonly copies: CopiesPushed | null;
  readonly dryRun: boolean;
}

/** A run's progress; mutable because sixteen transfers update it. */
export class PushTally {
  readonly uploaded: { path: LogPath; reason: string; bytes: number; kept: string | null }[] = [];
  readonly attention: LogPath[] = [];
  readonly shorter: { path: LogPath; here: number; stored: number }[] = [];
  readonly failed: { path: LogPath; error: AppError }[] = [];
  bytes = 0;
  remembered = 0;
  published = false;
  readonly #unchanged: number;
  readonly #gone: readonly LogPath[];
  readonly #lost: readonly LogPath[];
  readonly #refused: PushReport['refused'];
  readonly #dryRun: boolean;

  constructor({ unchanged, gone, lost }: LocalDiff, refused: PushReport['refused'], dryRun: boolean) {
    this.#unchanged = unchanged;
    this.#gone = gone.map(({ path }) => path);
    this.#lost = lost.map(({ path }) => path);
    this.#refused = refused;
    this.#dryRun = dryRun;
  }

  report(pending: number): PushReport {
    const byPath = (a: { readonly path: string }, b: { readonly path: string }): number =>
      a.path < b.path ? -1 : 1;
    return {
      uploaded: this.uploaded.sort(byPath),
      unchanged: this.#unchanged + this.remembered,
      gone: this.#gone,
      lost: this.#lost,
      attention: this.attention.sort(),
      shorter: this.shorter.sort(byPath),
      refused: this.#refused,
      failed: this.failed.sort(byPath),
      pending,
      bytes: this.bytes,
      published: this.published,
      copies: null,
      dryRun: this.#dryRun,
    };
  }

  /** Adds a log a person must choose about. */
  cut(path: LogPath, here: number, stored: number): void {
    this.attention.push(path);
    this.shorter.push({ path, here, stored });
  }

  /** The result of a run that had to stop. */
  endedBy(problem: AppError, pending: number): Outcome<PushReport> {
    return { report: this.report(pending), problem: withPending(problem, pending) };
  }

  /** Counts what a run would do. */
  plan(operations: readonly PushOperation[]): void {
    for (const operation of operations) {
      if (operation.kind === 'upload')
        this.uploaded.push({ path: operation.path, reason: operation.reason, bytes: 0, kept: null });
      if (operation.kind === 'attention') this.attention.push(operation.path);
      if (operation.kind === 'failed') this.failed.push(operation);
    }
  }

  pending(operations: readonly PushOperation[]): number {
    return (
      operations.length - this.uploaded.length - this.remembered - this.attention.length - this.failed.length
    );
  }

  outcome(): Outcome<PushReport> {
    const report = this.report(0);
    const bad = report.failed.length + report.attention.length + report.refused.length;
    const lost = report.lost.length > 0 ? lostLogs(report.lost.length) : null;
    if (bad === 0 && lost === null) return { report, problem: null };
    const [first] = [
      ...(lost === null ? [] : [lost.remedy]),
      ...report.failed.map((failure) => failure.error.remedy),
      ...(report.attention.length > 0
        ? ['Run `session-log doctor`: it shows both ways out for each shortened log.']
        : []),
      report.refused.every(({ unread }) => unread)
        ? 'Give your user the right to read what is named in the report.'
        : 'Rename the files that are named in the report.',
    ];
    const sentences = [lost?.message ?? '', bad > 0 ? notPushed(report, bad) : ''];
    const message = sentences.filter((sentence) => sentence !== '').join(' ');
    return { report, problem: appError('partial', message, first ?? '') };
  }
}

/** Adds the number of unpushed logs. */
export function withPending(error: AppError, pending: number): AppError {
  return { ...error, details: { ...error.details, pending } };
}

/** Names the log the remedy is for. */
function notPushed({ failed, attention, refused }: PushReport, count: number): string {
  const first = failed[0]?.path ?? attention[0] ?? refused[0]?.path ?? '';
  const which =
    count === 1 ? `${first} was not pushed` : `${count} logs were not pushed, ${first} among them`;
  return `${which}; everything else is safe in the store.`;
}
