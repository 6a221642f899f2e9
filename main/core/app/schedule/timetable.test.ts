import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../../testing/virtual-clock.ts';
import { createTimetable } from './timetable.ts';

function world() {
  const clock = createVirtualClock();
  const begun = clock.now();
  const ran: string[] = [];
  let jumps = 0;
  const table = createTimetable<'a' | 'b'>(
    clock,
    (name) => ran.push(`${name} ${Math.round(clock.monotonic() / 1_000)}`),
    () => void jumps++,
  );
  return { clock, ran, table, at: (seconds: number) => begun + seconds * 1_000, jumps: () => jumps };
}

describe('a timetable', () => {
  it('runs what is due in its order, each once', async () => {
    const { clock, ran, table, at } = world();
    table.set('b', at(20));
    table.set('a', at(5));
    await clock.sleep(60_000);
    expect(ran).toEqual(['a 5', 'b 20']);
    expect(table.due('a')).toBeNull();
    await table.stop();
  });

  it('comes earlier when something earlier is set, and not at all when it is taken out', async () => {
    const { clock, ran, table, at } = world();
    table.set('a', at(300));
    await clock.sleep(10_000);
    table.set('b', at(15));
    table.set('a', null);
    await clock.sleep(600_000);
    expect(ran).toEqual(['b 15']);
    await table.stop();
  });

  it('has no timer while nothing is due, and none under a second', async () => {
    const { clock, ran, table, at } = world();
    expect(clock.waiting).toBe(0);
    table.set('a', at(0));
    await clock.sleep(900);
    expect(ran).toEqual([]);
    await clock.sleep(200);
    expect(ran).toEqual(['a 1']);
    expect(clock.waiting).toBe(0);
    await table.stop();
  });

  it('notices within ten minutes that the machine slept, and runs once what was missed', async () => {
    const { clock, ran, table, at } = world();
    table.set('a', at(7 * 24 * 3_600));
    await clock.sleep(1_000);
    clock.jump(8 * 24 * 3_600_000);
    await clock.sleep(10 * 60_000);
    expect(ran).toHaveLength(1);
    await table.stop();
  });

  it('looks at once when it is told of a wake', async () => {
    const { clock, ran, table, at } = world();
    table.set('a', at(3_600));
    await clock.sleep(1_000);
    clock.jump(2 * 3_600_000);
    table.recheck();
    expect(ran).toEqual(['a 1']);
    await table.stop();
  });

  it('says so when the clock was set back: times set before mean something else', async () => {
    const { clock, table, at, jumps } = world();
    table.set('a', at(5));
    table.set('b', at(10_000));
    await clock.sleep(6_000);
    clock.jump(-3_600_000);
    await clock.sleep(11 * 60_000);
    expect(jumps()).toBe(1);
    await table.stop();
  });

  it('runs nothing after it was stopped', async () => {
    const { clock, ran, table, at } = world();
    table.set('a', at(5));
    await table.stop();
    table.set('b', at(6));
    await clock.sleep(60_000);
    expect(ran).toEqual([]);
    expect(clock.waiting).toBe(0);
  });
});
