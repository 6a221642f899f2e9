import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { onPosix } from '../../testing/only.ts';
import { unwrap } from '../../../shared/result.ts';
import { acquireKept } from './kept-lock.ts';

const node = process.execPath;
const request = { path: '/nowhere/lock', command: 'true', waitMs: 0 };
const KEEPS = `process.on('message', ({ kind }) => {
  if (kind === 'acquire') process.send({ kind: 'held' });
  if (kind === 'release') process.send({ kind: 'released', how: 'released' }, () => process.exit(0));
});`;

/** Holds this thread, so that whatever happens meanwhile is told at once afterwards. */
const stand = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

onPosix.it('hears the last word of a lock process that has ended before it is read', async () => {
  const lock = unwrap(await acquireKept([node, '-e', KEEPS], request));
  const child = spawn('sh', ['-c', 'echo done']);
  const released = new Promise((resolve) => {
    child.stdout.once('data', () => {
      resolve(lock.release());
      // The end of `sh` waits to be told. With it comes that of the lock process, ahead of what it said.
      stand(1_500);
    });
  });
  stand(500);
  expect(await released).toBe('released');
});

it('has lost the lock whose process was killed, and none where there is no such program', async () => {
  const dies = `process.on('message', ({ kind }) => {
    if (kind === 'acquire') process.send({ kind: 'held' });
    if (kind === 'release') process.kill(process.pid, 'SIGKILL');
  });`;
  const lock = unwrap(await acquireKept([node, '-e', dies], request));
  expect(await lock.release()).toBe('lost');
  expect(await acquireKept(['/nowhere/node'], request)).toMatchObject({ ok: false, error: { code: 'io' } });
});
