import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Logger } from '../../core/ports/logger.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { byteSourceOf } from '../../testing/byte-source-of.ts';
import {
  startJsonApiServer,
  type JsonApiServer,
  type JsonApiServerOptions,
} from '../../testing/json-api-server.ts';
import { giveJson, startSignInServer, type SignInServer } from '../../testing/sign-in-server.ts';
import { failureOf, okOf } from '../../testing/store-contract/contract-bench.ts';
import { createNodeClock } from '../system/node-clock.ts';
import { createNodeRandom } from '../system/node-random.ts';
import { createGcsObjectStore, type GcsStoreOptions } from './gcs-object-store.ts';

const machine = { clock: createNodeClock(), random: createNodeRandom() };
const LIMITS = { callMs: 3000, stallMs: 400, backoffMs: 5, backoffCapMs: 20 };
const REFRESH_TOKEN = '1//canary-refresh-token-0123456789';
const CLIENT_SECRET = 'canary-client-secret-0123456789';
const PRIVATE_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
});
const USER = {
  type: 'authorized_user',
  client_id: 'id',
  client_secret: CLIENT_SECRET,
  refresh_token: REFRESH_TOKEN,
};
const ACCOUNT = {
  type: 'service_account',
  client_email: 'writer@team.iam.gserviceaccount.com',
  private_key: PRIVATE_KEY,
  private_key_id: 'canary-key-id',
};

