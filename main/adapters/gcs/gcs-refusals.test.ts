import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AppError } from '../../../shared/app-error.ts';
import { createNodeClock } from '../system/node-clock.ts';
import { createNodeRandom } from '../system/node-random.ts';
import { createGcsObjectStore } from './gcs-object-store.ts';
import { statusFailure, type FailureContext } from './gcs-failure.ts';

const CONTEXT: FailureContext = {
  url: 'gs://team',
  bucket: 'team',
  host: 'storage.googleapis.com',
  identity: { kind: 'user' },
};

function told(status: number, reason: string, message: string): AppError {
  const body = Buffer.from(
    JSON.stringify({ error: { code: status, message, errors: [{ reason, message }] } }),
  );
  return statusFailure(CONTEXT, { status, headers: {}, body }, null).error;
}

describe('a refusal of the service', () => {
  it('is told as a missing permission only where the service names one', () => {
    const error = told(
      403,
      'forbidden',
      'mara@x.example does not have storage.objects.create access to the bucket.',
    );
    expect(error.message).toContain('storage.objects.create');
    expect(error.remedy).toContain('add-iam-policy-binding gs://team');
  });

  it.each([
    ['accessNotConfigured', 'The storage API is switched off in project 12345.', 'gcloud services enable'],
    [
      'vpcServiceControls',
      'The organisation\u2019s service perimeter forbids this request (id K1).',
      'perimeter',
    ],
    ['forbidden', 'The key projects/p/keys/k may not be used for encryption.', 'Show this sentence'],
  ])(
    '%s is told in its own words, and sends nobody to the rights of the bucket',
    (reason, message, remedy) => {
      const error = told(403, reason, message);
      expect(error).toMatchObject({ code: 'denied', details: { said: message } });
      expect(error.message).toContain(message.replace(/\.$/, ''));
      expect(error.remedy).toContain(remedy);
      expect(error.remedy).not.toContain('add-iam-policy-binding');
    },
  );

  it.each([302, 511])('%i of a network that wants a sign-in first is told as that, once', (status) => {
    const body = Buffer.from('<html>Welcome to our hotel</html>');
    expect(statusFailure(CONTEXT, { status, headers: {}, body }, null)).toMatchObject({
      retry: 'never',
      error: { code: 'offline', remedy: expect.stringContaining('browser') },
    });
  });
});

describe('a proxy in the way', () => {
  let home: string;
  let proxy: Server;
  let asked: (string | undefined)[];
  // Both are loaded at the first request, which here has no time to lose.
  beforeAll(() => Promise.all([import('./http-client.ts'), import('google-auth-library')]));
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'session-log-proxy-'));
    asked = [];
    proxy = createServer();
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
    await rm(home, { recursive: true });
  });

  async function head(named: string, status: number, credentials: object = USER): Promise<AppError> {
    proxy.on('connect', (request, socket: Socket) => {
      asked.push(request.headers['proxy-authorization']);
      socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    });
    const file = join(home, 'credentials.json');
    await writeFile(file, JSON.stringify(credentials), { mode: 0o600 });
    const store = createGcsObjectStore({
      bucket: 'team',
      prefix: '',
      credentials: { file },
      clock: createNodeClock(),
      random: createNodeRandom(),
      limits: { callMs: 3_000, stallMs: 1_500, backoffMs: 2 },
      environment: { HOME: home, HTTPS_PROXY: named },
    });
    try {
      const result = await store.head('a');
      if (result.ok) throw new Error('nobody answers here');
      return result.error;
    } finally {
      await store.close();
    }
  }
  const USER = { type: 'authorized_user', client_id: 'c', client_secret: 's', refresh_token: 'r' };
  const here = (): string => `127.0.0.1:${(proxy.address() as AddressInfo).port}`;

  it('that wants a sign-in is named, and told what to set', async () => {
    const error = await head(`http://${here()}`, 407);
    expect(error).toMatchObject({ code: 'offline', transient: false, details: { proxy: here() } });
    expect(error.message).toContain(`The proxy ${here()}`);
    expect(error.remedy).toContain('HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT');
  });

  it.each([
    ['100%', '100%'],
    ['100%25', '100%'],
    ['p%40ss%zz', 'p@ss%zz'],
    ['%ff', '%ff'],
  ])('gets the password %s as %s', async (written, sent) => {
    await head(`http://user:${written}@${here()}`, 403);
    expect(asked[0]).toBe(`Basic ${Buffer.from(`user:${sent}`).toString('base64')}`);
  });

  it('may be named without a scheme', async () => {
    expect((await head(here(), 403)).message).toContain(
      'does not let this machine through to oauth2.googleapis.com',
    );
  });

  it('that is gone is named, and not the store', async () => {
    const error = await head('http://user:100%@127.0.0.1:9', 403);
    expect(error.message).toBe('The proxy 127.0.0.1:9 cannot be reached (ECONNREFUSED).');
  });

  it('of a kind that cannot be used is not gone past', async () => {
    const error = await head('socks5://127.0.0.1:1080', 403);
    expect(error.message).toContain('HTTPS_PROXY names a proxy of the kind socks5://');
  });

  it('has nothing to do with a workload whose token file is missing', async () => {
    const token = join(home, 'token');
    const error = await head(`http://${here()}`, 403, {
      type: 'external_account',
      audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/ci',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: 'https://sts.googleapis.com/v1/token',
      credential_source: { file: token },
    });
    expect(error).toMatchObject({ code: 'not-configured' });
    expect(error.message).toContain(`its token file ${token} does not exist`);
    expect(asked).toEqual([]);
  });
});
