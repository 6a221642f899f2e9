import { SECTION_HINTS } from './sections.ts';

const HINT = /^<!-- write: .* -->[ \t]*\r?\n?/gm;

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
