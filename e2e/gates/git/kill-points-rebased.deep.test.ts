import { describe } from 'vitest';
import { killEverywhere } from './kill-everywhere.ts';

describe('killed everywhere (rebased): the next run recovers by itself', () => killEverywhere('rebased'));
