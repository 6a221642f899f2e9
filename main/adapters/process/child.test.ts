import { expect } from 'vitest';
import { onPosix } from '../../testing/only.ts';
import { runChild } from './child.ts';

/** Keeps this process from doing anything, as a machine that sleeps or is busy does. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

onPosix.it(
  'A pause of this process is not taken for silence of the child: what waits is read first.',
  async () => {
    let isFirst = true;
    const chunks: Buffer[] = [];
    const end = await runChild({
      program: 'sh',
      args: ['-c', 'echo ready; sleep 0.1; echo more; echo all'],
      env: process.env,
      deadlineMs: 60_000,
      silenceMs: 1_500,
      outputLimit: 1_000,
      graceMs: 1_000,
      onOutput: (chunk) => {
        chunks.push(chunk);
        if (isFirst) pause(2_000);
        isFirst = false;
      },
    });
    expect(end).toMatchObject({ exitCode: 0, ended: null });
    expect(Buffer.concat(chunks).toString()).toBe('ready\nmore\nall\n');
  },
);
