import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { gitCause, type Git, type GitCall } from '../../core/ports/git.ts';

/** A git to test, with a new repository that has no commit, and a folder that is none. */
export interface GitUnderTest {
  readonly git: Git;
  readonly repository: string;
  readonly elsewhere: string;
  end?(): void;
}

const MINUTE = 60_000;

/**
 * The promises of `Git`, as tests. There is one adapter: tests that need no git answer single calls (`createRoomWorld`), because a git in
 * memory would be another program.
 */
export function gitContract(name: string, make: () => GitUnderTest): void {
  describe(`git contract: ${name}`, () => {
    let world: GitUnderTest;
    const call = (args: readonly string[], more: Partial<GitCall> = {}): GitCall => ({
      cwd: world.repository,
      args,
      deadlineMs: MINUTE,
      ...more,
    });
    const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
    beforeEach(() => {
      world = make();
    });
    afterEach(() => world.end?.());

    it('gives the output byte for byte', async () => {
      const stdin = new Uint8Array([0x61, 0, 0xff, 0x0a]);
      const written = unwrap(await world.git.run(call(['hash-object', '-w', '--stdin'], { stdin })));
      const id = text(written.stdout).trim();
      const read = unwrap(await world.git.run(call(['cat-file', 'blob', id], { reads: true })));
      expect(new Uint8Array(read.stdout)).toEqual(stdin);
      expect(read.exitCode).toBe(0);
    });

    it('takes an exit code for an answer only where the caller does', async () => {
      const unset = ['config', '--get', 'session-log.nothing'];
      expect(unwrap(await world.git.run(call(unset, { accept: [1] }))).exitCode).toBe(1);
      expect(await world.git.run(call(unset))).toMatchObject({
        ok: false,
        error: { details: { exitCode: 1 } },
      });
    });

    it.each([
      ['not-a-repository', { args: ['status'], cwd: 'elsewhere' }],
      ['no-folder', { args: ['status'], cwd: 'gone' }],
      ['cancelled', { args: ['status'], signal: AbortSignal.abort() }],
    ] as const)('says of a failure that it is %s', async (cause, { args, ...more }) => {
      const cwd =
        'cwd' in more ? (more.cwd === 'gone' ? `${world.elsewhere}/gone` : world.elsewhere) : undefined;
      const done = await world.git.run(
        call(args, {
          ...(cwd === undefined ? {} : { cwd }),
          ...('signal' in more ? { signal: more.signal } : {}),
        }),
      );
      expect(done.ok ? null : gitCause(done.error)).toBe(cause);
      expect(done.ok ? '' : done.error.remedy).not.toBe('');
    });

    it('sets what one call alone is to know, and the author of what it writes', async () => {
      const set = call(['config', '--get', 'session-log.word'], { config: [['session-log.word', 'x y']] });
      expect(text(unwrap(await world.git.run(set)).stdout)).toBe('x y\n');
      expect(unwrap(await world.git.run({ ...set, config: [], accept: [1] })).exitCode).toBe(1);
      const identity = { name: 'Mara Lind', email: 'mara@example.com' };
      unwrap(await world.git.run(call(['commit', '--allow-empty', '-m', 'a word'], { identity })));
      const log = unwrap(await world.git.run(call(['log', '--format=%an <%ae> %cn'], { reads: true })));
      expect(text(log.stdout)).toBe('Mara Lind <mara@example.com> Mara Lind\n');
    });

    it('ends what writes more than it may', async () => {
      const done = await world.git.run(call(['help', '-a'], { outputLimit: 10 }));
      expect(done.ok ? null : gitCause(done.error)).toBe('output-limit');
    });

    it('finds no work of a run that left none', async () => {
      expect(unwrap(await world.git.endRun('0123456789abcdef'))).toBe(0);
      expect(['no', 'unknown']).toContain(await world.git.busyIn([world.repository]));
    });
  });
}
