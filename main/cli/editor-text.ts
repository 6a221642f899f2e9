import type { SectionName } from '../../shared/domain/log-text/sections.ts';

const HINT = /^<!-- write: .* -->[ \t]*\r?\n?/gm;

/** What belongs in each section. */
const SECTION_HINTS: Readonly<Record<Exclude<SectionName, 'User'>, string>> = {
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

/** The initial text of the editor: the sections in order, each with a hint. The User block is generated on save. */
export function editorTemplate(topic: string | null): string {
  const title = `# Session Log \u2014 ${topic ?? ''}`.trimEnd();
  const sections = Object.entries(SECTION_HINTS).map(
    ([name, hint]) => `## ${name}\n\n<!-- write: ${hint} -->\n`,
  );
  return `${title}\n\n${sections.join('\n')}`;
}

/**
 * Extracts what a person wrote into the template: removes hints, and sections that are empty without them.
 * @returns `''` when nothing was written
 */
export function readEditorText(text: string): string {
  const parts = text.replaceAll(HINT, '').split(/^(?=## )/m);
  const isWritten = (part: string): boolean => part.replace(/^#{1,2} .*$/m, '').trim() !== '';
  if (!parts.some(isWritten)) return '';
  return parts.filter((part, at) => isWritten(part) || (at === 0 && !part.startsWith('## '))).join('');
}
