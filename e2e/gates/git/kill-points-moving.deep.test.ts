import { describe } from 'vitest';
import { killEverywhere } from './kill-everywhere.ts';

describe('killed everywhere (moving): the next run recovers by itself', () => killEverywhere('moving'));
