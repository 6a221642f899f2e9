import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createSqliteSearchIndex } from '../../main/adapters/sqlite/search/sqlite-search-index.ts';
import { unwrap } from '../../shared/result.ts';
import type { BenchRow } from './bench-row.ts';
import { askRows, ripgrepRows } from './search-answers.ts';
import { at, row, said, spend, type Spent } from './search-figures.ts';
import { batches, times, toIndex } from './search-questions.ts';

const LOGS = 100_000;

/** What was spent up to a number of logs, and what a question costs there. */
interface Stage {
  readonly logs: number;
  readonly cpuMs: number;
  readonly p50: number;
  readonly p95: number;
  readonly maxRss: number;
}

/** How search grows with the logs: one database, asked when a quarter is in and when all are, and then beside ripgrep over the same files. */
export async function growthBench(scale: number): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'session-log-growth-bench-'));
  const file = join(folder, 'search.db');
  const files = join(folder, 'files');
  const index = createSqliteSearchIndex({ file, thread: 'caller' });
  try {
    const count = Math.round(LOGS * scale);
    const [spent, merge]: [Spent, Spent] = [
      { wallMs: 0, cpuMs: 0 },
      { wallMs: 0, cpuMs: 0 },
    ];
    const stages: Stage[] = [];
    let [done, bytes] = [0, 0];
    unwrap(await index.building(true));
    for (const batch of batches(count)) {
      const logs = batch.map(toIndex);
      unwrap(await spend(spent, () => index.put(logs)));
      for (const log of batch) write(join(files, log.path), log.text);
      done += logs.length;
      bytes += logs.reduce((sum, { size }) => sum + size, 0);
      if (stages.length === 0 ? done < count / 4 : done < count) continue;
      const [maxRss, cpuMs] = [largestSet(), spent.cpuMs];
      // As it is when nobody has asked for a minute.
      unwrap(await index.building(false));
      while (unwrap(await spend(merge, () => index.optimise())));
      await times(index, 'mixed');
      const asked = (await times(index, 'mixed')).cpu;
      const [p50, p95] = [at(asked, 0.5), at(asked, 0.95)];
      unwrap(await index.building(done < count));
      stages.push({ logs: done, cpuMs, p50, p95, maxRss });
      console.error(
        `  ${done} logs: ${(cpuMs / 1e3).toFixed(1)} s, p95 ${p95.toFixed(1)} ms, ${(maxRss / 1e6).toFixed(0)} MB`,
      );
    }
    const [less, more] = stages as [Stage, Stage];
    const growth = (what: string, of: 'cpuMs' | 'p95' | 'maxRss', most: number): BenchRow =>
      row(
        `growth from ${less.logs} to ${more.logs} logs, exponent: ${what}`,
        Math.max(0, Math.log(more[of] / less[of]) / Math.log(more.logs / less.logs)),
        '',
        `at most ${most}`,
        most,
      );
    const rows = [
      growth('build, of the processor', 'cpuMs', 1.05),
      growth('p95, of the processor', 'p95', 0.5),
      growth('largest resident set', 'maxRss', 0.1),
      row(
        `largest resident set while ${more.logs} logs are put in`,
        more.maxRss / 1e6,
        'MB',
        'under 350',
        350,
      ),
      said(
        `build of ${more.logs} logs, ${Math.round(bytes / 1e6)} MB, of the processor`,
        more.cpuMs / 1e3,
        's',
      ),
      said('the same, MB a second', bytes / 1e3 / more.cpuMs, 'MB/s'),
      said('merging it, of the processor', merge.cpuMs / 1e3, 's'),
      row('p50 over all kinds when it is merged, of the processor', more.p50, 'ms', 'under 10', 10),
      row('p95 over all kinds when it is merged, of the processor', more.p95, 'ms', 'under 40', 40),
    ].map((one) => ({ ...one, name: `search: ${one.name}` }));
    return [...rows, ...(await askRows(index)), ...(await ripgrepRows(index, files, more.logs))];
  } finally {
    await index.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Bytes that this process has had at once. */
function largestSet(): number {
  return 1024 * Number(/VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0);
}
