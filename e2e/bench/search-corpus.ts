import { createSeededRandom } from '../../main/testing/seeded-random.ts';

/** Words of the corpus: as many as a team uses, the n-th as often as 1/n. */
const WORDS = 60_000;
/** The sections of a log, in their order, each once; those of prose grow with it. */
const PROSE = [
  'Session Summary',
  'Key Decisions',
  'Problems Encountered',
  'Configuration Changes',
  'Commands & Outputs',
] as const;
/**
 * Words that a log is about, and how much of its text they are. People repeat themselves: of 427,889 words of Markdown in pieces of 15 KB 27 % are the
 * first of their kind in their piece, of these logs some 33 %.
 */
const [OWN_WORDS, OWN_SHARE] = [160, 0.62];
const SYLLABLES = 'ba de ki lo mu ra se ti vo nu pa ge ri so tu ya fe mi ko lu za he ni do'.split(' ');

/** A log of the corpus. */
export interface CorpusLog {
  readonly path: string;
  readonly day: string;
  readonly text: string;
}

/** Logs by their numbers, their days, and words by their rank. */
export interface Corpus {
  readonly log: (at: number) => CorpusLog;
  readonly day: (at: number) => string;
  readonly word: (rank: number) => string;
}

/**
 * Makes logs as agents write them, always the same for one seed: words by their rank, sections, code, names; 1 to 200 KB, 15 KB in the
 * middle.
 */
export function createCorpus(seed: number): Corpus {
  const bounds = new Float64Array(WORDS);
  let sum = 0;
  for (let rank = 0; rank < WORDS; rank++) bounds[rank] = sum += 1 / (rank + 2.7);
  return {
    word: wordOf,
    day: dayOf,
    log: (at) => {
      const random = createSeededRandom(seed * 1_000_003 + at);
      const anyWord = (): string => {
        const wanted = random.fraction() * sum;
        let [low, high] = [0, WORDS - 1];
        while (low < high) {
          const middle = (low + high) >> 1;
          if ((bounds[middle] ?? 0) < wanted) low = middle + 1;
          else high = middle;
        }
        return wordOf(low);
      };
      const own = Array.from({ length: OWN_WORDS }, anyWord);
      const word = (): string =>
        random.fraction() < OWN_SHARE
          ? (own[Math.floor(random.fraction() ** 2 * OWN_WORDS)] ?? '')
          : anyWord();
      const words = (count: number): string => Array.from({ length: count }, word).join(' ');
      const paragraph = (): string => {
        const lines = Array.from({ length: 6 }, () => words(12));
        const name = `${word()}${capital(word())}${capital(word())}`;
        const code =
          random.fraction() < 0.3
            ? `\n\`\`\`sh\n${word()} --${word()} src/${word()}/${word()}.ts\n\`\`\`\n`
            : '';
        return `\n${lines.join('.\n')} \`${name}\`.\n${code}`;
      };
      const spread = random.fraction() + random.fraction() + random.fraction() - 1.5;
      const length = Math.min(200_000, Math.max(1_000, Math.round(8_500 * Math.exp(2.2 * spread))));
      const day = dayOf(at);
      const user = ['mara', 'jonas', 'priya', 'ana', 'ben'][at % 5] ?? 'mara';
      const tasks = Array.from(
        { length: 1 + Math.floor(random.fraction() * 6) },
        () => `- [ ] ${words(11)}\n`,
      );
      const parts = [`# Work on ${word()} ${word()}\n\n## User\n\n- **User:** ${user} (${user})\n`];
      for (const section of PROSE) {
        let size = 0;
        parts.push(`\n## ${section}\n`);
        while (size < length / PROSE.length) {
          const part = paragraph();
          parts.push(size === 0 ? part : `\n### ${capital(words(3))}\n${part}`);
          size += part.length;
        }
      }
      parts.push(
        `\n## Pending / Incomplete Tasks\n\n${tasks.join('')}\n## Reference Information\n${paragraph()}`,
      );
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
