/**
 * The sections of a session log, in order, as the "save and sync" document names them. The User block comes first and is never written by hand.
 */
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

/** What a section holds when its writer left it out. Honest, unlike "None.", which claims that there was nothing; `lint` points at it. */
export const NOT_RECORDED = '_Not recorded._';

/** What stands in a section that may be left out by its definition: no problems were met. */
export const NONE = 'None.';

/** What belongs into each section, for the editor's scaffold and for `lint`. */
export const SECTION_HINTS: Readonly<Record<Exclude<SectionName, 'User'>, string>> = {
  'Session Summary': '3 to 5 paragraphs: what was accomplished, in what order, why',
  'Key Decisions': 'decisions that are not obvious, and their reasons',
  'Problems Encountered': 'problems and how each was resolved',
  'Configuration Changes': 'files modified, created, deleted, with paths',
  'Credentials & Secrets': 'new credentials in full, or their vault paths',
  'Infrastructure & Servers': 'addresses, hosts, ports, tenants, containers, DNS, certificates',
  'Commands & Outputs': 'commands that matter, key outputs, error messages with resolution',
  'Pending / Incomplete Tasks': 'what is left, blockers, next steps',
  'Reference Information': 'URLs, endpoints, commits, tickets, paths',
};

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

/** Which of the ten sections a heading means: any case, `and` for `&`, a number before or `(Ollama)` behind it; null for any other heading. */
export function sectionOf(title: string): SectionName | null {
  return ALIASES.get(normal(title)) ?? null;
}

function normal(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[*_`]/g, '')
    .replace(/^\d{1,2}[.)]\s+/, '')
    .replace(/\s*\([^()]*\)\s*$/, '')
    .replace(/:\s*$/, '')
    .replaceAll('&', ' and ')
    .replaceAll('/', ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
