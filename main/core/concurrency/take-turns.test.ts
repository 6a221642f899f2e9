import { describe, expect, it } from 'vitest';
import { takeTurns } from './take-turns.ts';

describe('takeTurns', () => {
  it('lets so many in at once, in the order they came, also after one that throws', async () => {
    const turn = takeTurns(2);
    const log: string[] = [];
    const ends: (() => void)[] = [];
    const works = ['a', 'b', 'c', 'd'].map((name) =>
      turn(async () => {
        log.push(name);
        await new Promise<void>((resolve) => ends.push(resolve));
        if (name === 'a') throw new Error('a');
        return name;
      }),
    );
    const settled = Promise.allSettled(works);
    expect(log).toEqual(['a', 'b']);
    ends[0]?.();
    await works[0]?.catch(() => {});
    await Promise.resolve();
    expect(log).toEqual(['a', 'b', 'c']);
    ends[1]?.();
    await works[1];
    await Promise.resolve();
    expect(log).toEqual(['a', 'b', 'c', 'd']);
    ends[2]?.();
    ends[3]?.();
    expect((await settled).map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ]);
    expect(await turn(async () => 'later')).toBe('later');
  });
});
