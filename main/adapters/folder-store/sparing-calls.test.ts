import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { only } from '../../testing/only.ts';
import { nodeFolderCalls } from './folder-calls.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'session-log-sparing-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const pipes = only(spawnSync('mkfifo', ['--version']).status === 0, 'needs mkfifo');

pipes.it('Calls that a dead mount keeps for ever leave the local disk its thread.', async () => {
  const pipe = join(root, 'pipe');
  spawnSync('mkfifo', [pipe]);
  // Each takes a thread of the pool until somebody writes.
  let ended = 0;
  const blocked = Array.from({ length: 20 }, async () => {
    closeSync(await nodeFolderCalls.open(pipe, constants.O_RDONLY, 0));
    ended++;
  });
  const local = stat(root).then((facts) => facts.isDirectory());
  // Two seconds of this process, not of a machine that runs others.
  let turns = 0;
  let clock: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    clock = setInterval(() => {
      if (++turns === 200) resolve('the local disk waits as well');
    }, 10);
  });
  try {
    expect(await Promise.race([local, late])).toBe(true);
    expect(ended).toBe(0);
  } finally {
    clearInterval(clock);
    // A writer lets all readers of the moment in; those that waited for a thread come after them.
    while (ended < blocked.length) {
      const writer = await openWriter(pipe);
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
      if (writer !== null) closeSync(writer);
    }
  }
  await Promise.all(blocked);
});

async function openWriter(pipe: string): Promise<number | null> {
  try {
    return openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    // Nobody reads at this moment.
    return null;
  }
}
