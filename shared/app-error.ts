import { err, type Result } from './result.ts';

/**
 * Every expected failure of the program, in any interface (CLI, app, browser view). The set is closed: a new code
 * needs an exit code below, or this file does not compile.
 */
export const ERROR_CODES = [
  'usage',
  'attention',
  'ambiguous',
  'invalid-input',
  'offline',
  'denied',
  'not-found',
  'precondition',
  'throttled',
  'server',
  'corrupt',
  'lock-held',
  'lock-lost',
  'clone-alarm',
  'io',
  'disk-full',
  'not-configured',
  'cancelled',
  'timeout',
  'partial',
  'bug',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export interface AppError {
  readonly code: ErrorCode;
  /** One sentence that says what happened, with the names a person needs. Never contains a secret. */
  readonly message: string;
  /** The next step a person can take; a command if there is one. */
  readonly remedy: string;
  /** True when repeating the same call later may succeed without a person changing anything. */
  readonly transient: boolean;
  /** A command (CLI words) or IPC channel that performs the remedy, if one exists. */
  readonly action?: string;
  /** Machine-readable facts: candidates of an ambiguous name, owner of a lock, names of failed files. */
  readonly details?: Readonly<Record<string, unknown>>;
}

const TRANSIENT: ReadonlySet<ErrorCode> = new Set(['offline', 'throttled', 'server', 'lock-held', 'timeout']);

/**
 * Builds an error value.
 * @param code the kind of failure
 * @param message one sentence, without a secret
 * @param remedy the next step
 */
export function appError(
  code: ErrorCode,
  message: string,
  remedy: string,
  more: {
    readonly transient?: boolean;
    readonly action?: string;
    readonly details?: Readonly<Record<string, unknown>>;
  } = {},
): AppError {
  return {
    code,
    message,
    remedy,
    transient: more.transient ?? TRANSIENT.has(code),
    ...(more.action === undefined ? {} : { action: more.action }),
    ...(more.details === undefined ? {} : { details: more.details }),
  };
}

/** What a call answers: an expected failure is a value, a throw is a bug. */
export type Answer<T> = Promise<Result<T, AppError>>;

/** {@link appError} as a result. */
export function fail(...error: Parameters<typeof appError>): Result<never, AppError> {
  return err(appError(...error));
}

/**
 * The failure of a command that a person stopped and that continues when repeated.
 * @param message one sentence
 */
export function stopped(message: string): AppError {
  return appError('cancelled', message, 'Run it again; it continues where it stopped.');
}

/** {@link stopped} for what is started in the app, too. */
export function stoppedRun(): AppError {
  return appError('cancelled', 'It was stopped.', 'Start it again; it continues where it stopped.');
}

/** Process exit codes, after BSD `sysexits.h`; 75 (EX_TEMPFAIL) is the save-and-sync document's "deferred". */
export const EXIT = {
  done: 0,
  bug: 1,
  usage: 64,
  attention: 65,
  unavailable: 69,
  lockLost: 70,
  io: 74,
  deferred: 75,
  denied: 77,
  notConfigured: 78,
  interrupted: 130,
} as const;

const EXIT_OF: Readonly<Record<ErrorCode, number>> = {
  usage: EXIT.usage,
  'invalid-input': EXIT.usage,
  attention: EXIT.attention,
  ambiguous: EXIT.attention,
  'not-found': EXIT.attention,
  precondition: EXIT.attention,
  corrupt: EXIT.attention,
  partial: EXIT.attention,
  offline: EXIT.unavailable,
  throttled: EXIT.unavailable,
  server: EXIT.unavailable,
  timeout: EXIT.unavailable,
  'lock-lost': EXIT.lockLost,
  'clone-alarm': EXIT.lockLost,
  io: EXIT.io,
  'disk-full': EXIT.io,
  'lock-held': EXIT.deferred,
  denied: EXIT.denied,
  'not-configured': EXIT.notConfigured,
  cancelled: EXIT.interrupted,
  bug: EXIT.bug,
};

/** Returns the process exit code for a failure. */
export function exitCodeOf(error: AppError): number {
  return EXIT_OF[error.code];
}

/** Whether a thrown value is one of our failures: streams can pass one on in no other way. */
export function isAppError(thrown: unknown): thrown is AppError {
  const { code, message, remedy } = (thrown ?? {}) as Partial<Record<keyof AppError, unknown>>;
  return (
    ERROR_CODES.some((known) => known === code) && typeof message === 'string' && typeof remedy === 'string'
  );
}
