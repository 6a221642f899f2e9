import * as v from 'valibot';
import { appError, type AppError, type Answer } from '../../shared/app-error.ts';
import { quote } from '../../shared/domain/ids.ts';
import { envelopeOf, type Envelope } from '../../shared/envelope.ts';
import { CALLS, type CallName } from '../../shared/ipc/channels.ts';
import { calls, type AppEvent, type Call } from '../../shared/ipc/contract.ts';
import type { Result } from '../../shared/result.ts';
import type { AppService, Caller } from '../core/app/app-service.ts';
import { handlers } from './handlers.ts';
import { copyPlain } from './plain-data.ts';

/** One call as reported to the app log; never its input, which may contain log text. */
export interface CallReport {
  /** The requested channel; an unknown one is quoted and truncated. */
  readonly channel: string;
  readonly caller: Caller;
  readonly durationMs: number;
  readonly code: AppError['code'] | 'ok';
  /** The value thrown by the handler, if any: for the app log only, never for the caller. */
  readonly thrown?: unknown;
  /** True when the handler returned a code that the contract does not list for its channel. */
  readonly undeclared?: true;
}

export interface RouterOptions {
  readonly app: AppService;
  /** Monotonic milliseconds. */
  readonly monotonic: () => number;
  /** Called with every call after it ended. */
  readonly report: (call: CallReport) => void;
}

/** The only way from any transport into the core. */
export interface Router {
  /** Runs one call of a checked caller. Never rejects and never throws: any outcome is in the envelope. */
  dispatch(channel: unknown, rawInput: unknown, caller: Caller): Promise<Envelope<unknown>>;
  /** Forwards all events of the core until the returned function is called. */
  subscribe(listener: (event: AppEvent) => void): () => void;
}

const TEXT_LIMIT = 64 * 1024;
const NODE_LIMIT = 50_000;
const DEPTH_LIMIT = 12;
const NAMES: ReadonlySet<string> = new Set(CALLS);

/**
 * Creates the router: checks the name, and that the input is plain, small and well-formed; runs; catches; wraps; reports. Senders,
 * tokens and origins must be checked by the transports beforehand.
 */
export function createRouter(options: RouterOptions): Router {
  const { app, monotonic, report } = options;

  async function run(
    channel: unknown,
    rawInput: unknown,
    caller: Caller,
  ): Promise<{ readonly result: Result<unknown, AppError>; readonly thrown?: unknown }> {
    if (typeof channel !== 'string' || !NAMES.has(channel))
      return { result: refuse(unknownChannel(channel)) };
    const name = channel as CallName;
    const input = parseInput(name, rawInput);
    if (!input.ok) return { result: input };
    try {
      // The table's entry for `name` takes exactly the output of the contract's schema for `name`; TypeScript cannot follow a union through
      // both.
      const handler = handlers[name] as (app: AppService, input: unknown, caller: Caller) => Answer<unknown>;
      return { result: await handler(app, input.value, caller) };
    } catch (thrown) {
      return { result: refuse(bug(name)), thrown };
    }
  }

  return {
    async dispatch(channel, rawInput, caller) {
      const started = monotonic();
      const { result, thrown } = await run(channel, rawInput, caller);
      const code = result.ok ? 'ok' : result.error.code;
      report({
        channel: typeof channel === 'string' && NAMES.has(channel) ? channel : quote(channel),
        caller,
        durationMs: monotonic() - started,
        code,
        ...(thrown === undefined ? {} : { thrown }),
        ...(isDeclared(channel, code) ? {} : { undeclared: true as const }),
      });
      return envelopeOf(result);
    },
    subscribe: (listener) => app.events.subscribe(listener),
  };
}

/** Parses a caller's input for a channel. Exported for tests that compare it with the contract. */
export function parseInput(name: CallName, rawInput: unknown): Result<unknown, AppError> {
  const call: Call<v.GenericSchema, unknown> = calls[name];
  const plain = copyPlain(rawInput ?? {}, {
    text: call.textLimit ?? TEXT_LIMIT,
    nodes: NODE_LIMIT,
    depth: DEPTH_LIMIT,
  });
  if ('problem' in plain) return refuse(badInput(name, plain.problem, null));
  // Valibot accepts an array as an object without keys.
  if (Array.isArray(plain.value)) return refuse(badInput(name, 'it is a list', null));
  const parsed = v.safeParse(call.input, plain.value, { abortPipeEarly: true });
  if (parsed.success) return { ok: true, value: parsed.output };
  const [issue] = parsed.issues;
  const field = v.getDotPath(issue);
  return refuse(badInput(name, `${field === null ? '' : `${field}: `}${issue.message}`.slice(0, 300), field));
}

function isDeclared(channel: unknown, code: AppError['code'] | 'ok'): boolean {
  if (code === 'ok' || code === 'invalid-input' || code === 'bug') return true;
  if (typeof channel !== 'string' || !NAMES.has(channel)) return true;
  const call: Call<v.GenericSchema, unknown> = calls[channel as CallName];
  return call.errors.includes(code);
}

function refuse(error: AppError): Result<never, AppError> {
  return { ok: false, error };
}

function unknownChannel(channel: unknown): AppError {
  return appError(
    'invalid-input',
    `There is no channel ${quote(channel)}.`,
    'Restart Session Log: the page and the app are of different versions.',
  );
}

function badInput(name: CallName, problem: string, field: string | null): AppError {
  return appError(
    'invalid-input',
    `The input of ${name} was refused: ${problem}`,
    'Correct it and try again.',
    field === null ? {} : { details: { field } },
  );
}

function bug(name: CallName): AppError {
  return appError(
    'bug',
    `${name} failed inside Session Log. Nothing was lost; this is a defect of the app.`,
    'Try again; if it comes back, report it with the app log (Settings, App).',
  );
}
