import { err, ok, type Result } from '../../../shared/result.ts';
import type { StoreProbe } from '../../core/ports/object-store.ts';
import { askBucket } from './gcs-bucket.ts';
import { listPage } from './gcs-read.ts';
import type { Attempt, GcsSession } from './gcs-session.ts';
import type { Failure } from './gcs-failure.ts';

/**
 * Proves that the store can be reached and read, and asks about write permission and the bucket's configuration. The former by the listing
 * that starts every sync; the rest by the client library, and only when the service has just responded.
 */
export async function probeStore(
  session: GcsSession,
  attempt: Attempt,
): Promise<Result<StoreProbe, Failure>> {
  const start = session.clock.monotonic();
  const listed = await listPage(session, '', { pageSize: 1 }, attempt);
  if (!listed.ok) return listed.error.error.code === 'cancelled' ? listed : err(listed.error);
  session.seen.bucket = true;
  const latencyMs = session.clock.monotonic() - start;
  const { identity, url } = session.context();
  const account = identity.kind === 'account' || identity.kind === 'impersonated' ? identity.email : null;
  const { writable, facts } = await askBucket(session, attempt);
  return ok({ url, account, latencyMs, writable, ...(facts === null ? {} : { bucket: facts }) });
}
