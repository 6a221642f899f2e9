import { err, ok, type Result } from '../../../shared/result.ts';
import type { StoreProbe } from '../../core/ports/object-store.ts';
import { listPage } from './gcs-read.ts';
import type { Attempt, GcsSession } from './gcs-session.ts';
import type { Trouble } from './gcs-trouble.ts';

const WRITE = ['storage.objects.create', 'storage.objects.delete'];

/**
 * Proves that the store can be reached and read, and asks whether it may be written. The first by the listing that every sync
 * begins with; the second by the client library, and only when the service has just answered.
 */
export async function probeStore(
  session: GcsSession,
  attempt: Attempt,
): Promise<Result<StoreProbe, Trouble>> {
  const start = session.clock.monotonic();
  const listed = await listPage(session, '', { pageSize: 1 }, attempt);
  if (!listed.ok) return listed.error.error.code === 'cancelled' ? listed : err(listed.error);
  session.seen.bucket = true;
  const latencyMs = session.clock.monotonic() - start;
  const { identity, url } = session.context();
  const account = identity.kind === 'account' || identity.kind === 'impersonated' ? identity.email : null;
  return ok({ url, account, latencyMs, writable: await askWritable(session, attempt) });
}

/** Null where it cannot be asked: servers for tests, and buckets whose rights are given per prefix. */
async function askWritable(session: GcsSession, attempt: Attempt): Promise<boolean | null> {
  const [{ Storage }, { PassThroughClient }] = await Promise.all([
    import('@google-cloud/storage'),
    import('google-auth-library'),
  ]);
  // The headers of this attempt, so that impersonation and quota project are those of every other call.
  const authClient = Object.assign(new PassThroughClient(), {
    getRequestHeaders: async () => new Headers(attempt.headers),
  });
  const storage = new Storage({
    authClient,
    apiEndpoint: session.base.href.replace(/\/+$/, ''),
    projectId: 'not-needed',
    useAuthWithCustomEndpoint: Object.keys(attempt.headers).length > 0,
    retryOptions: { autoRetry: false },
  });
  try {
    const [granted] = await storage.bucket(session.bucket).iam.testPermissions(WRITE);
    return WRITE.every((permission) => granted[permission] === true)
      ? true
      : session.prefix === ''
        ? false
        : null;
  } catch {
    return null;
  }
}
