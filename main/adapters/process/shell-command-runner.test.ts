import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import type { CommandEnd, CommandRun } from '../../core/ports/command-runner.ts';
import { createShellCommandRunner } from './shell-command-runner.ts';
import { onPosix } from '../../testing/only.ts';

const run = (command: string, more: Partial<CommandRun> = {}): Promise<CommandEnd> =>
  createShellCommandRunner({ graceMs: 50 }).run({
    command,
    cwd: tmpdir(),
    env: {},
    timeoutMs: 20_000,
    ...more,
  });
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
/** Waits until a process is gone: the kernel tells nobody but its parent. */
const gone = async (pid: number): Promise<void> => {
  for (const deadline = Date.now() + 10_000; isAlive(pid);) {
    if (Date.now() > deadline) throw new Error(`${pid} is still alive`);
    await new Promise((resolve) => setImmediate(resolve));
  }
};

onPosix.describe('a configured command', () => {
  it('gives its exit code and the end of its output, and reads values from the environment as they are', async () => {
    expect(
      await run('echo "$TARGET" >&2; exit 3', { env: { TARGET: '$(touch /tmp/never) "; exit 9' } }),
    ).toEqual({
      kind: 'exited',
      code: 3,
      output: '$(touch /tmp/never) "; exit 9',
    });
    expect((await run('head -c 100000 /dev/zero | tr "\\0" x; echo end')).output).toMatch(/^x{4092}end$/);
  });

  it('has nobody to ask: its input is empty', async () => {
    expect(await run('read answer; echo "got [$answer]"')).toMatchObject({
      kind: 'exited',
      output: 'got []',
    });
  });

  it('is ended at its deadline with everything it started, also when it does not listen', async () => {
    const ended = await run(
      'trap "" TERM; sh -c \'trap "" TERM; echo $$; while :; do sleep 1; done\' & wait; wait',
      { timeoutMs: 300 },
    );
    expect(ended).toMatchObject({ kind: 'timed-out', code: null });
    await gone(Number(ended.output));
  });

  it('leaves nothing running behind it', async () => {
    const ended = await run('sleep 1000 & echo $!');
    expect(ended).toMatchObject({ kind: 'exited', code: 0 });
    await gone(Number(ended.output));
  });

  it('can be cancelled, before and while it runs', async () => {
    expect(await run('exit 0', { signal: AbortSignal.abort() })).toMatchObject({ kind: 'cancelled' });
    const stop = new AbortController();
    const running = run('sleep 1000', { signal: stop.signal });
    stop.abort();
    expect(await running).toMatchObject({ kind: 'cancelled' });
  });

  it('that cannot be started says so', async () => {
    expect(await run('exit 0', { cwd: '/nonexistent' })).toMatchObject({ kind: 'not-started' });
    expect(await run('no-such-program-here')).toMatchObject({ kind: 'exited', code: 127 });
  });
});
