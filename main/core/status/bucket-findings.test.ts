import { expect, it } from 'vitest';
import type { BucketFacts } from '../../../shared/domain/bucket-facts.ts';
import { bucketFindings } from './bucket-findings.ts';

const GOOD: BucketFacts = {
  location: 'EUROPE-WEST3',
  storageClass: 'STANDARD',
  versioning: false,
  softDeleteS: 604_800,
  retentionS: 0,
  publicAccessPrevented: true,
  uniformAccess: true,
};
const found = (more: Partial<BucketFacts>) => bucketFindings('gs://team/logs', { ...GOOD, ...more });

it('says where a bucket is when nothing is wrong with it', () => {
  expect(found({})).toEqual([
    { level: 'ok', subject: 'bucket gs://team', finding: 'EUROPE-WEST3, STANDARD', remedy: '' },
  ]);
  expect(found({ softDeleteS: 0, versioning: true })).toMatchObject([{ level: 'ok' }]);
});

it.each([
  [{ retentionS: 86_400 * 30 }, 'problem', '--clear-retention-period'],
  [{ softDeleteS: 0 }, 'hint', '--soft-delete-duration=7d'],
  [{ publicAccessPrevented: false }, 'hint', '--public-access-prevention'],
  [{ uniformAccess: false }, 'hint', '--uniform-bucket-level-access'],
] as const)('names the command for a bucket with %j', (more, level, option) => {
  const remedy = `gcloud storage buckets update gs://team ${option}`;
  expect(found(more)).toMatchObject([{ level, subject: 'bucket gs://team', remedy }]);
});

it('says nothing about a store whose set-up is not known', () => {
  expect(bucketFindings('file:///srv/logs', undefined)).toEqual([]);
});
