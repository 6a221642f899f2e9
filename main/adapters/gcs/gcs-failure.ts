import { appError, type AppError } from '../../../shared/app-error.ts';
import { quote } from '../../../shared/domain/ids.ts';
import { bodyDamaged, callCancelled } from '../../../shared/domain/store-errors.ts';
import type { HttpReply, TransportFailure } from './gcs-transport.ts';

/** The failure of one attempt, and whether another attempt can help. */
export interface Failure {
  readonly error: AppError;
  readonly retry:
    | 'never'
    /** Temporarily busy or broken. */
    | 'later'
    /** The host cannot be reached: a few retries only. */
    | 'unreachable'
    /** Bytes were corrupted in transit: a few retries only. */
    | 'damaged'
    /** The token was refused: retry once, with a fresh one. */
    | 'fresh-token';
  /** The service asked to wait at least this long, milliseconds. */
  readonly afterMs?: number;
}

/** What messages need to know about the store. */
export interface FailureContext {
  readonly url: string;
  readonly bucket: string;
  /** The host contacted, for messages about the network. */
  readonly host: string;
  /** Our identity, worded for a remedy. */
  readonly identity: Identity;
}

export type Identity =
  | { readonly kind: 'none' }
  | { readonly kind: 'user' }
  | { readonly kind: 'account'; readonly email: string; readonly file: string | null }
  | { readonly kind: 'impersonated'; readonly email: string };

const LOGIN = 'gcloud auth application-default login';

/** No response, or an incomplete one. */
export function transportFailure(context: FailureContext, failure: TransportFailure): Failure {
  const { url } = context;
  const details = {
    reason: failure.reason,
    ...(failure.proxy === undefined ? {} : { proxy: failure.proxy }),
  };
  const { proxy } = failure;
  const host = proxy === undefined ? context.host : `The proxy ${proxy}`;
  const inside = proxy === undefined ? context.host : `the proxy ${proxy}`;
  switch (failure.kind) {
    case 'cancelled':
      return { error: callCancelled(url), retry: 'never' };
    case 'proxy':
      return proxyFailure(context, failure);
    case 'unreachable':
      return {
        retry: 'unreachable',
        error: appError(
          'offline',
          `${host} cannot be reached (${failure.reason}).`,
          proxy === undefined
            ? 'Check the network connection; everything stays queued here and the next sync sends it.'
            : 'Check HTTPS_PROXY in the environment; everything stays queued here and the next sync sends it.',
          { details },
        ),
      };
    case 'reset':
      return {
        retry: 'later',
        error: appError(
          'offline',
          `The connection to ${inside} broke (${failure.reason}).`,
          proxy === undefined
            ? 'Check the network connection; the next sync continues where this one stopped.'
            : 'Check HTTPS_PROXY in the environment; the next sync continues where this one stopped.',
          { details },
        ),
      };
    case 'stall':
      return {
        retry: 'later',
        error: appError(
          'timeout',
          `${host} stopped answering.`,
          'Check the network connection; the next sync continues where this one stopped.',
          { details },
        ),
      };
    case 'certificate':
      return {
        retry: 'never',
        error: appError(
          'offline',
          `${host} could not prove its identity (${failure.reason}).`,
          'If a company proxy inspects traffic, name its certificate in NODE_EXTRA_CA_CERTS; otherwise do not use this network.',
          { details, transient: false },
        ),
      };
    case 'oversized':
      return {
        retry: 'never',
        error: appError(
          'invalid-input',
          `An answer from ${inside} is too large: ${failure.reason}.`,
          'Run `session-log doctor`.',
          {
            details,
          },
        ),
      };
  }
}

/** A proxy that rejects us, reported as such: nothing is wrong with the store. */
function proxyFailure({ host }: FailureContext, { reason, proxy }: TransportFailure): Failure {
  const status = Number(reason);
  const details = { reason, ...(proxy === undefined ? {} : { proxy }) };
  const offline = (message: string, remedy: string): Failure => ({
    // What the proxy refuses now, it will refuse a second later.
    retry: status >= 500 ? 'later' : 'never',
    error: appError('offline', message, remedy, { details, transient: status >= 500 }),
  });
  if (proxy === undefined)
    return offline(
      `The proxy of this environment cannot be used: ${reason}.`,
      'Name one as HTTPS_PROXY=http://HOST:PORT, or exempt the host in NO_PROXY.',
    );
  if (status === 407)
    return offline(
      `The proxy ${proxy} does not accept this sign-in (407).`,
      'Put user and password into the environment: HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT, with special characters as %XX (a % as %25).',
    );
  return offline(
    `The proxy ${proxy} does not let this machine through to ${host} (${reason}).`,
    'Ask whoever runs the proxy to allow it, or exempt the host in NO_PROXY.',
  );
}

