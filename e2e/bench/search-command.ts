import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { BenchRow } from './bench-row.ts';
import { measureProcess } from './measured-process.ts';
import type { Corpus } from './search-corpus.ts';
import { at, childrenMs, row, said, type Spent } from './search-figures.ts';

const CLI = resolve(import.meta.dirname, '../../out/main/cli.js');
/** Own logs of the command. */
const LOGS = 2_000;

/** The command in a fresh process, over own logs. */
export async function commandRows(folder: string, corpus: Corpus): Promise<BenchRow[]> {
  const quarter = await firstBuild(join(folder, 'quarter-home'), corpus, LOGS / 4);
  const home = join(folder, 'home');
  const full = await firstBuild(home, corpus, LOGS);
  const env = { SESSION_LOG_HOME: home };
  const [ours, empty]: [Spent[], Spent[]] = [[], []];
  for (let round = 0; round < 7; round++) {
    ours.push(await spendProcess([CLI, 'search', corpus.word(900 + round)], env));
    empty.push(await spendProcess(['-e', '0'], env));
  }
  const median = (all: readonly Spent[], of: keyof Spent): number =>
    at(
      all.map((spent) => spent[of]).sort((a, b) => a - b),
      0.5,
    );
  const [wall, cpu] = [median(empty, 'wallMs'), median(empty, 'cpuMs')];
  return [
    row(`largest resident set of a first build, ${LOGS} logs`, full / 1e6, 'MB', 'under 350', 350),
    row(
      'growth by four, exponent: memory',
      Math.max(0, Math.log(full / quarter) / Math.log(4)),
      '',
      'at most 0.1',
      0.1,
    ),
    {
      ...row('the command, cold, beyond `node -e 0`', median(ours, 'wallMs') - wall, 'ms', 'under 250', 250),
      peer: wall,
    },
    { ...said('the same, of the processor', median(ours, 'cpuMs') - cpu, 'ms'), peer: cpu },
  ].map((one) => ({ ...one, name: `search: ${one.name}` }));
}

/** Makes a data folder whose texts are read in by the command, the index before. @returns its largest resident set, bytes */
async function firstBuild(home: string, corpus: Corpus, count: number): Promise<number> {
  for (let number = 0; number < count; number++) {
    const { path, text } = corpus.log(number);
    mkdirSync(dirname(join(home, 'session-logs', path)), { recursive: true });
    writeFileSync(join(home, 'session-logs', path), text);
  }
  const env = { SESSION_LOG_HOME: home };
  for (const words of [
    ['list', '--limit', '1'],
    ['search', corpus.word(900), '--update'],
  ]) {
    const ran = await measureProcess('node', [CLI, ...words], env);
    if (ran.exitCode !== 0) throw new Error(ran.stderr);
    if (words[0] === 'search') return ran.maxRssBytes;
  }
  return 0;
}

async function spendProcess(words: readonly string[], env: Readonly<Record<string, string>>): Promise<Spent> {
  const before = childrenMs();
  const ran = await measureProcess('node', words, env, { memory: false });
  if (ran.exitCode !== 0) throw new Error(ran.stderr);
  return { wallMs: ran.wallMs, cpuMs: childrenMs() - before };
}
