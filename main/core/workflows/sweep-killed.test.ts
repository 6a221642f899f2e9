import { constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { asyncDisk } from '../../adapters/disk/disk.ts';
import { createNodeFiles } from '../../adapters/disk/node-files.ts';
import { createNodeClock } from '../../adapters/system/node-clock.ts';
import { claudePath, createCaptureWorld, type CaptureWorld } from '../../testing/capture-world.ts';
import { failingCalls, Killed, type Blow } from '../../testing/failing-calls.ts';
import { createMemoryLocks } from '../../testing/memory-locks.ts';
import { createSeededRandom } from '../../testing/seeded-random.ts';
import { claudeWriter } from '../../testing/transcripts/write-claude-code.ts';
import { restoreTranscript } from './restore-transcript.ts';
import { sweepSessions } from './sweep-sessions.ts';

const IDS = ['6f9a1c1e-0000-4000-8000-000000000001', '6f9a1c1e-0000-4000-8000-000000000002'];
const CHANGES = new Set(['open', 'write', 'truncate', 'fsync', 'rename', 'link', 'unlink', 'mkdir', 'chmod']);
const creates = (flags: unknown): boolean => typeof flags === 'number' && (flags & constants.O_CREAT) !== 0;

let world: CaptureWorld;
beforeEach(() => {
  world = createCaptureWorld();
});
afterEach(() => world.end());

/** Writes both sessions. @param more a further stretch of each */
function put(more: boolean): void {
  for (const [nth, id] of IDS.entries()) {
    const writer = claudeWriter(createSeededRandom(nth + 1), '2.1.284', {
      session: id,
      cwd: '/home/ada/harbour',
    });
    writer.prompt(`Fix lookup ${nth}.`);
    writer.edit('/home/ada/harbour/a.ts', 'x', 'y');
    if (more) writer.prompt(`And the tests of lookup ${nth}.`);
    if (more) writer.command('npm test', 'ok');
    world.put(claudePath(id), writer.text(), more ? 60 : 120);
  }
}

/** A sweep that is struck at its n-th change of the disk. @returns whether it came to that change */
async function struck(at: number, blow: Blow): Promise<boolean> {
  const failing = failingCalls(asyncDisk, at, blow, CHANGES, creates);
  const files = createNodeFiles({ disk: failing.calls });
  const deps = { ...world.deps, files, locks: createMemoryLocks(createNodeClock()) };
  // Whatever a dead program would have said of it: nothing it did afterwards reached the disk.
  await sweepSessions(deps, { sessions: 'all', asked: false }).catch((thrown: unknown) => {
    if (!(thrown instanceof Killed)) throw thrown;
  });
  return failing.changes >= at;
}

/** Every log, and that each session comes back byte for byte from its copy. */
async function kept(): Promise<ReadonlyMap<string, string>> {
  for (const id of IDS) {
    const path = join(world.user, claudePath(id));
    const before = readFileSync(path);
    world.remove(claudePath(id));
    unwrap(await restoreTranscript(world.deps, { agent: 'claude-code', id }));
    expect(readFileSync(path).equals(before), id).toBe(true);
  }
  // What a dead program left half written is not a log, and is swept later.
  return new Map([...world.logs()].filter(([path]) => path.endsWith('.md')));
}

const BLOWS: readonly Blow[] = [
  { kind: 'kill', when: 'before' },
  { kind: 'kill', when: 'after' },
  { kind: 'errno', code: 'ENOSPC' },
];

describe.each(BLOWS)('a sweep that meets %j at any change of the disk', (blow) => {
  it.each([false, true])(
    'is finished by the next one, with the same logs (a session has gone on: %s)',
    async (more) => {
      const begin = async (): Promise<void> => {
        world.end();
        world = createCaptureWorld();
        put(false);
        if (!more) return;
        await world.sweep();
        put(true);
      };
      await begin();
      await world.sweep();
      const expected = await kept();
      expect(expected.size).toBe(2);
      for (let at = 1; ; at++) {
        await begin();
        if (!(await struck(at, blow))) break;
        await world.sweep();
        expect(await kept(), `struck at ${at}`).toEqual(expected);
      }
    },
  );
});
