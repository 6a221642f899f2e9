import { describe, expect, it } from 'vitest';
import { appError } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import { createSeededRandom } from '../../testing/seeded-random.ts';
import { failureOf, okOf } from '../../testing/store-contract/contract-bench.ts';
import { createVirtualClock } from '../../testing/virtual-clock.ts';
import type { GcsAuth } from './gcs-auth.ts';
import { GCS_LIMITS } from './gcs-limits.ts';
import { createSession } from './gcs-session.ts';
import { createTransport } from './gcs-transport.ts';
import { clean, statusFailure, type Failure, type FailureContext } from './gcs-failure.ts';

const SEEDS = 200;

function world(seed: number) {
  const clock = createVirtualClock();
  const log = { forgotten: 0 };
  const auth: GcsAuth = {
    identity: () => ({ kind: 'none' }),
    headers: async () => ok({}),
    forget: () => {
      log.forgotten++;
    },
  };
  const session = createSession({
    url: 'gs://b',
    base: new URL('https://storage.googleapis.com'),
    bucket: 'b',
    prefix: '',
    auth,
    // Never used here: the attempts are the test's own.
    transport: createTransport({ sockets: 1, stallMs: 1 }),
    limits: GCS_LIMITS,
    clock,
    random: createSeededRandom(seed),
  });
  return { clock, session, log };
}

function failure(retry: Failure['retry'], more: Partial<Failure> = {}): Failure {
  return { retry, error: appError('server', 'a planted failure', 'nothing to be done'), ...more };
}

describe('retries', () => {
  it(`wait with full jitter, doubling to the ceiling, and end within the deadline: ${SEEDS} seeds`, async () => {
    const waits: number[][] = [];
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { clock, session } = world(seed);
      const at: number[] = [];
      const result = await session.run({ operation: 'list' }, async () => {
        at.push(clock.monotonic());
        return err(failure('later'));
      });
      failureOf(result, 'server');
      expect(clock.monotonic()).toBeLessThanOrEqual(GCS_LIMITS.callMs);
      at.slice(1).forEach((time, n) => {
        const wait = time - (at[n] ?? 0);
        expect(wait).toBeLessThanOrEqual(Math.min(GCS_LIMITS.backoffCapMs, GCS_LIMITS.backoffMs * 2 ** n));
        (waits[n] ??= []).push(wait);
      });
    }
    // Full jitter: the n-th wait is spread over its whole interval, so its mean is half of it.
    for (const [n, seen] of waits.slice(0, 5).entries()) {
      const limit = GCS_LIMITS.backoffMs * 2 ** n;
      const mean = seen.reduce((sum, wait) => sum + wait, 0) / seen.length;
      expect(mean / limit).toBeGreaterThan(0.4);
      expect(mean / limit).toBeLessThan(0.6);
      expect(Math.min(...seen)).toBeLessThan(limit * 0.1);
    }
  });

  it('wait at least as long as the service asks, and give up when that is beyond the deadline', async () => {
    const { clock, session } = world(1);
    let attempts = 0;
    okOf(
      await session.run({ operation: 'list' }, async () =>
        attempts++ === 0 ? err(failure('later', { afterMs: 30_000 })) : ok('done'),
      ),
    );
    expect(clock.monotonic()).toBeGreaterThanOrEqual(30_000);
    const before = clock.monotonic();
    failureOf(
      await session.run({ operation: 'list' }, async () => err(failure('later', { afterMs: 3_600_000 }))),
      'server',
    );
    expect(clock.monotonic()).toBe(before);
  });

  it.each([
    ['never', 1],
    ['unreachable', 1 + GCS_LIMITS.unreachableRetries],
    ['damaged', 1 + GCS_LIMITS.damageRetries],
    ['fresh-token', 2],
  ] as const)('of kind "%s" make %d attempts', async (retry, expected) => {
    const { session, log } = world(2);
    let attempts = 0;
    failureOf(
      await session.run({ operation: 'head' }, async () => {
        attempts++;
        return err(failure(retry));
      }),
      'server',
    );
    expect(attempts).toBe(expected);
    expect(log.forgotten).toBe(retry === 'fresh-token' ? 1 : 0);
  });

  it('end when the caller goes away, also in the middle of a wait', async () => {
    const { clock, session } = world(3);
    const stop = new AbortController();
    let attempts = 0;
    const result = await session.run({ operation: 'list', signal: stop.signal }, async () => {
      if (++attempts === 3) stop.abort();
      return err(failure('later'));
    });
    failureOf(result, 'cancelled');
    expect(attempts).toBe(3);
    expect(clock.waiting).toBe(0);
  });

  it('do not help an attempt that never ends: the deadline does', async () => {
    const { clock, session } = world(4);
    const hang = new Promise<never>(() => {});
    failureOf(await session.run({ operation: 'put', bytes: 10 * 1024 * 1024 }, () => hang), 'timeout');
    expect(clock.monotonic()).toBe(GCS_LIMITS.callMs + 10 * GCS_LIMITS.perMiBMs);
  });
});

