import type { LogText } from '../log-text.ts';
import type { LineRange, Lines } from './lines.ts';
import { SECTION_LIMIT } from './log-reader.ts';
import { sectionOf } from './sections.ts';

/**
 * The lines of Credentials & Secrets sections without their headings, up to the next heading of the same or a higher level. Where not every
 * heading is known (too many, or an unclosed code fence), anything that might be such a section is left out too.
 */
export function credentialLines(
  { sections, openFence }: Pick<LogText, 'sections' | 'openFence'>,
  lines: Lines,
): readonly LineRange[] {
  const found: LineRange[] = [];
  const last = lines.count;
  for (let at = 0; at < sections.length; at++) {
    const section = sections[at];
    if (section === undefined || sectionOf(section.title) !== 'Credentials & Secrets') continue;
    let next = at + 1;
    while (next < sections.length && (sections[next]?.level ?? 0) > section.level) next++;
    found.push([section.line + 1, (sections[next]?.line ?? last + 1) - 1]);
    at = next - 1;
  }
  if (sections.length >= SECTION_LIMIT) found.push([(sections.at(-1)?.line ?? 0) + 1, last]);
  if (openFence !== null) {
    const below = lines.firstMatch(openFence, /^[ \t]{0,3}#{1,6}[ \t].{0,40}(?:credential|secret)/i);
    if (below !== null) found.push([below + 1, last]);
  }
  return found;
}
