import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { createNodeFiles } from '../../adapters/disk/node-files.ts';
import { A, B, entry, newFolder, newIndex, put } from '../../testing/index-fixture.ts';
import { runIndexProcess } from '../../testing/index-process.ts';
import type { LogIndex } from '../ports/log-index.ts';
import { readMachineSummary, saveMachineSummary, type SummaryPaths } from './machine-summary.ts';

const files = createNodeFiles();

function newPaths(): SummaryPaths {
  const folder = newFolder();
  return { machineSummary: join(folder, 'machines.json'), indexDb: join(folder, 'index.db') };
}

async function logsIn({ machineSummary }: SummaryPaths): Promise<number[] | undefined> {
  return unwrap(await readMachineSummary(files, machineSummary))?.map(({ logs }) => logs);
}

const PUT_ONE = `
  const index = createSqliteLogIndex({ file, own: '${A}', thread: 'caller' });
  const { content, head, segments } = sampleShard(1, 5);
  const put = await index.putShard({ ...content, segments: [] }, [...head, ...segments.flatMap((one) => one.entries)], []);
  if (!put.ok) say(put.error);
  await index.close();`;

/** An index that must not be asked. */
const shut = {} as LogIndex;

describe('the summary of the machines', () => {
  it('does not open a database that nobody has written since', async () => {
    const paths = newPaths();
    // Another process, because only its end surely brings the log of the database into its file.
    await runIndexProcess(PUT_ONE, paths.indexDb);
    const index = newIndex('caller', paths.indexDb);
    unwrap(await saveMachineSummary(files, index, paths));
    expect(statSync(`${paths.indexDb}-wal`).size).toBe(0);
    unwrap(await saveMachineSummary(files, shut, paths));
    await index.close();
    unwrap(await saveMachineSummary(files, shut, paths));
    expect(await logsIn(paths)).toEqual([5]);
  });

  it('sees what another connection wrote, whether it still is in the log of the database or in its file', async () => {
    const paths = newPaths();
    const [one, other] = [newIndex('caller', paths.indexDb), newIndex('caller', paths.indexDb)];
    unwrap(await saveMachineSummary(files, one, paths));
    await put(other, B, [entry('a.md')]);
    unwrap(await saveMachineSummary(files, one, paths));
    expect(await logsIn(paths)).toEqual([1]);
    await put(other, B, [entry('a.md'), entry('b.md')]);
    await other.close();
    unwrap(await saveMachineSummary(files, one, paths));
    expect(await logsIn(paths)).toEqual([2]);
  });

  it('is made again when it is lost, or when the database is', async () => {
    const paths = newPaths();
    const index = newIndex('caller', paths.indexDb);
    await put(index, B, [entry('a.md')]);
    await index.close();
    const again = newIndex('caller', paths.indexDb);
    unwrap(await saveMachineSummary(files, again, paths));
    rmSync(paths.machineSummary);
    unwrap(await saveMachineSummary(files, again, paths));
    expect(await logsIn(paths)).toEqual([1]);
    await again.close();
    rmSync(paths.indexDb);
    unwrap(await saveMachineSummary(files, newIndex('caller', paths.indexDb), paths));
    expect(await logsIn(paths)).toEqual([]);
  });
});