describe('what the service says', () => {
  const context: FailureContext = {
    url: 'gs://logs/team',
    bucket: 'logs',
    host: 'storage.googleapis.com',
    identity: { kind: 'account', email: 'writer@team.iam.gserviceaccount.com', file: '/k.json' },
  };
  const reply = (status: number, message: string, reason = 'forbidden', headers = {}) => ({
    status,
    headers,
    body: Buffer.from(JSON.stringify({ error: { code: status, message, errors: [{ reason, message }] } })),
  });

  it.each([
    [
      403,
      'writer does not have storage.objects.create access to the Google Cloud Storage object.',
      'forbidden',
      'denied',
      'storage.objects.create',
      'roles/storage.objectUser',
    ],
    [
      403,
      'Object is subject to bucket\u2019s retention policy or object retention',
      'retentionPolicyNotMet',
      'denied',
      'retention policy',
      'exempt the prefix',
    ],
    [
      403,
      'Caller does not have required permission to use project p. Grant serviceusage.services.use',
      'USER_PROJECT_DENIED',
      'denied',
      'quota project',
      'set-quota-project',
    ],
    [
      403,
      'The billing account for the owning project is disabled',
      'accountDisabled',
      'denied',
      'billing',
      'billing',
    ],
    [
      400,
      'Bucket is a requester pays bucket but no user project provided.',
      'required',
      'denied',
      'makes the reader pay',
      'set-quota-project',
    ],
    [
      404,
      'The specified bucket does not exist.',
      'notFound',
      'not-configured',
      'no bucket gs://logs',
      'store.url',
    ],
    [401, 'Invalid Credentials', 'authError', 'denied', 'writer@team', 'new key'],
    [418, 'teapot', 'teapot', 'invalid-input', '418', 'doctor'],
  ] as const)('%i %s becomes an error with a way out', (status, message, reason, code, words, remedy) => {
    const { error } = statusFailure(context, reply(status, message, reason), 'a.md');
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
    expect(error.remedy).toContain(remedy);
  });

  it('in XML is understood too', () => {
    const body = Buffer.from(
      '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Access denied.</Message><Details>w does not have storage.objects.get access.</Details></Error>',
    );
    expect(statusFailure(context, { status: 403, headers: {}, body }, 'a').error.message).toContain(
      'storage.objects.get',
    );
  });

  it('about waiting is read as seconds or as a date by the service\u2019s own clock', () => {
    const after = (headers: Record<string, string>) =>
      statusFailure(context, reply(503, '', 'x', headers), null).afterMs;
    expect(after({ 'retry-after': '7' })).toBe(7000);
    expect(
      after({ 'retry-after': 'Mon, 05 Jan 2026 09:00:30 GMT', date: 'Mon, 05 Jan 2026 09:00:00 GMT' }),
    ).toBe(30_000);
    expect(after({ 'retry-after': 'soon' })).toBeUndefined();
    expect(after({})).toBeUndefined();
  });

  it('never brings a token, a line break or a bidi mark into a message', () => {
    expect(clean('a\r\n\u001b[31mred\u202eevil Bearer ya29.secret-token end')).toBe('a [31mred evil … end');
    expect(clean('refresh 1//0gabcdef-secret')).toBe('refresh …');
    expect(clean('x'.repeat(1000))).toHaveLength(300);
  });
});
