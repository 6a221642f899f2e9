import { appError, type Answer } from '../../../shared/app-error.ts';
import { callCancelled } from '../../../shared/domain/store-errors.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { withinDeadline } from '../../../shared/within-deadline.ts';
import type { Clock } from '../../core/ports/clock.ts';
import {
  findCredentials,
  impersonationTarget,
  type CredentialJson,
  type Credentials,
  type CredentialSearch,
} from './gcs-credentials.ts';
import { clientOf, type AuthEndpoints } from './gcs-auth-client.ts';
import { impersonate } from './gcs-impersonation.ts';
import type { GcsLimits } from './gcs-limits.ts';
import type { Transport } from './gcs-transport.ts';
import { signInFailureIn } from './sign-in-fetch.ts';
import {
  clean,
  signInAgain,
  transportFailure,
  type Identity,
  type Failure,
  type FailureContext,
} from './gcs-failure.ts';

/** Our identity towards the service. */
export interface GcsAuth {
  identity(): Identity;
  /** Authentication headers. Settles within the stall limit, though the library's own calls may not. */
  headers(signal: AbortSignal): Promise<Result<Readonly<Record<string, string>>, Failure>>;
  /** Drops token and client: the next call rereads the file, so that a new sign-in takes effect without a restart. */
  forget(): void;
}

export interface AuthOptions {
  readonly url: string;
  readonly host: string;
  /** No credentials at all: a test server. */
  readonly anonymous: boolean;
  readonly search: CredentialSearch;
  /** Service account to impersonate, on top of the credentials. */
  readonly impersonate?: string | undefined;
  readonly endpoints: AuthEndpoints;
  readonly transport: Transport;
  readonly limits: GcsLimits;
  readonly clock: Clock;
}

interface Opened {
  readonly identity: Identity;
  headers(signal: AbortSignal): Promise<Result<Readonly<Record<string, string>>, Failure>>;
}

/** Opens nothing before the first call. */
export function createAuth(options: AuthOptions): GcsAuth {
  let opened: Answer<Opened> | null = null;
  let identity: Identity = { kind: 'none' };
  const forget = (): void => {
    opened = null;
  };

  async function use(): Promise<Result<Opened, Failure>> {
    opened ??= open(options, (): FailureContext => ({
      url: options.url,
      bucket: '',
      host: options.host,
      identity,
    }));
    const result = await opened;
    if (!result.ok) {
      forget();
      return err({ error: result.error, retry: 'never' });
    }
    identity = result.value.identity;
    return result;
  }

  return {
    identity: () => identity,
    forget,
    headers: async (signal) => {
      if (options.anonymous) return ok({});
      const sleep = (ms: number, stop?: AbortSignal): Promise<boolean> => options.clock.sleep(ms, stop);
      const ended = await withinDeadline({ ms: options.limits.stallMs, sleep, signal }, async (inner) => {
        const ready = await use();
        return ready.ok ? await ready.value.headers(inner) : ready;
      });
      if (ended.kind === 'done') return ended.value;
      if (ended.kind === 'cancelled') return err({ error: callCancelled(options.url), retry: 'never' });
      // The library shares one pending request among all callers: after dropping it, the next call starts a new one.
      forget();
      return err(tokenStalled());
    },
  };
}

async function open(options: AuthOptions, context: () => FailureContext): Answer<Opened> {
  const found = await findCredentials(options.search);
  if (!found.ok) return found;
  const { source, targets } = unwrapImpersonation(found.value, options.impersonate);
  const { endpoints, limits, transport } = options;
  const client = await clientOf(source, targets.length > 0, endpoints, limits.stallMs, transport);
  const own = async (): Promise<Result<Readonly<Record<string, string>>, Failure>> => {
    try {
      const headers = await client.getRequestHeaders();
      return ok(Object.fromEntries(headers));
    } catch (error) {
      return err(tokenFailure(context(), error));
    }
  };
  const target = targets.at(-1);
  if (target === undefined) return ok({ identity: identityOf(source), headers: own });
  const acting = impersonate({ own, targets, context, ...options });
  return ok({ identity: { kind: 'impersonated', email: target }, headers: acting });
}

