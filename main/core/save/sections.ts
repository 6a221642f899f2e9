import type { SectionName } from '../../../shared/domain/log-text/sections.ts';

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
