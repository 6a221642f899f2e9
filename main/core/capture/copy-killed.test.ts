import { constants } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { asyncDisk } from '../../adapters/disk/disk.ts';
import { createNodeFiles } from '../../adapters/disk/node-files.ts';
import type { TranscriptFile } from '../ports/transcript-source.ts';
import { createCopyWorld, type CopyWorld } from '../../testing/copy-world.ts';
import { failingCalls, Killed, type Blow } from '../../testing/failing-calls.ts';
import { restoreCopy } from './restore-copy.ts';
import { copySession, PIECE_BYTES } from './safe-copy.ts';

const NAME = 'projects/-p/s-1.jsonl';
const CHANGES = new Set(['open', 'write', 'truncate', 'fsync', 'rename', 'link', 'unlink', 'mkdir', 'chmod']);
const creates = (flags: unknown): boolean => typeof flags === 'number' && (flags & constants.O_CREAT) !== 0;
const OLD = Buffer.alloc(1_000, 'a');
/** Of two pieces. */
const NEWER = Buffer.alloc(PIECE_BYTES + 1, 'b');

let world: CopyWorld;
afterEach(() => world.end());

/** What the copy gives back once the agent has lost the file. */
async function restored(): Promise<Buffer> {
  world.remove(NAME);
  unwrap(await restoreCopy(world.deps, world.source, world.folder));
  return world.bytes(NAME);
}

it.each<[TranscriptFile['grows'], Blow]>([
  ['appended', { kind: 'kill', when: 'before' }],
  ['appended', { kind: 'errno', code: 'ENOSPC' }],
  ['rewritten', { kind: 'kill', when: 'after' }],
])(
  'a copy of a new version of what is %s is the old one or the new one, whatever change of the disk meets %j',
  async (grows, blow) => {
    let isReached = true;
    for (let at = 1; isReached; at++) {
      world?.end();
      world = createCopyWorld(grows);
      world.write(NAME, OLD);
      await world.copy(NAME);
      world.write(NAME, NEWER);
      const failing = failingCalls(asyncDisk, at, blow, CHANGES, creates);
      const files = createNodeFiles({ disk: failing.calls });
      await copySession({ ...world.deps, files }, world.source, world.folder, world.session(NAME)).catch(
        (thrown: unknown) => {
          if (!(thrown instanceof Killed)) throw thrown;
        },
      );
      isReached = failing.changes >= at;
      const kept = await restored();
      expect(kept.equals(NEWER) || (isReached && kept.equals(OLD)), `struck at ${at}`).toBe(true);
      // The agent has it after all: the next copy completes it.
      world.write(NAME, NEWER);
      await world.copy(NAME);
      expect((await restored()).equals(NEWER), `completed after ${at}`).toBe(true);
    }
  },
);
