import { execFileSync } from 'node:child_process';
import { relative } from 'node:path';
import type { FoundTexts, SearchIndex } from '../../main/core/ports/search-index.ts';
import { parseSearch } from '../../shared/domain/parse-search.ts';
import { unwrap } from '../../shared/result.ts';
import type { BenchRow } from './bench-row.ts';
import { median } from './measured-process.ts';
import { at, childrenMs, row, said, spend, type Spent } from './search-figures.ts';
import { corpus, KINDS, MACHINE, times, TODAY } from './search-questions.ts';

const RIPGREP_ROUNDS = 5;
/** Words by their rank: of 100,000 logs 26,800 have the first, 200 the last. */
const RIPGREP_RANKS = [300, 900, 2_000, 5_000, 20_000, 50_000];
/** Hits that an answer lists at most. */
const MOST = 2_000;

/** What questions of each kind take, once everything is warm. */
export async function askRows(index: SearchIndex): Promise<BenchRow[]> {
  await times(index, 'mixed');
  const rows: BenchRow[] = [];
  for (const kind of [...Object.keys(KINDS), 'mixed']) {
    const { wall, cpu } = await times(index, kind);
    rows.push(
      row(`${kind}, p50`, at(wall, 0.5), 'ms', 'under 10', 10),
      row(`${kind}, p95`, at(wall, 0.95), 'ms', 'under 40', 40),
      said(`${kind}, p50 of the processor`, at(cpu, 0.5), 'ms'),
      said(`${kind}, p95 of the processor`, at(cpu, 0.95), 'ms'),
    );
  }
  return rows.map((one) => ({ ...one, name: `search: ${one.name}` }));
}

/**
 * The same words over the same files: hits have to be equal, and ours quicker. Asked as the app asks, of a database that is open.
 * @param files the folder of the logs that the database has
 */
export async function ripgrepRows(index: SearchIndex, files: string, count: number): Promise<BenchRow[]> {
  if (!isThere('rg')) {
    console.error('  skipped: ripgrep is not installed, so nothing is compared with it');
    return [];
  }
  const [ours, theirs]: [Spent[], Spent[]] = [[], []];
  let same = true;
  // The first round is nobody's: it warms the disk for the one and the database for the other.
  for (let round = 0; round <= RIPGREP_ROUNDS; round++)
    for (const word of RIPGREP_RANKS.map((rank) => corpus.word(rank))) {
      const [one, other]: [Spent, Spent] = [
        { wallMs: 0, cpuMs: 0 },
        { wallMs: 0, cpuMs: 0 },
      ];
      const before = childrenMs();
      const listed = await spend(other, () => run('rg', ['-l', ...wholeWord(word), files]));
      other.cpuMs = childrenMs() - before;
      const find = async (limit: number): Promise<FoundTexts> => {
        const question = parseSearch(`"${word}"`, TODAY);
        return unwrap(await index.find({ question, me: { names: [], machine: MACHINE }, offset: 0, limit }));
      };
      await spend(one, () => find(20));
      if (round === 0) same &&= isSame(await find(MOST), listed.split('\n').filter(Boolean), files);
      else {
        ours.push(one);
        theirs.push(other);
      }
    }
  const what = `search: ripgrep over ${count} files, ${same ? 'the same hits' : 'OTHER HITS'}`;
  return (['wallMs', 'cpuMs'] as const).map((of) => {
    const [one, peer] = [ours, theirs].map((all) => median(all.map((spent) => spent[of]))) as [
      number,
      number,
    ];
    return {
      ...row(`${what}, ${of === 'wallMs' ? 'by the clock' : 'of the processor'}`, one, 'ms', 'at least 50x'),
      peer,
      ratio: peer / one,
      ok: same && peer / one >= 50,
    };
  });
}

/** All hits are the same files; of very many, those that are listed. */
function isSame(ours: FoundTexts, theirs: readonly string[], files: string): boolean {
  const there = new Set(theirs.map((file) => relative(files, file)));
  return ours.rows.every(({ path }) => there.has(path)) && (!ours.complete || ours.count === there.size);
}

/** What ripgrep is asked for: the word whatever its case, with neither letter nor digit beside it. */
function wholeWord(word: string): readonly string[] {
  return ['-i', '-e', `(^|[^A-Za-z0-9])${word}([^A-Za-z0-9]|$)`];
}

function isThere(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function run(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, [...args], { encoding: 'utf8', maxBuffer: 64_000_000 });
  } catch (error) {
    // Nothing found is an exit code of 1.
    if ((error as { status?: number }).status === 1) return '';
    throw error;
  }
}
