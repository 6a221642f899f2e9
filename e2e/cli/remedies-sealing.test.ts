import { describe } from 'vitest';
import { SEALING_ROWS } from './sealing-remedies.ts';
import { tryRemedies } from './try-remedies.ts';

describe('a remedy, run as it was printed, in the state that printed it', () => tryRemedies(SEALING_ROWS));
