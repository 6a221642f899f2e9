import { type AppError, exitCodeOf, type Answer } from '../../shared/app-error.ts';
import { envelopeOf } from '../../shared/envelope.ts';
import { forTerminal } from '../../shared/domain/terminal-text.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Core } from '../compose/core.ts';
import type { Outcome } from '../core/workflows/outcome.ts';

/** The parts of its process a command may use. */
export interface CliContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** True when standard output is a terminal a person looks at. */
  readonly interactive: boolean;
  /** Width of the terminal on standard output; null for a file or a pipe. */
  columns(): number | null;
  /** Aborts on Ctrl+C; a second Ctrl+C ends the process at once. */
  readonly signal: AbortSignal;
  /** Writes to standard output. Anything that could act on a terminal instead of being read is made visible. */
  out(text: string): void;
  /** Writes to standard error in the same way: warnings, errors for people. */
  warn(text: string): void;
  /** Writes to standard output unchanged: only for what a person requested byte for byte. */
  outAsIs(text: string): void;
  /** Replaces the progress line on standard error; an empty one clears it. */
  draw(line: string): void;
  /** Reads all of standard input, for commands that take text; null when it is more than `limit` bytes. */
  readInput(limit: number): Promise<Uint8Array | null>;
  /** The core, built on first use. Fails as a value (`not-configured`, `corrupt`, …). */
  core(): Answer<Core>;
  /** Sets the exit code of the process. */
  exitWith(code: number): void;
}

/**
 * Ends a command: prints its result as the envelope (`--json`) or for people, and sets the exit code.
 * @param human formats a success for people; not called with `--json`
 * @param humanError formats what precedes a failure's message for people, e.g. a report of a partial success
 */
export function finish<T>(
  context: CliContext,
  json: boolean,
  result: Result<T, AppError>,
  human: (value: T) => string,
  humanError: (error: AppError) => string = () => '',
): void {
  if (json) context.out(jsonLine(envelopeOf(result)));
  else if (result.ok) context.out(withNewline(human(result.value)));
  else {
    context.out(withNewline(humanError(result.error)));
    context.warn(`${describeError(result.error)}\n`);
  }
  if (!result.ok) context.exitWith(exitCodeOf(result.error));
}

/**
 * Ends a command whose work can be done in part: people read its report either way. In the envelope of a failure, and nowhere else, the
 * report is part of the details.
 * @param human formats the report for people, whatever else happened
 * @param envelope what `--json` prints of a report when all is done; the report itself by default
 */
export function finishOutcome<R>(
  context: CliContext,
  json: boolean,
  outcome: Outcome<R>,
  human: (report: R) => string,
  envelope: (report: R) => unknown = (report) => report,
): void {
  const { report, problem } = outcome;
  const result = problem === null ? ok(envelope(report)) : err(withReport(problem, outcome));
  finish(
    context,
    json,
    result,
    () => human(report),
    () => human(report),
  );
}

/** The failure that scripts read for unfinished work; null when all is done. */
export function failureOf(result: Result<Outcome<unknown>, AppError>): AppError | null {
  if (!result.ok) return result.error;
  const { problem } = result.value;
  return problem && withReport(problem, result.value);
}

function withReport(problem: AppError, { report }: Outcome<unknown>): AppError {
  return { ...problem, details: { ...problem.details, report } };
}

/** Formats JSON on one line that is also safe on a terminal: what is made visible for people is escaped here, and parses the same. */
export function jsonLine(value: unknown): string {
  const escaped = JSON.stringify(value).replaceAll(/[^\n\x20-\x7e]/gu, (char) =>
    forTerminal(char) === char ? char : escapeOf(char),
  );
  return `${escaped}\n`;
}

function escapeOf(char: string): string {
  const units = Array.from({ length: char.length }, (_, at) => char.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

/** Formats a failure for people: what happened, then the next step. Names in it may come from other machines. */
export function describeError(error: AppError): string {
  // A failure that met a lock already says so, in every interface.
  const word = error.message.startsWith('Deferred: ')
    ? ''
    : error.code === 'lock-held'
      ? 'deferred: '
      : error.code === 'cancelled'
        ? 'stopped: '
        : 'session-log: ';
  return forTerminal(`${word}${error.message}${error.remedy === '' ? '' : `\n  ${error.remedy}`}`);
}

function withNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
