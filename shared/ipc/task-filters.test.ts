import { describe, expect, it } from 'vitest';
import { EVERY_TASK, readTaskFilters, writeTaskFilters } from './task-filters.ts';

describe('filters of tasks in an address', () => {
  it('say nothing when every open task is shown', () => {
    expect(writeTaskFilters(EVERY_TASK)).toBe('');
    expect(readTaskFilters('')).toEqual(EVERY_TASK);
  });

  it.each(['person=', `person=${'a'.repeat(201)}`, 'person=a%00b', 'mine=yes', 'done=2', 'other=1'])(
    'leave out what is none: %s',
    (query) => {
      expect(readTaskFilters(query)).toEqual(EVERY_TASK);
    },
  );
});
