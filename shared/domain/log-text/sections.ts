import { headingWords } from './heading-words.ts';

/** The sections of a session log, in order, as named by the "save and sync" document. The User block comes first and is never written by hand. */
export const SECTIONS = [
  'User',
  'Session Summary',
  'Key Decisions',
  'Problems Encountered',
  'Configuration Changes',
  'Credentials & Secrets',
  'Infrastructure & Servers',
  'Commands & Outputs',
  'Pending / Incomplete Tasks',
  'Reference Information',
] as const;

export type SectionName = (typeof SECTIONS)[number];

const ALIASES: ReadonlyMap<string, SectionName> = new Map([
  ...SECTIONS.map((name): [string, SectionName] => [normal(name), name]),
  ['user block', 'User'],
  ['summary', 'Session Summary'],
  ['decisions', 'Key Decisions'],
  ['problems', 'Problems Encountered'],
  ['problems and solutions', 'Problems Encountered'],
  ['config changes', 'Configuration Changes'],
  ['credentials', 'Credentials & Secrets'],
  ['secrets', 'Credentials & Secrets'],
  ['infrastructure', 'Infrastructure & Servers'],
  ['servers', 'Infrastructure & Servers'],
  ['commands', 'Commands & Outputs'],
  ['pending', 'Pending / Incomplete Tasks'],
  ['pending tasks', 'Pending / Incomplete Tasks'],
  ['incomplete tasks', 'Pending / Incomplete Tasks'],
  ['references', 'Reference Information'],
  ['reference', 'Reference Information'],
]);

/** Headings as programs write them; {@link normal} is more expensive, and every heading of every log is looked up. */
const EXACT: ReadonlyMap<string, SectionName> = new Map(SECTIONS.map((name) => [name, name]));

/** The first words of all names: most headings match none, so one test rejects them. */
const FIRST_WORDS = new RegExp(
  [...new Set([...ALIASES.keys()].map((name) => name.split(' ', 1)[0]))].join('|'),
  'i',
);

/**
 * Returns which of the ten sections a heading means: case-insensitive, `and` for `&`, a leading number or emoji, a trailing `(Ollama)` or
 * colon; null for any other heading.
 * @param title of a `Heading`
 */
export function sectionOf(title: string): SectionName | null {
  const exact = EXACT.get(title);
  if (exact !== undefined) return exact;
  if (title.length > 100 || !FIRST_WORDS.test(title)) return null;
  return ALIASES.get(normal(title)) ?? null;
}

function normal(title: string): string {
  return headingWords(headingWords(title).replace(/\s*\([^()]*\)$/, ''))
    .toLowerCase()
    .replaceAll('&', ' and ')
    .replaceAll('/', ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
