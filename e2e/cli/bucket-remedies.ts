import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ApiFailure } from '../../main/testing/json-api-parts.ts';
import { startJsonApiServer, type JsonApiServerOptions } from '../../main/testing/json-api-server.ts';
import type { Box, Row } from './remedy-box.ts';

const stops: (() => Promise<void>)[] = [];

/** Connects a box to the bucket `a-bucket` of a server of its own. */
async function connect(box: Box, options: JsonApiServerOptions = {}, bucket = 'a-bucket'): Promise<void> {
  const server = await startJsonApiServer(options);
  stops.push(() => server.stop());
  await fetch(`${server.endpoint}/storage/v1/b`, { method: 'POST', body: '{"name":"a-bucket"}' });
  await box.done('config', 'set', 'store.endpoint', server.endpoint);
  await box.done('config', 'set', 'store.url', `gs://${bucket}`);
}

/** The file that a person puts in the place of FILE. It is none, so that no token is asked for on the network. */
const keyFile = (box: Box): string => join(box.folder, 'key.json');

/** The next push takes the credentials that were named. */
async function usesKey(box: Box): Promise<void> {
  writeFileSync(keyFile(box), '{}', { mode: 0o600 });
  expect((await box.run('sync', '--push')).err).toContain(`${keyFile(box)} cannot be used as credentials`);
}

/** A refusal that prints a command, and is lifted by somebody before the command is run. */
function lifted(state: string, failure: ApiFailure, row: Pick<Row, 'command' | 'code'>): Row {
  let stands = false;
  return {
    state,
    bring: async (box) => {
      await connect(box, { authorize: () => (stands ? failure : null) });
      stands = true;
      const refused = await box.run('sync', '--push');
      stands = false;
      return refused;
    },
    ...row,
    after: async (box, ended) => {
      // What explains must not send back to itself.
      expect(ended.out).not.toContain('session-log doctor');
      await box.done('sync', '--push');
      await box.done('doctor');
    },
  };
}

/** Remedies of buckets. */
export const BUCKET_ROWS: readonly Row[] = [
  {
    state: 'a bucket that is not there',
    bring: async (box) => (await connect(box, {}, 'gone-bucket'), box.run('sync', '--push')),
    command: /^config set store\.url gs:/,
    after: (box) => box.done('sync', '--push'),
  },
  {
    state: 'a bucket that asks who is there',
    bring: async (box) => {
      const nobody = { status: 401, reason: 'required', message: 'Login Required' };
      await connect(box, { authorize: (_, { method }) => (method === 'POST' ? null : nobody) });
      return box.run('sync', '--push');
    },
    command: /^config set store\.credentials \S/,
    after: usesKey,
  },
  {
    state: 'a bucket on a machine without credentials',
    bring: async (box) => {
      await box.done('config', 'set', 'store.url', 'gs://a-bucket');
      return box.run('sync', '--push');
    },
    command: /^config set store\.credentials \S/,
    after: usesKey,
  },
  {
    state: 'credentials that are none',
    bring: async (box) => {
      await connect(box);
      const other = join(box.folder, 'other.json');
      writeFileSync(other, '{}', { mode: 0o600 });
      await box.done('config', 'set', 'store.credentials', other);
      return box.run('sync', '--push');
    },
    command: /^config set store\.credentials \S/,
    after: usesKey,
  },
  {
    state: 'credentials for an endpoint that is not encrypted',
    bring: async (box) => {
      await box.done('config', 'set', 'store.credentials', keyFile(box));
      await box.done('config', 'set', 'store.endpoint', 'http://storage.example');
      await box.done('config', 'set', 'store.url', 'gs://a-bucket');
      return box.run('sync', '--push');
    },
    command: /^config set store\.credentials $/,
    after: async (box) => (await connect(box), box.done('sync', '--push')),
  },
  {
    state: 'a bucket that colleagues may use, too',
    bring: async (box) => {
      await connect(box);
      await box.done('whoami', '--set', 'Hal Berg');
      return box.run('setup', '--yes');
    },
    command: /^invite$/,
    after: (_, { out }) => expect(out).toContain('session-log setup'),
  },
  lifted(
    'a bucket whose service refuses for a reason of its own',
    { status: 403, reason: 'forbidden', message: 'A policy of the house.' },
    { command: /^status --check$/ },
  ),
  lifted(
    'a bucket whose service does not take a request',
    { status: 400, reason: 'invalid', message: 'Not like this.' },
    // The push that failed still needs a person: to try it again.
    { command: /^doctor$/, code: 65 },
  ),
];

/** Stops the servers of the rows; for the test's end. */
export async function stopBuckets(): Promise<void> {
  await Promise.all(stops.map((stop) => stop()));
}
