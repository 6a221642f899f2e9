import { afterAll, describe } from 'vitest';
import { BUCKET_ROWS, stopBuckets } from './bucket-remedies.ts';
import { tryRemedies } from './try-remedies.ts';

afterAll(stopBuckets);

describe('a remedy, run as it was printed, in the state that printed it', () => tryRemedies(BUCKET_ROWS));