/** An unsuccessful response. */
export function statusFailure(context: FailureContext, reply: HttpReply, name: string | null): Failure {
  const said = readSaid(reply);
  const details = { status: reply.status, ...(said.reason === '' ? {} : { reason: said.reason }) };
  const what = name === null ? context.url : `${quote(name)} in ${context.url}`;
  const wait = retryAfter(reply);
  const later = { retry: 'later' as const, ...(wait === null ? {} : { afterMs: wait }) };
  if (reply.status === 401) return { error: signInAgain(context, said.message), retry: 'fresh-token' };
  if (reply.status === 429 || /^(?:user)?rateLimitExceeded$/i.test(said.reason))
    return {
      ...later,
      error: appError(
        'throttled',
        `Google asks to slow down (${reply.status}) for ${what}.`,
        'Nothing is lost; the next sync sends the rest.',
        { details },
      ),
    };
  if (reply.status === 403) return { error: forbidden(context, said, what, details), retry: 'never' };
  if (reply.status === 511 || (reply.status >= 300 && reply.status < 400))
    return { error: signInPage(context, reply.status, details), retry: 'never' };
  if (reply.status === 404) return { error: noBucket(context, details), retry: 'never' };
  if (reply.status === 408 || reply.status === 409 || reply.status >= 500)
    return {
      ...later,
      error: appError(
        'server',
        `Google Cloud Storage failed (${reply.status}) for ${what}.`,
        'It is usually over within minutes; the next sync continues where this one stopped. See https://status.cloud.google.com.',
        { details },
      ),
    };
  if (reply.status === 400 && /crc32c|md5|checksum|\bhash\b/i.test(said.message) && name !== null)
    return { error: bodyDamaged(context.url, name, 'write'), retry: 'damaged' };
  return { error: refused(context, reply.status, said, what, details), retry: 'never' };
}

/** The service's explanation besides the status: JSON from one interface, XML from the other, nothing from a proxy in between. */
interface Said {
  readonly message: string;
  readonly reason: string;
}

function readSaid(reply: HttpReply): Said {
  const text = reply.body.subarray(0, 16_384).toString('utf8');
  const xml = /<Code>([A-Za-z]{1,60})<\/Code>/.exec(text)?.[1];
  if (xml !== undefined) {
    const words = [/<Message>([^<]*)/, /<Details>([^<]*)/].map((part) => part.exec(text)?.[1] ?? '');
    return { reason: xml, message: clean(words.join(' ')) };
  }
  try {
    const json = JSON.parse(text) as {
      readonly error?: {
        readonly message?: unknown;
        readonly errors?: readonly { readonly reason?: unknown }[];
      };
    } | null;
    const reason = json?.error?.errors?.[0]?.reason;
    const message = json?.error?.message;
    return {
      message: clean(typeof message === 'string' ? message : ''),
      reason: typeof reason === 'string' && /^[A-Za-z]{1,60}$/.test(reason) ? reason : '',
    };
  } catch {
    return { message: '', reason: '' };
  }
}

