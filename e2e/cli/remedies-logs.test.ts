import { describe } from 'vitest';
import { LOG_ROWS } from './log-remedies.ts';
import { tryRemedies } from './try-remedies.ts';

describe('a remedy, run as it was printed, in the state that printed it', () => tryRemedies(LOG_ROWS));