/** A file may itself specify impersonation; that account then precedes the one in the settings. */
function unwrapImpersonation(
  credentials: Credentials,
  wanted: string | undefined,
): { readonly source: Credentials; readonly targets: readonly string[] } {
  const targets = wanted === undefined || wanted === '' ? [] : [wanted];
  if (credentials.kind !== 'file' || credentials.json.type !== 'impersonated_service_account')
    return { source: credentials, targets };
  const { json, path } = credentials;
  const inner = impersonationTarget(json.service_account_impersonation_url as string);
  const source: Credentials = { kind: 'file', path, json: json.source_credentials as CredentialJson };
  const before = Array.isArray(json.delegates)
    ? json.delegates.filter((name): name is string => typeof name === 'string')
    : [];
  return { source, targets: [...before, ...(inner === null ? [] : [inner]), ...targets] };
}

function identityOf(credentials: Credentials): Identity {
  if (credentials.kind === 'metadata')
    return { kind: 'account', email: 'this machine\u2019s service account', file: null };
  const { json, path } = credentials;
  return json.type === 'service_account'
    ? { kind: 'account', email: clean(json.client_email as string), file: path }
    : { kind: 'user' };
}

function tokenStalled(): Failure {
  return {
    retry: 'later',
    error: appError(
      'timeout',
      'Google\u2019s sign-in service stopped answering.',
      'Check the network connection; the next sync continues where this one stopped.',
    ),
  };
}

/** The few requests the library sends itself (to the metadata server of Google's platform) name no host. */
const SIGN_IN_HOST = 'Google\u2019s sign-in service';
/** Network error codes. A file has codes of this form too. */
const NETWORK_CODES = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
]);

/** Classifies what the library throws when it gets no token. Its shapes differ by credential type, so only plain facts are read. */
export function tokenFailure(context: FailureContext, error: unknown): Failure {
  const unanswered = signInFailureIn(error);
  if (unanswered !== null) {
    if (unanswered.failure.kind === 'cancelled') return tokenStalled();
    return transportFailure({ ...context, host: unanswered.host }, unanswered.failure);
  }
  const { status, code, data, message } = factsOf(error);
  if (status === 0) {
    if (/abort|timeout/i.test(code + message)) return tokenStalled();
    if (NETWORK_CODES.has(code))
      return transportFailure({ ...context, host: SIGN_IN_HOST }, { kind: 'unreachable', reason: code });
    // The remaining errors are refusals worded by the library itself.
    return { error: signInAgain(context, clean(message)), retry: 'never' };
  }
  if (status === 429 || status >= 500)
    return {
      retry: 'later',
      error: appError(
        'server',
        `Google\u2019s sign-in service failed (${status}).`,
        'The next sync tries again.',
        { details: { status } },
      ),
    };
  const words =
    data.error_subtype === 'invalid_rapt'
      ? 'your organisation asks for a new sign-in'
      : clean(`${data.error} ${data.error_description}`);
  return { error: signInAgain(context, words), retry: 'never' };
}

interface TokenFacts {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly data: {
    readonly error: string;
    readonly error_subtype: string;
    readonly error_description: string;
  };
}

function factsOf(error: unknown): TokenFacts {
  const outer = asRecord(error);
  const response = asRecord(outer.response);
  const data = asRecord(response.data);
  const cause = asRecord(outer.cause);
  const status = Number(response.status ?? outer.status);
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    status: Number.isInteger(status) && status >= 100 ? status : 0,
    code: text(outer.code) || text(cause.code) || text(asRecord(cause.cause).code),
    message: text(outer.message),
    data: {
      error: text(data.error),
      error_subtype: text(data.error_subtype),
      error_description: text(data.error_description),
    },
  };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
