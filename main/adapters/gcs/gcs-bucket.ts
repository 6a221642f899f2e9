import type { Bucket } from '@google-cloud/storage';
import * as v from 'valibot';
import { withinDeadline } from '../../../shared/within-deadline.ts';
import type { BucketFacts } from '../../../shared/domain/bucket-facts.ts';
import type { Attempt, GcsSession } from './gcs-session.ts';

const WRITE = ['storage.objects.create', 'storage.objects.delete'];

/** What the client library reports about a bucket. */
export interface BucketAnswers {
  /** Null if it cannot be determined: test servers, and buckets whose permissions are granted per prefix. */
  readonly writable: boolean | null;
  /** Null if this account may not read them (`storage.buckets.get`), which is usual. */
  readonly facts: BucketFacts | null;
}

/**
 * Asks the client library about the bucket for a person who is waiting. Its calls never settle when a server stalls, with or without its
 * own time-out, so they are cut off after the stall limit; anything not answered by then is unknown. Never fails.
 */
export async function askBucket(session: GcsSession, attempt: Attempt): Promise<BucketAnswers> {
  const { clock, limits } = session;
  const sleep = (ms: number, signal?: AbortSignal): Promise<boolean> => clock.sleep(ms, signal);
  const unless = async <T>(ask: (bucket: Bucket) => Promise<T>): Promise<T | null> => {
    const ended = await withinDeadline({ ms: limits.stallMs, sleep, signal: attempt.signal }, async () =>
      ask(await openBucket(session, attempt)).catch(() => null),
    );
    return ended.kind === 'done' ? ended.value : null;
  };
  const [granted, metadata] = await Promise.all([
    unless(async (bucket) => (await bucket.iam.testPermissions(WRITE))[0]),
    unless(async (bucket) => (await bucket.getMetadata())[0]),
  ]);
  return {
    writable: granted === null ? null : mayWrite(granted, session.prefix),
    facts: readFacts(metadata),
  };
}

async function openBucket(session: GcsSession, attempt: Attempt): Promise<Bucket> {
  const [{ Storage }, { PassThroughClient }] = await Promise.all([
    import('@google-cloud/storage'),
    import('google-auth-library'),
  ]);
  // The headers of this attempt, so that impersonation and quota project match every other call.
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
  return storage.bucket(session.bucket);
}

function mayWrite(granted: Readonly<Record<string, boolean>>, prefix: string): boolean | null {
  if (WRITE.every((permission) => granted[permission] === true)) return true;
  return prefix === '' ? false : null;
}

/** Seconds come as text, or as a number from some servers. */
const Seconds = v.pipe(v.union([v.string(), v.number()]), v.transform(Number), v.finite());
const Enabled = v.object({ enabled: v.optional(v.boolean(), false) });
/** Source: https://cloud.google.com/storage/docs/json_api/v1/buckets#resource */
const Metadata = v.object({
  location: v.string(),
  storageClass: v.optional(v.string(), 'STANDARD'),
  versioning: v.optional(Enabled),
  softDeletePolicy: v.optional(v.object({ retentionDurationSeconds: v.optional(Seconds, 0) })),
  retentionPolicy: v.optional(v.object({ retentionPeriod: v.optional(Seconds, 0) })),
  iamConfiguration: v.optional(
    v.object({
      publicAccessPrevention: v.optional(v.string()),
      uniformBucketLevelAccess: v.optional(Enabled),
    }),
  ),
});

function readFacts(metadata: unknown): BucketFacts | null {
  const read = v.safeParse(Metadata, metadata);
  if (!read.success) return null;
  const { location, storageClass, versioning, softDeletePolicy, retentionPolicy, iamConfiguration } =
    read.output;
  return {
    location,
    storageClass,
    versioning: versioning?.enabled ?? false,
    softDeleteS: softDeletePolicy?.retentionDurationSeconds ?? 0,
    retentionS: retentionPolicy?.retentionPeriod ?? 0,
    publicAccessPrevented: iamConfiguration?.publicAccessPrevention === 'enforced',
    uniformAccess: iamConfiguration?.uniformBucketLevelAccess?.enabled ?? false,
  };
}
