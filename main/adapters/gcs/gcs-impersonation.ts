import { appError } from '../../../shared/app-error.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { AuthEndpoints } from './gcs-auth-client.ts';
import type { Transport } from './gcs-transport.ts';
import { clean, statusFailure, transportFailure, type Failure, type FailureContext } from './gcs-failure.ts';

type Headers = Readonly<Record<string, string>>;

export interface ImpersonationOptions {
  /** Headers of the requesting identity. */
  readonly own: () => Promise<Result<Headers, Failure>>;
  /** The delegation chain; the last account is impersonated. */
  readonly targets: readonly string[];
  readonly context: () => FailureContext;
  readonly endpoints: AuthEndpoints;
  readonly transport: Transport;
  readonly clock: Clock;
}

const STORAGE = 'https://www.googleapis.com/auth/devstorage.read_write';
const LIFETIME_S = 3600;
/** A token is replaced this long before it expires, so that no upload outlives it. */
const MARGIN_MS = 5 * 60_000;

/**
 * Short-lived tokens of another service account. Over our own transport, because the library's class for it can neither be
 * aborted nor timed out. Source:
 * https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken
 */
export function impersonate(options: ImpersonationOptions): () => Promise<Result<Headers, Failure>> {
  let token: { readonly headers: Headers; readonly until: number } | null = null;
  let pending: Promise<Result<Headers, Failure>> | null = null;
  return async () => {
    if (token !== null && options.clock.monotonic() < token.until) return ok(token.headers);
    // Shared by all callers, so none of them may abort it; the transport's own limit ends it.
    pending ??= ask(options, new AbortController().signal).then((asked) => {
      pending = null;
      if (!asked.ok) return asked;
      token = asked.value;
      return ok(asked.value.headers);
    });
    return await pending;
  };
}

async function ask(
  options: ImpersonationOptions,
  signal: AbortSignal,
): Promise<Result<{ readonly headers: Headers; readonly until: number }, Failure>> {
  const own = await options.own();
  if (!own.ok) return own;
  const target = options.targets.at(-1) ?? '';
  const delegates = options.targets.slice(0, -1).map((name) => `projects/-/serviceAccounts/${name}`);
  const base = options.endpoints.iam ?? 'https://iamcredentials.googleapis.com';
  const url = new URL(
    `${base}/v1/projects/-/serviceAccounts/${encodeURIComponent(target)}:generateAccessToken`,
  );
  const body = Buffer.from(JSON.stringify({ scope: [STORAGE], lifetime: `${LIFETIME_S}s`, delegates }));
  const reply = await options.transport.send(
    { method: 'POST', url, headers: { ...own.value, 'content-type': 'application/json' }, body, signal },
    64 * 1024,
  );
  const context = options.context();
  if (!reply.ok) return err(transportFailure(context, reply.error));
  const { status } = reply.value;
  if (status === 200) {
    const accessToken = tokenIn(reply.value.body);
    if (accessToken === null) return err(statusFailure(context, { ...reply.value, status: 500 }, null));
    const headers: Record<string, string> = { authorization: `Bearer ${accessToken}` };
    const project = own.value['x-goog-user-project'];
    if (project !== undefined) headers['x-goog-user-project'] = project;
    return ok({ headers, until: options.clock.monotonic() + LIFETIME_S * 1000 - MARGIN_MS });
  }
  if (status === 403 || status === 404) return err({ error: mayNotAct(target), retry: 'never' });
  return err(statusFailure(context, reply.value, null));
}

function tokenIn(body: Buffer): string | null {
  try {
    const json = JSON.parse(body.toString('utf8')) as { readonly accessToken?: unknown } | null;
    return typeof json?.accessToken === 'string' && json.accessToken !== '' ? json.accessToken : null;
  } catch {
    return null;
  }
}

function mayNotAct(target: string) {
  const name = clean(target);
  return appError(
    'denied',
    `You may not act as ${name}, or there is no such service account.`,
    `Ask its owner to run \`gcloud iam service-accounts add-iam-policy-binding ${name} --member=user:YOU --role=roles/iam.serviceAccountTokenCreator\`.`,
  );
}