/** Sanitizes foreign text for a message: one line, short, and nothing that looks like a token. */
export function clean(text: string): string {
  return text
    .replaceAll(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .replaceAll(/\b(?:ya29\.|1\/\/|Bearer\s+|eyJ)[\w.~+/=-]+/g, '…')
    .slice(0, 300)
    .trim();
}

/** Foreign words where our sentence goes on: without the full stop. */
function inSentence(said: string): string {
  return said.replace(/\.+$/, '');
}

function retryAfter(reply: HttpReply): number | null {
  const text = reply.headers['retry-after'];
  if (text === undefined) return null;
  if (/^\d{1,6}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  const sent = Date.parse(reply.headers.date ?? '');
  // Both by the server's clock: ours may be hours off.
  return Number.isFinite(date) && Number.isFinite(sent) ? Math.max(0, date - sent) : null;
}

/** The credentials exist but are no longer accepted. */
export function signInAgain(context: Pick<FailureContext, 'url' | 'identity'>, said: string): AppError {
  const { identity, url } = context;
  const words = said === '' ? '' : ` (${inSentence(said)})`;
  if (identity.kind === 'none')
    return appError(
      'not-configured',
      `${url} requires credentials, and none are set up.`,
      `Run \`${LOGIN}\`, or name a key file: \`session-log config set store.credentials FILE\`.`,
      { action: LOGIN },
    );
  if (identity.kind === 'user')
    return appError(
      'denied',
      `Google no longer accepts this sign-in for ${url}${words}.`,
      `Sign in again: \`${LOGIN}\`.`,
      {
        action: LOGIN,
      },
    );
  const remedy =
    identity.kind === 'impersonated'
      ? `Check that you may act as ${identity.email} (role "Service Account Token Creator"), and sign in again: \`${LOGIN}\`.`
      : `Make a new key for ${identity.email} and name it: \`session-log config set store.credentials FILE\`. A wrong system clock has the same effect.`;
  return appError(
    'denied',
    `Google no longer accepts the credentials of ${identity.email} for ${url}${words}.`,
    remedy,
  );
}

function forbidden(
  context: FailureContext,
  said: Said,
  what: string,
  details: Readonly<Record<string, unknown>>,
): AppError {
  const { bucket, identity } = context;
  const about = `${said.reason} ${said.message}`;
  if (/retention|under.?active.?hold|objectUnderActiveHold|bucketLock/i.test(about))
    return appError(
      'denied',
      `A retention policy or a hold on gs://${bucket} forbids replacing ${what}.`,
      'Ask the bucket\u2019s owner to exempt the prefix of this store: growing logs and the index are rewritten.',
      { details },
    );
  if (/USER_PROJECT_DENIED|serviceusage\.services\.use|quota project/i.test(about))
    return appError(
      'denied',
      'You are not allowed to use your sign-in’s quota project.',
      'Run `gcloud auth application-default set-quota-project PROJECT` with a project of yours.',
      { details },
    );
  if (/accountDisabled|billing/i.test(about))
    return appError(
      'denied',
      `The project of gs://${bucket} has no active billing account.`,
      'Turn billing on again in the Google Cloud console.',
      { details },
    );
  const permission = /storage\.[a-z]+\.[A-Za-z]+/.exec(said.message)?.[0];
  if (permission === undefined) return refusedInWords(what, said, about, details);
  const who =
    identity.kind === 'account' || identity.kind === 'impersonated'
      ? `serviceAccount:${identity.email}`
      : 'user:YOU';
  return appError(
    'denied',
    `There is no permission ${permission} on ${what} for this sign-in.`,
    `Ask the bucket\u2019s owner to run \`gcloud storage buckets add-iam-policy-binding gs://${bucket} --member=${who} --role=roles/storage.objectUser\`.`,
    { details: { ...details, permission } },
  );
}

/** Any other refusal is reported in the service's own words: a guess at its cause would mislead people for days. */
function refusedInWords(
  what: string,
  said: Said,
  about: string,
  details: Readonly<Record<string, unknown>>,
): AppError {
  const remedy =
    /accessNotConfigured|has not been used in project|API .{0,40}(?:disabled|switched off)/i.test(about)
      ? 'Turn the Cloud Storage API on in that project: `gcloud services enable storage.googleapis.com --project PROJECT`.'
      : /vpcServiceControls|service perimeter|organi[sz]ation.?s policy|SECURITY_POLICY_VIOLATED/i.test(about)
        ? 'Ask whoever looks after the organisation\u2019s service perimeter to let this machine in, or work from inside it.'
        : 'Show this sentence to the bucket\u2019s owner; `session-log status --check` tries again.';
  const words = said.message === '' ? 'it gave no reason' : `\u201c${inSentence(said.message)}\u201d`;
  return appError('denied', `Google refuses access to ${what}: ${words}.`, remedy, {
    details: { ...details, ...(said.message === '' ? {} : { said: said.message }) },
  });
}

/** Hotels, trains and guest networks answer for every host until one has signed in to them. */
function signInPage(
  { host }: FailureContext,
  status: number,
  details: Readonly<Record<string, unknown>>,
): AppError {
  return appError(
    'offline',
    `Something in this network answers in the place of ${host} (${status}): probably a page to sign in to the network.`,
    'Open any page in a browser, sign in to the network there, and sync again.',
    { details },
  );
}

function noBucket(context: FailureContext, details: Readonly<Record<string, unknown>>): AppError {
  return appError(
    'not-configured',
    `There is no bucket gs://${context.bucket}, or you may not see it.`,
    'Check the name with `gcloud storage buckets list` and set it: `session-log config set store.url gs://BUCKET`.',
    { details },
  );
}

function refused(
  context: FailureContext,
  status: number,
  said: Said,
  what: string,
  details: Readonly<Record<string, unknown>>,
): AppError {
  const words = said.message === '' ? '' : `: ${inSentence(said.message)}`;
  if (/requester pays|userProjectMissing/i.test(`${said.reason} ${said.message}`))
    return appError(
      'denied',
      `gs://${context.bucket} makes the reader pay, and no project to bill is set.`,
      'Run `gcloud auth application-default set-quota-project PROJECT`.',
      { details },
    );
  return appError(
    'invalid-input',
    `${context.host} refused the request for ${what} (${status})${words}.`,
    'Run `session-log doctor`; if that does not help, please report this message.',
    { details },
  );
}
