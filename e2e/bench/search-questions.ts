import { BATCH_BYTES } from '../../main/core/search/sweep.ts';
import type { SearchIndex } from '../../main/core/ports/search-index.ts';
import type { CalendarDate, LogPath, MachineUuid } from '../../shared/domain/ids.ts';
import { parseSearch } from '../../shared/domain/parse-search.ts';
import { unwrap } from '../../shared/result.ts';
import { createCorpus, type CorpusLog } from './search-corpus.ts';
import { spend, type Spent } from './search-figures.ts';

export const MACHINE = 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa' as MachineUuid;
export const TODAY = '2026-11-29' as CalendarDate;
export const corpus = createCorpus(7);
/** Questions of each kind. */
export const ROUNDS = 25;
const orders = new Map<number, readonly number[]>();

/** Kinds of questions by the ranks of their words. @param filter fields beside a word that few logs answer */
export function kindsOf(
  word: (rank: number) => string,
  filter: string,
): Readonly<Record<string, (round: number) => string>> {
  return {
    word: (round) => word(4_000 + round * 37),
    'common word': (round) => word(1 + round),
    phrase: (round) => `"${word(3 + round)} ${word(5 + round)}"`,
    'three words': (round) => `${word(20 + round)} ${word(90 + round)} ${word(700 + round)}`,
    prefix: (round) => `${word(900 + round * 11).slice(0, 3)}*`,
    filter: (round) => `${word(40 + round)} ${filter}`,
    'plain question': (round) => [2, 5, 60, 400, 1_500, 3_000].map((rank) => word(rank + round)).join(' '),
  };
}

export const KINDS = kindsOf((rank) => corpus.word(rank), 'user:mara date:2023');

/** Milliseconds of each question of a kind, sorted: by the clock, and of the processor. */
export async function times(
  index: SearchIndex,
  kind: string,
): Promise<{ readonly wall: number[]; readonly cpu: number[] }> {
  const kinds = kind === 'mixed' ? Object.values(KINDS) : [KINDS[kind] ?? ((): string => '')];
  const [wall, cpu]: [number[], number[]] = [[], []];
  for (const typed of kinds)
    for (let round = 0; round < ROUNDS; round++) {
      const question = parseSearch(typed(round), TODAY);
      const spent: Spent = { wallMs: 0, cpuMs: 0 };
      unwrap(
        await spend(spent, () =>
          index.find({ question, me: { names: [], machine: MACHINE }, offset: 0, limit: 20 }),
        ),
      );
      wall.push(spent.wallMs);
      cpu.push(spent.cpuMs);
    }
  return { wall: wall.sort((a, b) => a - b), cpu: cpu.sort((a, b) => a - b) };
}

/** Logs of the corpus as a sweep reads them in: the newest first, so many bytes at once. */
export function* batches(count: number): Generator<readonly CorpusLog[]> {
  let [batch, bytes]: [CorpusLog[], number] = [[], 0];
  for (const number of newestFirst(count)) {
    const log = corpus.log(number);
    batch.push(log);
    bytes += log.text.length;
    if (bytes < BATCH_BYTES) continue;
    yield batch;
    [batch, bytes] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

function newestFirst(count: number): readonly number[] {
  const known = orders.get(count);
  if (known !== undefined) return known;
  const days = Array.from({ length: count }, (_, number) => ({ number, day: corpus.day(number) }));
  const order = days.sort((a, b) => (a.day < b.day ? 1 : a.day > b.day ? -1 : 0)).map(({ number }) => number);
  orders.set(count, order);
  return order;
}

export function toIndex({ path, text }: CorpusLog): Parameters<SearchIndex['put']>[0][number] {
  return {
    machine: MACHINE,
    path: path as LogPath,
    host: 'host',
    size: text.length,
    mtime: 1_767_600_000_000,
    sha256: path,
    origin: 'own',
    text,
  };
}
