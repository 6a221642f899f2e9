import { createSeededRandom } from '../../main/testing/seeded-random.ts';
import { claudeWriter } from '../../main/testing/transcripts/write-claude-code.ts';

const SESSION_BYTES = 750_000;
/** What a command with its output, an edit and a reply take. */
const ROUND_BYTES = 16_200;

/** The id of the session with that number. */
export const idOf = (n: number): string => `6f9a1c1e-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** A session of about so many bytes; most of a transcript is what tools answered. */
export function transcript(n: number, bytes = SESSION_BYTES): string {
  const random = createSeededRandom(n);
  const writer = claudeWriter(random, '2.1.284', { session: idOf(n), cwd: '/home/ada/harbour' });
  writer.prompt(`Fix the lookup of internal names, part ${n}.`);
  const output = (): string =>
    Array.from(
      { length: 120 },
      () => `src/${random.below(900)}.ts:${random.below(9_000)} resolved ${random.below(2 ** 31)}`,
    ).join('\n');
  for (let written = 0; written < bytes; written += ROUND_BYTES) {
    writer.command(`npm test -- ${random.below(1_000)}`, output());
    writer.edit(`/home/ada/harbour/src/${random.below(200)}.ts`, 'old', output().slice(0, 2_000));
    writer.reply('The lookup works for these.');
  }
  return writer.text();
}
