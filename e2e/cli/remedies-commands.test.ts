import { describe } from 'vitest';
import { COMMAND_ROWS } from './command-remedies.ts';
import { tryRemedies } from './try-remedies.ts';

describe('a remedy, run as it was printed, in the state that printed it', () => tryRemedies(COMMAND_ROWS));
