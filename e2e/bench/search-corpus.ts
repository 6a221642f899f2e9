import { createSeededRandom } from '../../main/testing/seeded-random.ts';

/** Words of the corpus: as many as a team uses, the n-th as often as 1/n. */
const WORDS = 60_000;
/** Odds of a section, and what it is called. */
const SECTIONS: readonly [string, ...string[]] = [
  'Session Summary',
  'Key Decisions',
  'Problems Encountered',
  'Configuration Changes',
  'Commands & Outputs',
  'Pending / Incomplete Tasks',
  'Reference Information',
];
const SYLLABLES = 'ba de ki lo mu ra se ti vo nu pa ge ri so tu ya fe mi ko lu za he ni do'.split(' ');

/** A log of the corpus. */
export interface CorpusLog {
  readonly path: string;
  readonly day: string;
  readonly text: string;
}

/**
 * Makes logs as agents write them, always the same for one seed: words by their rank, sections, code, names; 1 to 200 KB, 15 KB in the
 * middle.
 */
export function createCorpus(seed: number): {
  readonly log: (at: number) => CorpusLog;
  readonly day: (at: number) => string;
  readonly word: (rank: number) => string;
} {
  const bounds = new Float64Array(WORDS);
  let sum = 0;
  for (let rank = 0; rank < WORDS; rank++) bounds[rank] = sum += 1 / (rank + 2.7);
  return {
    word: wordOf,
    day: dayOf,
    log: (at) => {
      const random = createSeededRandom(seed * 1_000_003 + at);
      const word = (): string => {
        const wanted = random.fraction() * sum;
        let [low, high] = [0, WORDS - 1];
        while (low < high) {
          const middle = (low + high) >> 1;
          if ((bounds[middle] ?? 0) < wanted) low = middle + 1;
          else high = middle;
        }
        return wordOf(low);
      };
      const length = Math.min(
        200_000,
        Math.max(1_000, Math.round(9_000 * Math.exp(random.fraction() * 2 - 0.6))),
      );
      const day = dayOf(at);
      const user = ['mara', 'jonas', 'priya', 'ana', 'ben'][at % 5] ?? 'mara';
      const parts = [`# Work on ${word()} ${word()}\n\n## User\n\n- **User:** ${user} (${user})\n`];
      let size = 0;
      while (size < length) {
        const lines: string[] = [];
        for (let line = 0; line < 6; line++) lines.push(Array.from({ length: 12 }, word).join(' '));
        const name = `${word()}${capital(word())}${capital(word())}`;
        const code =
          random.fraction() < 0.3
            ? `\n\`\`\`sh\n${word()} --${word()} src/${word()}/${word()}.ts\n\`\`\`\n`
            : '';
        const part = `\n## ${random.pick(SECTIONS)}\n\n${lines.join('.\n')} \`${name}\`.\n${code}`;
        parts.push(part);
        size += part.length;
      }
      return { path: `${day.slice(0, 7)}/${day}-${user}-work-${at}.md`, day, text: parts.join('') };
    },
  };
}

function dayOf(at: number): string {
  return new Date(Date.UTC(2022, 0, 1) + (at % 1_700) * 86_400_000).toISOString().slice(0, 10);
}

function capital(word: string): string {
  return `${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`;
}

/** The word of a rank: the frequent ones are short. */
function wordOf(rank: number): string {
  let word = '';
  for (let rest = rank + 1; rest > 0; rest = Math.floor(rest / SYLLABLES.length))
    word += SYLLABLES[rest % SYLLABLES.length] ?? '';
  return `${word}n`;
}