describe('credentials', () => {
  let home = '';
  let server: JsonApiServer;
  let signIn: SignInServer;
  let stores: ObjectStore[] = [];
  let appLog: string[] = [];
  const note = (message: string, facts?: unknown): void =>
    void appLog.push(`${message} ${JSON.stringify(facts ?? {})}`);
  const logger: Logger = { debug: note, info: note, warn: note, error: note };

  // Both are loaded at the first request, which here has no time to lose.
  beforeAll(() =>
    Promise.all([import('./http-client.ts'), import('google-auth-library'), import('@google-cloud/storage')]),
  );
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'session-log-auth-'));
    signIn = await startSignInServer();
    await start({});
    stores = [];
    appLog = [];
  });
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await Promise.all([server.stop(), signIn.stop()]);
    await rm(home, { recursive: true });
  });

  async function start(options: JsonApiServerOptions): Promise<void> {
    server = await startJsonApiServer(options);
    await fetch(`${server.endpoint}/storage/v1/b`, {
      method: 'POST',
      body: '{"name":"team"}',
      headers: { authorization: 'Bearer setup' },
    });
    server.requests.length = 0;
  }

  async function restart(options: JsonApiServerOptions): Promise<void> {
    await server.stop();
    await start(options);
  }

  async function file(json: unknown, name = 'credentials.json'): Promise<string> {
    const path = join(home, name);
    await writeFile(path, typeof json === 'string' ? json : JSON.stringify(json), { mode: 0o600 });
    return path;
  }

  function open(options: Partial<GcsStoreOptions>): ObjectStore {
    const store = createGcsObjectStore({
      bucket: 'team',
      prefix: '',
      credentials: {},
      apiEndpoint: server.endpoint,
      limits: LIMITS,
      logger,
      environment: { HOME: home },
      authEndpoints: { token: `${signIn.endpoint}/token`, iam: signIn.endpoint },
      ...machine,
      ...options,
    });
    stores.push(store);
    return store;
  }

  it('of a person get one token for many calls, and name the project to bill', async () => {
    const seen: (string | undefined)[] = [];
    await restart({
      authorize: (token, request) => {
        seen.push(request.headers['x-goog-user-project'] as string | undefined);
        return token === 'token-1' || token === 'setup'
          ? null
          : { status: 401, reason: 'authError', message: 'Invalid Credentials' };
      },
    });
    const store = open({
      credentials: { file: await file({ ...USER, quota_project_id: 'billing-project' }) },
    });
    await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        store.put(`n${i}`, byteSourceOf('x'), { ifGenerationMatch: '0', contentType: 'a/b' }).then(okOf),
      ),
    );
    expect(okOf(await store.list('')).objects).toHaveLength(8);
    expect(signIn.asked).toHaveLength(1);
    expect(signIn.asked[0]?.body).toContain('grant_type=refresh_token');
    expect(new Set(seen.slice(1))).toEqual(new Set(['billing-project']));
  });

  it('are read anew when their token is refused, so that a new sign-in needs no restart', async () => {
    await restart({
      authorize: (token) =>
        token === 'token-1' ? { status: 401, reason: 'authError', message: 'Invalid Credentials' } : null,
    });
    const store = open({ credentials: { file: await file(USER) } });
    expect(okOf(await store.head('a'))).toBeNull();
    expect(signIn.asked).toHaveLength(2);
  });

  it('that stay refused are an error that says how to sign in again, after one fresh token', async () => {
    await restart({
      authorize: (token) =>
        token === 'setup' ? null : { status: 401, reason: 'authError', message: 'Invalid Credentials' },
    });
    const store = open({ credentials: { file: await file(USER) } });
    const error = failureOf(
      await store.put('a', byteSourceOf('x'), { ifGenerationMatch: '0', contentType: 'a/b' }),
      'denied',
    );
    expect(error.remedy).toContain('gcloud auth application-default login');
    expect(signIn.asked).toHaveLength(2);
  });

  it.each([
    [
      { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' },
      'expired or revoked',
    ],
    [
      { error: 'invalid_grant', error_subtype: 'invalid_rapt', error_description: 'reauth related error' },
      'organisation',
    ],
    [{ error: 'invalid_client' }, 'invalid_client'],
  ])('that the sign-in service refuses are `denied`, at once: %j', async (answer, words) => {
    signIn.answer = (_request, response) => giveJson(response, 400, answer);
    const store = open({ credentials: { file: await file(USER) } });
    const error = failureOf(await store.list(''), 'denied');
    expect(error.message).toContain(words);
    expect(error.remedy).toContain('gcloud auth application-default login');
    expect(server.requests).toEqual([]);
  });

  it('survive a sign-in service that stalls and comes back', async () => {
    const well = signIn.answer;
    const store = open({ credentials: { file: await file(USER) } });
    signIn.answer = () => {};
    failureOf(await store.list(''), 'timeout');
    // The library would wait for its first request for ever, and let all later calls wait with it.
    signIn.answer = well;
    expect(okOf(await store.list('')).objects).toEqual([]);
  });

  it('survive a sign-in service that fails', async () => {
    signIn.answer = (_request, response) => giveJson(response, 503, { error: 'backend' });
    // Long enough for the library's own retries, which cannot be turned off.
    const store = open({
      credentials: { file: await file(USER) },
      limits: { ...LIMITS, stallMs: 20_000, callMs: 1000 },
    });
    expect(['server', 'timeout']).toContain(
      await store.list('').then((result) => !result.ok && result.error.code),
    );
  });

  it('are needed: without any the answer says how to get them, and nothing is sent', async () => {
    const store = open({ credentials: { impersonate: 'writer@team.iam.gserviceaccount.com' } });
    const error = failureOf(await store.list(''), 'not-configured');
    expect(error.remedy).toContain('gcloud auth application-default login');
    expect(error.remedy).toContain('session-log config set store.credentials');
    expect(server.requests).toEqual([]);
  });

  it('are found where gcloud leaves them, and where the environment says', async () => {
    const gcloud = join(home, '.config', 'gcloud');
    await mkdir(gcloud, { recursive: true });
    await file(USER, '.config/gcloud/application_default_credentials.json');
    signIn.answer = (request, response) =>
      giveJson(
        response,
        200,
        request.url === '/token'
          ? { access_token: 't', expires_in: 3600 }
          : { accessToken: 'acting', expireTime: '2030-01-01T00:00:00Z' },
      );
    // Impersonation makes a custom endpoint one that wants credentials, without naming a file.
    const credentials = { impersonate: 'writer@team.iam.gserviceaccount.com' };
    okOf(await open({ credentials }).list(''));
    const elsewhere = await file({ ...USER, type: 'nonsense' }, 'other.json');
    const named = open({
      credentials,
      environment: { HOME: home, GOOGLE_APPLICATION_CREDENTIALS: elsewhere },
    });
    failureOf(await named.list(''), 'not-configured');
  });

  const broken: readonly (readonly [string, unknown])[] = [
    ['it is not JSON', 'not json at all'],
    ['it is not JSON', Buffer.from([0xff, 0xfe, 0x7b]).toString('latin1')],
    ['it is not a credential file', '[]'],
    ['its "type" is none', { type: 'gdch_service_account' }],
    ['it is an OAuth client', { installed: { client_id: 'x' } }],
    ['"refresh_token" is missing', { ...USER, refresh_token: '' }],
    ['"private_key" is missing', { ...ACCOUNT, private_key: undefined }],
    [
      '"private_key" is not a private key',
      { ...ACCOUNT, private_key: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n' },
    ],
    ['"token_uri" is not an https address', { ...ACCOUNT, token_uri: 'http://evil.example/token' }],
    [
      '"service_account_impersonation_url" names no account',
      {
        type: 'impersonated_service_account',
        source_credentials: USER,
        service_account_impersonation_url: 'https://iamcredentials.googleapis.com/x',
      },
    ],
    [
      'its source: its "type" is none',
      {
        type: 'impersonated_service_account',
        source_credentials: { type: 'x' },
        service_account_impersonation_url:
          'https://i.googleapis.com/v1/projects/-/serviceAccounts/a@b:generateAccessToken',
      },
    ],
    ['it is far too large', ' '.repeat(70_000)],
  ];
  it.each(broken)('that are no credentials are refused before anything is sent: %s', async (why, content) => {
    const store = open({ credentials: { file: await file(content) } });
    const error = failureOf(await store.list(''), 'not-configured');
    expect(error.message).toContain(why);
    expect(server.requests).toEqual([]);
    expect(signIn.asked).toEqual([]);
  });

  it('in a place that does not exist, or a folder, are refused with the reason', async () => {
    for (const [path, why] of [
      [join(home, 'none.json'), 'does not exist'],
      [home, 'not a file'],
      ['relative.json', 'not an absolute path'],
    ] as const)
      expect(
        failureOf(await open({ credentials: { file: path } }).list(''), 'not-configured').message,
      ).toContain(why);
  });

  it('act as another account, with one short-lived token for many calls', async () => {
    const acting: string[] = [];
    await restart({
      authorize: (token) => {
        acting.push(token);
        return token === 'acting-token' || token === 'setup'
          ? null
          : { status: 401, reason: 'authError', message: 'no' };
      },
    });
    signIn.answer = (request, response) =>
      giveJson(
        response,
        200,
        request.url === '/token'
          ? { access_token: 'own-token', expires_in: 3600 }
          : { accessToken: 'acting-token', expireTime: '2030-01-01T00:00:00Z' },
      );
    const store = open({
      credentials: { file: await file(USER), impersonate: 'writer@team.iam.gserviceaccount.com' },
    });
    await Promise.all(
      [store.list(''), store.head('a'), store.head('b')].map(async (call) => okOf<unknown>(await call)),
    );
    const asked = signIn.asked.filter((one) => one.path !== '/token');
    expect(asked.map((one) => [one.path, one.authorization])).toEqual([
      [
        '/v1/projects/-/serviceAccounts/writer%40team.iam.gserviceaccount.com:generateAccessToken',
        'Bearer own-token',
      ],
    ]);
    expect(new Set(acting.slice(1))).toEqual(new Set(['acting-token']));
    expect(okOf(await store.probe()).account).toBe('writer@team.iam.gserviceaccount.com');
  });

  it('that may not act as the account say which role is missing', async () => {
    signIn.answer = (request, response) =>
      request.url === '/token'
        ? giveJson(response, 200, { access_token: 'own', expires_in: 3600 })
        : giveJson(response, 403, { error: { message: 'denied' } });
    const store = open({
      credentials: { file: await file(USER), impersonate: 'writer@team.iam.gserviceaccount.com' },
    });
    expect(failureOf(await store.list(''), 'denied').remedy).toContain(
      'roles/iam.serviceAccountTokenCreator',
    );
  });

  it('never go over an unencrypted line to another machine', async () => {
    const store = open({ credentials: { file: await file(USER) }, apiEndpoint: 'http://storage.example' });
    expect(failureOf(await store.list(''), 'not-configured').message).toContain('not encrypted');
    expect(signIn.asked).toEqual([]);
  });

  it('that others can read, or that lie where they would be shared, are warned about', async () => {
    const data = join(home, 'data');
    await mkdir(join(home, '.git'));
    await mkdir(data);
    const path = await file(USER, 'data/key.json');
    await chmod(path, 0o644);
    okOf(await open({ credentials: { file: path }, dataFolder: data }).list(''));
    expect(appLog).toHaveLength(3);
    for (const words of ['other users', 'data folder', 'git work tree'])
      expect(appLog.join('\n')).toContain(words);
  });

  it('tell whether the bucket may be written', async () => {
    for (const [granted, writable] of [
      [['storage.objects.create', 'storage.objects.delete'], true],
      [[], false],
    ] as const) {
      await restart({ granted });
      const probe = okOf(await open({ credentials: { file: await file(USER) } }).probe());
      expect(probe.writable).toBe(writable);
    }
  });

  it('appear in no error and no line of the app log', async () => {
    const said: string[] = [];
    const bodies = [
      (response: ServerResponse) =>
        giveJson(response, 400, { error: 'invalid_grant', error_description: `refused ${REFRESH_TOKEN}` }),
      (response: ServerResponse) => giveJson(response, 401, { error: `Bearer ya29.canary-access-token` }),
      (response: ServerResponse) => response.end('<html>'),
      (response: ServerResponse) => response.destroy(),
    ];
    const path = await file(USER);
    for (const body of bodies) {
      signIn.answer = (_request, response) => {
        body(response);
      };
      const result = await open({ credentials: { file: path } }).list('');
      expect(result.ok).toBe(false);
      said.push(JSON.stringify(result));
    }
    const text = [...said, ...appLog].join('\n');
    for (const secret of [REFRESH_TOKEN.slice(3), CLIENT_SECRET, 'canary-access-token', 'canary-key-id'])
      expect(text).not.toContain(secret);
    expect(said).toHaveLength(bodies.length);
  });
});
