import { span } from '../../../shared/format/time.ts';
import type { BucketFacts } from '../../../shared/domain/bucket-facts.ts';
import type { Finding } from './finding.ts';

/**
 * What of a bucket's set-up is against logs that grow, are replaced and belong to a team.
 * @param url of the store: `gs://bucket/prefix`
 * @param bucket undefined where the store is none, or its set-up may not be read: then nothing is found
 */
export function bucketFindings(url: string, bucket: BucketFacts | undefined): readonly Finding[] {
  if (bucket === undefined) return [];
  const name = /^gs:\/\/[^/]+/.exec(url)?.[0] ?? url;
  const subject = `bucket ${name}`;
  const update = (option: string): string => `gcloud storage buckets update ${name} ${option}`;
  const findings: Finding[] = [];
  if (bucket.retentionS > 0)
    findings.push({
      level: 'problem',
      subject,
      finding: `its retention policy lets nobody replace an object for ${span(bucket.retentionS * 1000)}, so no log that grows can be pushed`,
      remedy: update('--clear-retention-period'),
    });
  if (bucket.softDeleteS === 0 && !bucket.versioning)
    findings.push({
      level: 'hint',
      subject,
      finding: 'what is replaced or deleted in it is gone at once',
      remedy: update('--soft-delete-duration=7d'),
    });
  if (!bucket.publicAccessPrevented)
    findings.push({
      level: 'hint',
      subject,
      finding: 'nothing prevents that logs in it are made public',
      remedy: update('--public-access-prevention'),
    });
  if (!bucket.uniformAccess)
    findings.push({
      level: 'hint',
      subject,
      finding: 'rights can be given on single objects, where nobody looks for them',
      remedy: update('--uniform-bucket-level-access'),
    });
  if (findings.length > 0) return findings;
  return [{ level: 'ok', subject, finding: `${bucket.location}, ${bucket.storageClass}`, remedy: '' }];
}
