import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CalendarDate, MachineUuid } from '../domain/ids.ts';
import { LOG_PLACES } from '../domain/log-query.ts';
import { NO_FILTERS, readFilters, writeFilters, type ListFilters } from './list-filters.ts';

const words = fc
  .string({ minLength: 1, maxLength: 40 })
  .filter((text) => text.trim() !== '' && !text.includes('\0'));
const day = fc.option(
  fc
    .date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10) as CalendarDate),
);
const names = fc.uniqueArray(words, { maxLength: 4 });
const filters: fc.Arbitrary<ListFilters> = fc.record({
  text: fc.oneof(fc.constant(''), words),
  machines: fc.uniqueArray(fc.uuid() as unknown as fc.Arbitrary<MachineUuid>, { maxLength: 3 }),
  users: names,
  projects: names,
  clients: names,
  places: fc.subarray([...LOG_PLACES]),
  captured: fc.constantFrom(null, true, false),
  from: day,
  to: day,
  groupBy: fc.constantFrom('day', 'machine'),
  order: fc.constantFrom('newest', 'oldest'),
});

describe('filters in an address', () => {
  it('are read back as they were written', () => {
    fc.assert(
      fc.property(filters, (chosen) => {
        expect(readFilters(writeFilters(chosen))).toEqual(chosen);
      }),
    );
  });

  it('leave an address clean where nothing is chosen', () => {
    expect(writeFilters(NO_FILTERS)).toBe('');
    expect(readFilters('')).toEqual(NO_FILTERS);
  });

  it.each([
    'machine=not-a-machine',
    'place=nowhere',
    'from=2026-02-31',
    'by=colour',
    'order=random',
    'project=',
    'project=%00',
    'person=%zz',
    '=x',
    'unknown=1',
    '&&&',
  ])('pass over %s', (query) => {
    expect(readFilters(query)).toEqual(NO_FILTERS);
    expect(readFilters(`${query}&q=retries`)).toEqual({ ...NO_FILTERS, text: 'retries' });
  });

  it('are bounded, whatever an address holds', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => `project=p${index}`).join('&');
    expect(readFilters(many).projects).toHaveLength(100);
    expect(readFilters(`q=${'x'.repeat(9_000)}`).text).toHaveLength(500);
    expect(readFilters(`project=${'x'.repeat(9_000)}`).projects).toEqual([]);
  });
});
