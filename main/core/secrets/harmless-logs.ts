import { RULES } from '../../../shared/secrets/rules.ts';
import type { Files } from '../ports/files.ts';

/**
 * Logs in which the scanner found nothing, by digest, so that `verify` need not scan them again. A log with a finding is not among them,
 * whatever a person decided about it. A journal in `state/`, to which several processes may append; if it is lost, the logs are scanned
 * once more. It says nothing about the store, and what leaves is always scanned.
 */
export interface HarmlessLogs {
  /** @returns tells by a log's SHA-256 whether it was scanned with the rules of this program */
  known(): Promise<(sha256: string) => boolean>;
  /** A failed write only costs time. */
  add(sha256: string): Promise<void>;
}

/** Hexadecimal digits of a digest. */
const DIGITS = 32;
/** Some 190,000 logs; after that it starts over. */
const MOST_BYTES = 8 * 1024 * 1024;

/**
 * @param journal absolute path
 * @param rules of the scanner: a line counts only for those it was written with
 */
export function createHarmlessLogs(files: Files, journal: string, rules: string = RULES): HarmlessLogs {
  let waiting: string[] = [];
  let writing: Promise<void> | null = null;
  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const lines = waiting.join('');
      waiting = [];
      const facts = await files.stat(journal);
      if (facts.ok && (facts.value?.size ?? 0) > MOST_BYTES) await files.remove(journal);
      await files.append(journal, new TextEncoder().encode(lines));
    }
    writing = null;
  };
  return {
    known: async () => {
      const content = await files.read(journal);
      const text = new TextDecoder('latin1').decode((content.ok ? content.value : null) ?? undefined);
      const lines = new Set(text.split('\n'));
      return (sha256) => lines.has(lineOf(rules, sha256));
    },
    add: (sha256) => {
      waiting.push(`${lineOf(rules, sha256)}\n`);
      return (writing ??= write());
    },
  };
}

function lineOf(rules: string, sha256: string): string {
  return `${rules} ${sha256.slice(0, DIGITS)}`;
}
