import { describe } from 'vitest';
import { SESSION_ROWS } from './session-remedies.ts';
import { tryRemedies } from './try-remedies.ts';
import { UPKEEP_ROWS } from './upkeep-remedies.ts';

describe('a remedy, run as it was printed, in the state that printed it', () =>
  tryRemedies([...SESSION_ROWS, ...UPKEEP_ROWS]));
