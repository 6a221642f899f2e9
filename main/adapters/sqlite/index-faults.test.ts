import { expect, it } from 'vitest';
import { indexFault } from './index-faults.ts';

const fault = (rawCode: number) =>
  indexFault(Object.assign(new Error('SQLite'), { rawCode }), '/home/state/index.db');

it('A disk that is too full for the shared memory of SQLite is named as a full disk.', () => {
  for (const code of [13, 4874])
    expect(fault(code)).toMatchObject({
      kind: 'answer',
      error: { code: 'disk-full', message: expect.stringContaining('The disk is full') },
    });
});

it('Any other failure of the disk keeps its own words.', () => {
  expect(fault(8)).toMatchObject({ kind: 'answer', error: { code: 'io' } });
  expect(fault(266)).toMatchObject({ kind: 'answer', error: { code: 'io', transient: true } });
});

it('A file that cannot be written is named for whoever knows its owner.', () => {
  for (const code of [8, 14, 3])
    expect(fault(code)).toMatchObject({
      kind: 'answer',
      error: { code: 'io', transient: false, details: { path: '/home/state/index.db', isShut: true } },
    });
});
