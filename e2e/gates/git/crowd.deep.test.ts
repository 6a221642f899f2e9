import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gitCli } from '../../../main/adapters/git/git-cli.ts';
import type { GitSyncProgress } from '../../../main/core/git-sync/git-sync-deps.ts';
import { LIMITS } from '../../../main/core/git-sync/limits.ts';
import type { Git } from '../../../main/core/ports/git.ts';
import { howFar } from '../../../main/testing/how-far.ts';
import { copyWorld, dropWorld, git, makeTemplate, onRemote, put, sync, type World } from './world.ts';

const HOUR_MS = 3_600_000;

let template: World;
beforeAll(() => {
  template = makeTemplate();
});
afterAll(() => dropWorld(template));

test(
  '4 clones that push 50 times each without a pause: 200 of 200 land, 95 % of them within 10 s, and none is deferred',
  { timeout: HOUR_MS },
  async () => {
    const world = copyWorld(template);
    const times: number[] = [];
    const tries: number[] = [];
    const step = howFar('pushes of four clones', 200);
    const real = gitCli({ env: world.env, graceMs: 300 });
    const { pushPauseMinMs, pushPauseMaxMs, pushPatienceMs } = LIMITS;
    const limits = { pushPauseMinMs, pushPauseMaxMs, pushPatienceMs };
    const clone = async (number: number): Promise<string> => {
      const tree = join(world.root, `clone${number}`);
      git(world, world.root, 'clone', '-q', world.remote, tree);
      for (let push = 0; push < 50; push++) {
        const path = `session-logs/${number}-${push}.md`;
        put(tree, { [path]: `${number} ${push}\n` });
        const started = performance.now();
        let pushes = 0;
        const counted: Git = {
          ...real,
          run: (call) => {
            if (call.args[0] === 'push') pushes++;
            return real.run(call);
          },
        };
        const done = await sync(world, [path], {
          request: { workspace: tree },
          limits,
          deps: { git: counted },
        });
        tries.push(pushes);
        times.push(performance.now() - started);
        step();
        expect(done.error, path).toBe(null);
      }
      return tree;
    };
    const trees = await Promise.all([0, 1, 2, 3].map(clone));
    for (const tree of trees)
      expect((await sync(world, [], { request: { workspace: tree }, limits })).error).toBe(null);
    for (let number = 0; number < 4; number++)
      for (let push = 0; push < 50; push++)
        expect(onRemote(world, `session-logs/${number}-${push}.md`)).toBe(`${number} ${push}\n`);
    times.sort((one, other) => one - other);
    const [slow = 0, longest = 0] = [times[Math.floor(times.length * 0.95)], times.at(-1)];
    const most = Math.max(...tries);
    const lost = tries.reduce((sum, count) => sum + count - 1, 0);
    console.log(
      `${times.length} pushes, ${(lost / times.length).toFixed(2)} races lost for each, at most ${most} tries; p50 ${times[100]?.toFixed(0)} ms, p95 ${slow.toFixed(0)} ms, longest ${longest.toFixed(0)} ms`,
    );
    dropWorld(world);
    expect(slow).toBeLessThan(10_000);
    expect(longest).toBeLessThan(pushPatienceMs + 30_000);
    // Three of five tries are lost in such a crowd: one run in a thousand has somebody who loses 24 in a row.
    expect(most).toBeLessThan(25);
  },
);

test(
  '10,000 new files and one of 200 MB: progress shown, lock alive, at most twice plain git',
  { timeout: HOUR_MS },
  async () => {
    const files = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, at) => [`session-logs/${at % 100}/${at}.md`, `# ${at}\n`]),
    );
    const big = randomBytes(200 * 1024 * 1024);
    const [ours, plain] = [copyWorld(template), copyWorld(template)];
    for (const world of [ours, plain]) put(world.tree, { ...files, 'session-logs/big.bin': big });
    const started = performance.now();
    for (const args of [
      ['add', '.'],
      ['commit', '-q', '-m', 'x'],
      ['push', '-q', 'origin', 'HEAD'],
    ])
      execFileSync('git', args, { cwd: plain.tree, env: plain.env, stdio: 'ignore' });
    const plainMs = performance.now() - started;
    const progress: GitSyncProgress[] = [];
    const touched = new Set<number>();
    const watch = setInterval(() => {
      const lock = join(ours.tree, '.git/session-log-sync.lock');
      for (const name of safeNames(lock)) touched.add(statSync(join(lock, name)).mtimeMs);
    }, 1_000);
    const before = performance.now();
    const done = await sync(ours, ['session-logs'], {
      request: { onProgress: (step) => progress.push(step) },
      limits: { hookMs: 60_000, silenceMs: 30_000 },
    });
    const oursMs = performance.now() - before;
    clearInterval(watch);
    console.log(
      `ours ${(oursMs / 1000).toFixed(1)} s, plain ${(plainMs / 1000).toFixed(1)} s; ${progress.length} steps of progress`,
    );
    expect(done.error).toBe(null);
    expect(done.tree?.files).toHaveLength(10_001);
    expect(
      progress.filter((step) => step.phase === 'pushing' && step.percent !== null).length,
    ).toBeGreaterThan(10);
    if (oursMs > 40_000) expect(touched.size).toBeGreaterThan(1);
    for (const world of [ours, plain]) dropWorld(world);
    expect(oursMs).toBeLessThan(2 * plainMs);
  },
);

function safeNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
