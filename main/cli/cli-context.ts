import { type AppError, exitCodeOf } from '../../shared/app-error.ts';
import { envelopeOf } from '../../shared/envelope.ts';
import { forTerminal } from '../../shared/domain/terminal-text.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Core } from '../compose/core.ts';
import type { Outcome } from '../core/workflows/outcome.ts';

/** What a command may touch of the process it runs in. */
export interface CliContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** True when standard output is a terminal a person looks at. */
  readonly interactive: boolean;
  /** Width of the terminal that standard output is; null when it is a file or a pipe. */
  columns(): number | null;
  /** Aborts on Ctrl+C; a second Ctrl+C ends the process at once. */
  readonly signal: AbortSignal;
  /** Writes to standard output. What could act on a terminal instead of being read is made visible. */
  out(text: string): void;
  /** Writes to standard error, in the same way: warnings, errors for people. */
  warn(text: string): void;
  /** Writes to standard output as it is: only for what a person asked to have byte for byte. */
  outAsIs(text: string): void;
  /** Puts a line of progress on standard error in the place of the one before; an empty one wipes it. */
  draw(line: string): void;
  /** All of standard input, for commands that take text; null when it is more than `limit` bytes. */
  readInput(limit: number): Promise<Uint8Array | null>;
  /** The core, built at first use. Fails as a value (`not-configured`, `corrupt`, …). */
  core(): Promise<Result<Core, AppError>>;
  /** The exit code that the process will end with. */
  exitWith(code: number): void;
}

/**
 * Ends a command: prints its result as the envelope (`--json`) or for people, and sets the exit code.
 * @param human what a person reads on success; not called with `--json`
 * @param humanError what a person reads of a failure before its message, e.g. a report of a partial success
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
 * Ends a command over work that can be done in part: people read its report either way. In the envelope of a failure, and nowhere else, the
 * report stands among the details.
 * @param human what a person reads of the report, whatever else happened
 * @param envelope what `--json` prints of a report when all is done; the report itself unless given
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

/** What scripts read of work that is not all done; null when it is. */
export function failureOf(result: Result<Outcome<unknown>, AppError>): AppError | null {
  if (!result.ok) return result.error;
  const { problem } = result.value;
  return problem && withReport(problem, result.value);
}

function withReport(problem: AppError, { report }: Outcome<unknown>): AppError {
  return { ...problem, details: { ...problem.details, report } };
}

/** JSON in one line that is safe on a terminal too: what is made visible for people is written as an escape here, and reads the same. */
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

/** A failure for people: what happened, then the next step. Names in it may come from other machines. */
export function describeError(error: AppError): string {
  // Whoever met a lock says so already, in every interface.
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
