import { describe, expect, it } from 'vitest';
import { createBus } from './bus.ts';

function world() {
  const logged: string[] = [];
  return {
    logged,
    bus: createBus({ error: (text, facts) => void logged.push(`${text} ${JSON.stringify(facts)}`) }),
  };
}

describe('the bus', () => {
  it('calls everybody at once and is done when the slowest is', async () => {
    const { bus } = world();
    const log: string[] = [];
    let end: () => void = () => undefined;
    bus.on('notes.changed', async () => {
      log.push('slow begins');
      await new Promise<void>((resolve) => (end = resolve));
      log.push('slow ends');
    });
    bus.on('notes.changed', ({ unread }) => log.push(`quick ${unread}`));
    const told = bus.emit('notes.changed', { unread: 3 }).then(() => log.push('all done'));
    expect(log).toEqual(['slow begins', 'quick 3']);
    end();
    await told;
    expect(log.slice(2)).toEqual(['slow ends', 'all done']);
  });

  it('writes down a reaction that throws or rejects, and calls the others', async () => {
    const { bus, logged } = world();
    const heard: string[] = [];
    bus.on('index.touched', () => {
      throw new Error('at once');
    });
    bus.on('index.touched', () => Promise.reject(new Error('later')));
    bus.on('index.touched', () => heard.push('third'));
    await bus.emit('index.touched', null);
    expect(heard).toEqual(['third']);
    expect(logged).toEqual([expect.stringContaining('at once'), expect.stringContaining('later')]);
  });

  it('ends each subscription by itself, also when one function has two', async () => {
    const { bus } = world();
    let calls = 0;
    const listener = (): void => void calls++;
    const first = bus.on('queue.touched', listener);
    const second = bus.on('queue.touched', listener);
    await bus.emit('queue.touched', null);
    first();
    await bus.emit('queue.touched', null);
    expect(calls).toBe(3);
    expect(bus.isHeard('queue.touched')).toBe(true);
    second();
    expect(bus.isHeard('queue.touched')).toBe(false);
  });
});
