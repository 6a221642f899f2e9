import type { SectionName } from '../../shared/domain/log-text/sections.ts';

const HINT = /^<!-- write: .* -->[ \t]*\r?\n?/gm;

/** What belongs into each section. */
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

/** What the editor opens with: the sections in order, each with a hint about what belongs into it. The User block is made when it is saved. */
export function editorTemplate(topic: string | null): string {
  const title = `# Session Log \u2014 ${topic ?? ''}`.trimEnd();
  const sections = Object.entries(SECTION_HINTS).map(
    ([name, hint]) => `## ${name}\n\n<!-- write: ${hint} -->\n`,
  );
  return `${title}\n\n${sections.join('\n')}`;
}

/**
 * What a person wrote into the template: hints go, and with them the sections that hold nothing.
 * @returns `''` when nothing was written
 */
export function readEditorText(text: string): string {
  const parts = text.replaceAll(HINT, '').split(/^(?=## )/m);
  const isWritten = (part: string): boolean => part.replace(/^#{1,2} .*$/m, '').trim() !== '';
  if (!parts.some(isWritten)) return '';
  return parts.filter((part, at) => isWritten(part) || (at === 0 && !part.startsWith('## '))).join('');
}
