import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { objectNameProblem } from '../../../shared/domain/object-name.ts';
import { nameRefused, putProblem } from '../../../shared/domain/store-errors.ts';
import { err, type Result } from '../../../shared/result.ts';
import type { ByteSource } from '../../core/ports/byte-source.ts';
import type { Clock, Random } from '../../core/ports/clock.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { ObjectInfo, ObjectStore, PutOptions } from '../../core/ports/object-store.ts';
import { createAuth } from './gcs-auth.ts';
import type { AuthEndpoints } from './gcs-auth-client.ts';
import { openDownload } from './gcs-download.ts';
import { GCS_LIMITS, type GcsLimits } from './gcs-limits.ts';
import { fetchWhole } from './gcs-media.ts';
import { probeStore } from './gcs-probe.ts';
import { listPage, statObject } from './gcs-read.ts';
import { createResumableUpload } from './gcs-resumable.ts';
import { createSession, type GcsSession } from './gcs-session.ts';
import { createTransport } from './gcs-transport.ts';
import { copyObject, readSource, uploadOf, uploadWhole } from './gcs-write.ts';

export interface GcsStoreOptions {
  readonly bucket: string;
  /** Prefixed to every object name, with a slash in between; empty for none. */
  readonly prefix: string;
  readonly credentials: {
    /** Absolute path of a credential file; Application Default Credentials when absent. */
    readonly file?: string;
    /** Service account to impersonate. */
    readonly impersonate?: string;
  };
  /** Another server that implements the service's interfaces. Credentials are sent there only if named above. */
  readonly apiEndpoint?: string;
  /** Where a credential file should not be; a warning is issued. */
  readonly dataFolder?: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger?: Logger;
  readonly limits?: Partial<GcsLimits>;
  /** URLs of the sign-in services, for tests. */
  readonly authEndpoints?: AuthEndpoints;
  /** The process's environment by default. `HOME` locates gcloud's folder and `~/`. */
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * A Cloud Storage bucket. The client library supplies the credentials and checks permissions; the requests are our own, over
 * persistent connections that can be aborted and never hang. Why, with the measurements: docs/stores.md. Opens nothing before the
 * first call, and every call settles.
 */
export function createGcsObjectStore(options: GcsStoreOptions): ObjectStore {
  const url = options.prefix === '' ? `gs://${options.bucket}` : `gs://${options.bucket}/${options.prefix}`;
  const limits = { ...GCS_LIMITS, ...options.limits };
  const environment = options.environment ?? process.env;
  const base = new URL(options.apiEndpoint ?? 'https://storage.googleapis.com');
  const { file, impersonate } = options.credentials;
  const named = file !== undefined || impersonate !== undefined;
  const transport = createTransport({ ...limits, environment });
  const auth = createAuth({
    url,
    host: base.host,
    anonymous: options.apiEndpoint !== undefined && !named,
    search: { file, dataFolder: options.dataFolder, environment, logger: options.logger },
    impersonate,
    endpoints: options.authEndpoints ?? {},
    transport,
    limits,
    clock: options.clock,
  });
  const { bucket, clock, random } = options;
  const prefix = options.prefix === '' ? '' : `${options.prefix}/`;
  const session = createSession({ url, base, bucket, prefix, auth, transport, limits, clock, random });
  const unsafe = named && !isPrivateLine(base) ? tokenInTheClear(base) : null;
  const store = { ...reads(session), ...writes(session) };
  return {
    url,
    sameDisk: false,
    ...(unsafe === null ? store : refuseAll(unsafe)),
    close: async () => transport.close(),
  };
}

function reads(session: GcsSession): Pick<ObjectStore, 'list' | 'head' | 'get' | 'getStream' | 'probe'> {
  return {
    list: (prefix, list = {}) =>
      session.run({ operation: 'list', signal: list.signal }, (attempt) =>
        listPage(session, prefix, list, attempt),
      ),
    head: async (name, head = {}) =>
      refusal(session, name) ??
      (await session.run({ operation: 'head', signal: head.signal }, (attempt) =>
        statObject(session, name, attempt),
      )),
    get: async (name, get = {}) =>
      refusal(session, name) ??
      (await session.run({ operation: 'get', signal: get.signal }, (attempt) =>
        fetchWhole(session, name, get, attempt),
      )),
    getStream: async (name, get = {}) => refusal(session, name) ?? (await openDownload(session, name, get)),
    probe: (probe = {}) =>
      session.run({ operation: 'probe', signal: probe.signal }, (attempt) => probeStore(session, attempt)),
  };
}

function writes(session: GcsSession): Pick<ObjectStore, 'put' | 'copy'> {
  return {
    put: async (name, body, put) => {
      const problem = putProblem(name, put);
      if (problem !== null) return err(problem);
      return refusal(session, name) ?? (await upload(session, name, body, put));
    },
    copy: async (from, to, copy) => {
      const problem = putProblem(to, copy);
      if (problem !== null) return err(problem);
      const plan = { from, to, expect: copy.ifGenerationMatch };
      return (
        refusal(session, to) ??
        refusal(session, from.name) ??
        (await session.run({ operation: 'copy', signal: copy.signal }, (attempt) =>
          copyObject(session, plan, attempt),
        ))
      );
    },
  };
}

async function upload(
  session: GcsSession,
  name: string,
  body: ByteSource,
  put: PutOptions,
): Answer<ObjectInfo> {
  const run = { operation: 'put', bytes: body.size, signal: put.signal };
  const plan = uploadOf(name, body, put);
  if (body.size < session.limits.resumableFrom) {
    let bytes: Uint8Array | null = null;
    return await session.run(run, async (attempt) => {
      if (bytes === null) {
        const read = await readSource(session, name, body, attempt.signal);
        if (!read.ok) return read;
        bytes = read.value;
      }
      return await uploadWhole(session, plan, bytes, attempt);
    });
  }
  const resumable = createResumableUpload(session, plan, body);
  const stored = await session.run(run, (attempt) => resumable.attempt(attempt));
  // Not awaited: whoever cancelled wants to continue, and leftovers expire automatically.
  if (!stored.ok) void resumable.abandon();
  return stored;
}

/** The service limits the whole name, including the prefix. */
function refusal(session: GcsSession, name: string): Result<never, AppError> | null {
  const problem = objectNameProblem(name) ?? objectNameProblem(session.prefix + name);
  return problem === null ? null : err(nameRefused(name, problem));
}

/** True where a token may be sent: encrypted, or to this very machine. */
function isPrivateLine(base: URL): boolean {
  return base.protocol === 'https:' || /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(base.hostname);
}

function tokenInTheClear(base: URL): AppError {
  return appError(
    'not-configured',
    `The endpoint ${base.origin} is not encrypted, so no credentials are sent to it.`,
    'Use an https:// endpoint, or remove the credentials: `session-log config set store.credentials ""`.',
  );
}

function refuseAll(error: AppError): Omit<ObjectStore, 'url' | 'sameDisk' | 'close'> {
  const refuse = async (): Answer<never> => err(error);
  return {
    list: refuse,
    head: refuse,
    get: refuse,
    getStream: refuse,
    put: refuse,
    copy: refuse,
    probe: refuse,
  };
}
