import { describe } from 'vitest';
import { killEverywhere } from './kill-everywhere.ts';

describe('killed everywhere (conflict): the next run recovers by itself', () => killEverywhere('conflict'));
