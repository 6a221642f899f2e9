import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');

/** One word a thing: what is said here differently in code, comments, texts and docs. */
const WORDS: readonly (readonly [now: RegExp, instead: string])[] = [
  [/\b[Mm]end(?:s|ed|ing|able)?\b|\bmend[A-Z]/, 'repair, fix'],
  [/\b[Dd]iar(?:y|ies)\b|Diary/, 'app log'],
  [/\bfaces?\b(?!t)|\bFace\b/, 'interface (CLI, app, browser view)'],
  [/\bdesks?\b|Desk(?!top)/, 'context'],
  [/\bkeepers?\b|Keeper/, 'store, process'],
  [/\btroubles?\b|Trouble/, 'failure'],
  [/[a-z]Ground\b|\bground = |StatusBoard|AttentionBoard|CoreHolder/, 'base, list, ref'],
  [/lacks the right/, 'has no permission'],
];

/** Texts that people read on a screen or in a terminal: there a workspace is a workspace. */
const TEXTS = /^(?:shared\/i18n|main\/cli)\//;

/** Where a word of other people is meant, or this list itself stands. */
const EXCEPT: readonly RegExp[] = [
  /^assets\//,
  /^e2e\/gates\/words\.test\.ts$/,
  // Headings of logs that people wrote, in whatever words.
  /^shared\/domain\/log-text\//,
  // A host name that somebody gave.
  /^main\/adapters\/lock\/windows-host\.test\.ts$/,
  /\/recordings\//,
];

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.(?:ts|tsx|mjs|md|html|yml)$/.test(file) && !EXCEPT.some((one) => one.test(file)));

function found(word: RegExp, among: readonly string[]): readonly string[] {
  return among.flatMap((file) => {
    const text = readSource(file);
    return text
      .split('\n')
      .flatMap((line, at) => (word.test(line) ? [`${file}:${at + 1}: ${line.trim().slice(0, 120)}`] : []));
  });
}

/** A file that was removed and is not yet out of git's list has nothing to say. */
function readSource(file: string): string {
  try {
    return readFileSync(join(ROOT, file), 'utf8');
  } catch {
    return '';
  }
}

describe('words', () => {
  it('looks at the whole program', () => {
    expect(files.length).toBeGreaterThan(800);
  });

  it.each(WORDS)('has nothing like %s: the word is %s', (word) => {
    expect(found(word, files)).toEqual([]);
  });

  it('calls a workspace by its name in every text', () => {
    const texts = files.filter((file) => TEXTS.test(file) && !file.includes('.test.'));
    // "The second work tree" and "still in the work tree" are git's own.
    expect(found(/(?<!second |still in the )\b[Ww]ork trees?\b/, texts)).toEqual([]);
  });

  it('writes warnings to standard error, because a note is a message of a colleague', () => {
    expect(
      found(
        /\bcontext\.note\(/,
        files.filter((file) => file.startsWith('main/cli/')),
      ),
    ).toEqual([]);
  });
});
