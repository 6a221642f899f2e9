import { expect, it } from 'vitest';
import { processorTime, startStopwatch } from './processor-time.ts';

it('A stopwatch counts work by its processor time, however seldom timers come to their turn.', () => {
  const stop = startStopwatch();
  const before = processorTime();
  while (processorTime() - before < 60);
  expect(stop()).toBeGreaterThanOrEqual(60);
});

it('A stopwatch counts waiting by the turns that this process had.', async () => {
  const stop = startStopwatch();
  await new Promise<void>((resolve) => {
    let turns = 0;
    const timer = setInterval(() => {
      if (++turns < 20) return;
      clearInterval(timer);
      resolve();
    }, 10);
  });
  expect(stop()).toBeGreaterThanOrEqual(180);
});
