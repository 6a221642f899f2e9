import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { BenchRow } from './bench-row.ts';
import { measureProcess } from './measured-process.ts';
import type { Corpus } from './search-corpus.ts';
import { at, row, said, type Spent } from './search-figures.ts';

/** The command in a fresh process, over two thousand own logs. */
export async function commandRows(folder: string, corpus: Corpus): Promise<BenchRow[]> {
  const cli = resolve(import.meta.dirname, '../../out/main/cli.js');
  const home = join(folder, 'home');
  for (let number = 0; number < 2_000; number++) {
    const { path, text } = corpus.log(number);
    mkdirSync(dirname(join(home, 'session-logs', path)), { recursive: true });
    writeFileSync(join(home, 'session-logs', path), text);
  }
  const env = { SESSION_LOG_HOME: home };
  await measureProcess('node', [cli, 'search', corpus.word(900), '--update'], env, { memory: false });
  const [ours, empty]: [Spent[], Spent[]] = [[], []];
  for (let round = 0; round < 7; round++) {
    ours.push(await spendProcess([cli, 'search', corpus.word(900 + round)], env));
    empty.push(await spendProcess(['-e', '0'], env));
  }
  const median = (all: readonly Spent[], of: keyof Spent): number =>
    at(
      all.map((spent) => spent[of]).sort((a, b) => a - b),
      0.5,
    );
  const [wall, cpu] = [median(empty, 'wallMs'), median(empty, 'cpuMs')];
  return [
    {
      ...row('the command, cold, beyond `node -e 0`', median(ours, 'wallMs') - wall, 'ms', 'under 250', 250),
      peer: wall,
    },
    { ...said('the same, of the processor', median(ours, 'cpuMs') - cpu, 'ms'), peer: cpu },
  ].map((one) => ({ ...one, name: `search: ${one.name}` }));
}

async function spendProcess(words: readonly string[], env: Readonly<Record<string, string>>): Promise<Spent> {
  const before = childrenMs();
  const ran = await measureProcess('node', words, env, { memory: false });
  if (ran.exitCode !== 0) throw new Error(ran.stderr);
  return { wallMs: ran.wallMs, cpuMs: childrenMs() - before };
}

/** Of the processor, milliseconds that programs took which this one has started and which have ended; 0 where `/proc` does not tell it. */
function childrenMs(): number {
  const stat = existsSync('/proc/self/stat') ? readFileSync('/proc/self/stat', 'utf8') : '';
  // Fields are counted behind the name, which may hold spaces: times in hundredths of a second.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return 10 * (Number(fields[13] ?? 0) + Number(fields[14] ?? 0));
}
