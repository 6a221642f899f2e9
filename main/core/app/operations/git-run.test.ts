import { describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/app-error.ts';
import { err } from '../../../../shared/result.ts';
import { createRoomWorld } from '../../../testing/room-world.ts';
import { runGit } from './git-run.ts';
import type { OperationHandle } from './operations.ts';
import type { TreeOutcome } from '../news.ts';

/** A workspace in memory whose person is hal. */
function workspace({ files }: ReturnType<typeof createRoomWorld>, root: string): void {
  files.put(`${root}/.git/HEAD`, 'ref: refs/heads/main\n');
  files.put(
    `${root}/.claude/identity.json`,
    JSON.stringify({ user: 'hal', full_name: 'Hal', email: 'hal@example.com', machine: 'host-a' }),
  );
}

function world() {
  const room = createRoomWorld();
  const reports: object[] = [];
  const outcomes: TreeOutcome[] = [];
  const stop = new AbortController();
  const handle: OperationHandle = {
    id: 'op-1',
    signal: stop.signal,
    report: (change) => reports.push(change),
  };
  const parts = {
    git: room.parts.git,
    forge: room.parts.forge,
    systemUser: 'hal',
    onTree: (outcome: TreeOutcome) => outcomes.push(outcome),
  };
  const run = (...trees: string[]) =>
    runGit(room.core(), parts, { trees, all: false, mode: 'logs', waitMs: 0 }, handle);
  return { room, reports, outcomes, stop, run };
}

describe('a git sync as an operation', () => {
  it('gives each workspace its turn, whatever became of the one before', async () => {
    const { room, outcomes, reports, run } = world();
    workspace(room, '/w');
    const end = await run('/gone', '/w');
    expect(outcomes.map(({ path, report }) => `${path} ${report.state}`)).toEqual([
      '/gone attention',
      '/w attention',
    ]);
    expect(reports).toContainEqual(expect.objectContaining({ done: 1, total: 2, current: '/w' }));
    expect(end.summary.failed.map(({ path }) => path)).toEqual(['/gone', '/w']);
    expect(end.outcome).toBe('failed');
  });

  it.each([
    ['offline', 'deferred'],
    ['timeout', 'deferred'],
    ['attention', 'failed'],
  ] as const)('is with %s what the command line says of it: %s', async (code, outcome) => {
    const { room, outcomes, run } = world();
    workspace(room, '/w');
    room.git = () => err(appError(code, 'x', 'y', { details: { cause: 'other' } }));
    expect((await run('/w')).outcome).toBe(outcome);
    expect(outcomes[0]?.report.state).toBe(outcome === 'deferred' ? 'deferred' : 'attention');
  });

  it('is partly done when one needs a person and another will be retried', async () => {
    const { room, run } = world();
    workspace(room, '/w');
    room.git = () => err(appError('offline', 'x', 'y'));
    expect(await run('/gone', '/w')).toMatchObject({ outcome: 'partial', error: { code: 'not-configured' } });
  });

  it('ends as cancelled when a person stops it, and tells nothing of the workspace it was in', async () => {
    const { room, outcomes, stop, run } = world();
    workspace(room, '/w');
    room.git = () => {
      stop.abort();
      return err(appError('cancelled', 'x', 'y'));
    };
    expect((await run('/w', '/v')).outcome).toBe('cancelled');
    expect(outcomes).toEqual([]);
  });
});
