import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import type { LogEntry } from '../../../shared/domain/log-entry.ts';
import type { LogPath } from '../../../shared/domain/ids.ts';
import { byteSourceOf } from '../../testing/byte-source-of.ts';
import { createTestWorld } from '../../testing/sync-world.ts';
import { describeLog, NOT_STORED } from './describe-log.ts';

const [LOGS, BYTES] = [64, 256 * 1024];

it('holds no text of the logs that it has described', async () => {
  const world = createTestWorld();
  const { deps } = world.machine('a');
  const describeOne = (at: number): Promise<LogEntry> => {
    const head = `# The title of log number ${at}\n\n- **User:** Ana of the team ${at} (ana)\n\n## Note for Mike\n\nPlease look at number ${at}.\n\n`;
    const bytes = new TextEncoder().encode(head.padEnd(BYTES, `Line ${at}.\n`));
    const source = byteSourceOf(bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return describeLog(
      deps,
      `2026-01-06-log-${at}.md` as LogPath,
      { size: bytes.length, mtimeMs: 0, sha256, source },
      NOT_STORED,
    );
  };
  const entries = [await describeOne(0)];
  const before = heapInUse();
  for (let at = 1; at <= LOGS; at++) entries.push(await describeOne(at));
  const grown = heapInUse() - before;
  expect(entries.at(-1)?.title).toBe(`The title of log number ${LOGS}`);
  expect(entries).toHaveLength(LOGS + 1);
  expect(grown).toBeLessThan((LOGS * BYTES) / 4);
  await world.end();
});

/** Bytes, when everything that nobody holds is gone. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
