import { describe, expect, it } from 'vitest';

import { rememberingProcesses } from './remembering-processes.ts';
import type { Sighting } from './verdict.ts';

describe('a host where asking is slow', () => {
  let asked = 0;
  let now = 0;
  let exists = true;
  let answer: Sighting = { kind: 'running', start: '7' };
  const processes = rememberingProcesses(
    () => {
      asked++;
      return Promise.resolve(answer);
    },
    () => now,
    () => exists,
  );

  it('is asked once for a process that stays', async () => {
    expect(await processes.look(20, '7')).toEqual(answer);
    now += 4000;
    expect(await processes.look(20, '7')).toEqual(answer);
    expect(asked).toBe(1);
  });

  it('is asked again when the memory is old', async () => {
    now += 1001;
    await processes.look(20, '7');
    expect(asked).toBe(2);
  });

  it('is asked about any other start, so a memory never calls anybody dead', async () => {
    answer = { kind: 'running', start: '8' };
    expect(await processes.look(20, '8')).toEqual(answer);
    expect(asked).toBe(3);
  });

  it('is not asked about a pid that is gone, even one remembered', async () => {
    exists = false;
    expect(await processes.look(20, '8')).toEqual({ kind: 'absent' });
    expect(asked).toBe(3);
  });

  it('does not remember a start it was not told', async () => {
    exists = true;
    answer = { kind: 'running', start: null };
    expect(await processes.look(20, '8')).toEqual(answer);
    expect(await processes.look(20, '8')).toEqual(answer);
    expect(asked).toBe(5);
  });
});
