import type { AppError, Answer } from '../../../shared/app-error.ts';
import { callCancelled, callTimedOut } from '../../../shared/domain/store-errors.ts';
import { err, type Result } from '../../../shared/result.ts';
import { withinDeadline } from '../../../shared/within-deadline.ts';
import type { Clock, Random } from '../../core/ports/clock.ts';
import type { GcsAuth } from './gcs-auth.ts';
import type { GcsLimits } from './gcs-limits.ts';
import type { Transport } from './gcs-transport.ts';
import type { Failure, FailureContext } from './gcs-failure.ts';

/** What one attempt receives. */
export interface Attempt {
  readonly signal: AbortSignal;
  /** Authorization and quota project, as the credentials require. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface RunOptions {
  /** For messages: `put`, `list`… */
  readonly operation: string;
  /** Bytes the call transfers; they extend its deadline. */
  readonly bytes?: number;
  readonly signal?: AbortSignal | undefined;
}

/** The part of the adapter every call goes through: credentials, retries, the deadline. */
export interface GcsSession {
  /** The service's URL: `https://storage.googleapis.com` or the endpoint in the settings. */
  readonly base: URL;
  readonly bucket: string;
  /** Ends with a slash, or empty: prefixed to every object name. */
  readonly prefix: string;
  readonly transport: Transport;
  readonly limits: GcsLimits;
  readonly clock: Clock;
  readonly random: Random;
  /** What was learned so far: once the bucket has responded, a 404 is about the object. */
  readonly seen: { bucket: boolean };
  context(): FailureContext;
  /** Attempts until one succeeds, none can help, or the deadline (whole call, waits included) would pass. Always settles. */
  run<T>(options: RunOptions, attempt: (attempt: Attempt) => Promise<Result<T, Failure>>): Answer<T>;
}

/** What {@link createSession} joins. */
export interface SessionParts {
  readonly url: string;
  readonly base: URL;
  readonly bucket: string;
  readonly prefix: string;
  readonly auth: GcsAuth;
  readonly transport: Transport;
  readonly limits: GcsLimits;
  readonly clock: Clock;
  readonly random: Random;
}

/** Creates the session of one store. */
export function createSession(parts: SessionParts): GcsSession {
  const { auth, clock, limits, random } = parts;
  const context = (): FailureContext => ({
    url: parts.url,
    bucket: parts.bucket,
    host: parts.base.host,
    identity: auth.identity(),
  });

  async function attempts<T>(
    attempt: (attempt: Attempt) => Promise<Result<T, Failure>>,
    signal: AbortSignal,
    until: number,
    note: (error: AppError) => void,
  ): Answer<T> {
    const spent = { later: 0, unreachable: 0, damaged: 0, 'fresh-token': 0 };
    for (;;) {
      const headers = await auth.headers(signal);
      const outcome = headers.ok ? await attempt({ signal, headers: headers.value }) : headers;
      if (outcome.ok) return outcome;
      const { error, retry, afterMs } = outcome.error;
      note(error);
      if (retry === 'never' || signal.aborted) return err(error);
      if (spent[retry] >= allowed(limits, retry)) return err(error);
      if (retry === 'fresh-token') {
        spent['fresh-token']++;
        auth.forget();
        continue;
      }
      const wait = Math.max(
        afterMs ?? 0,
        backoff(limits, random, spent.later + spent.unreachable + spent.damaged),
      );
      spent[retry]++;
      // A wait beyond the deadline helps nobody: the caller gets the real reason now.
      if (clock.monotonic() + wait >= until) return err(error);
      await clock.sleep(wait, signal);
      if (signal.aborted) return err(error);
    }
  }

  return {
    base: parts.base,
    bucket: parts.bucket,
    prefix: parts.prefix,
    transport: parts.transport,
    limits,
    clock,
    random,
    seen: { bucket: false },
    context,
    run: async (options, attempt) => {
      const ms = limits.callMs + Math.ceil((options.bytes ?? 0) / 1_048_576) * limits.perMiBMs;
      const until = clock.monotonic() + ms;
      let last: AppError | null = null;
      const sleep = (wait: number, signal?: AbortSignal): Promise<boolean> => clock.sleep(wait, signal);
      const ended = await withinDeadline({ ms, sleep, signal: options.signal }, (signal) =>
        attempts(attempt, signal, until, (error) => {
          last = error;
        }),
      );
      if (ended.kind === 'done') return ended.value;
      if (ended.kind === 'cancelled') return err(callCancelled(parts.url));
      // The last failure is more informative than a time-out.
      return err(last ?? callTimedOut(parts.url, options.operation, ms));
    },
  };
}

function allowed(limits: GcsLimits, retry: Exclude<Failure['retry'], 'never'>): number {
  switch (retry) {
    case 'later':
      return Number.POSITIVE_INFINITY;
    case 'unreachable':
      return limits.unreachableRetries;
    case 'damaged':
      return limits.damageRetries;
    case 'fresh-token':
      return 1;
  }
}

/** Full jitter: the whole interval, so that machines that failed together do not retry together. */
export function backoff(limits: GcsLimits, random: Random, retries: number): number {
  return random.fraction() * Math.min(limits.backoffCapMs, limits.backoffMs * 2 ** retries);
}
