import { oneLine } from '../../../shared/domain/log-text/headings.ts';
import { plainInline } from '../../../shared/domain/log-text/plain-inline.ts';
import type { Identity } from '../author/author-file.ts';
import { NONE, NOT_RECORDED } from './sections.ts';
import { SECTIONS, type SectionName } from '../../../shared/domain/log-text/sections.ts';
import { formatMark, withoutMarks, type SessionMark } from '../../../shared/domain/session-mark.ts';
import {
  closingFence,
  demoteHeadings,
  splitSections,
  type SplitText,
  type TextSection,
} from './split-sections.ts';
import { topicSlug } from '../../../shared/domain/topic-slug.ts';
import { readGivenBlock, renderUserBlock } from './user-block.ts';

/** A text arranged as a session log. */
export interface ArrangedText {
  readonly text: string;
  readonly warnings: readonly string[];
}

export interface ArrangeInput {
  readonly identity: Identity;
  /** For the title, if the text has none. */
  readonly topic: string;
  readonly mark: SessionMark;
}

const TOPIC_LIMIT = 120;
const TOPIC_WORDS = 6;

/**
 * Arranges a new log from a writer's text: title, mark, User block, then the ten sections in order and after them every other section as
 * given (including notes). Present sections are kept word for word; a repeated section is joined; text before the first section goes to the
 * summary; missing ones say so.
 */
export function arrangeLog(given: string, input: ArrangeInput): ArrangedText {
  const { split, warnings } = readGiven(given);
  const parts: string[] = [];
  if (split.frontMatter !== '') parts.push(split.frontMatter);
  parts.push(`# ${split.title ?? `Session Log \u2014 ${input.topic}`}`, formatMark(input.mark));
  for (const name of SECTIONS) {
    const bodies = split.sections.filter((section) => section.name === name).map((section) => section.body);
    if (name === 'User') {
      const block = readGivenBlock(bodies.join('\n'), input.identity);
      warnings.push(...block.contradictions.map((what) => `${what}; the latter was used.`));
      parts.push(renderUserBlock(input.identity) + (block.rest === '' ? '' : `\n${block.rest}`));
      continue;
    }
    if (name === 'Session Summary') bodies.unshift(split.preamble);
    parts.push(`## ${name}\n\n${bodies.filter((body) => body !== '').join('\n\n') || missing(name)}`);
  }
  for (const section of ownSections(split)) parts.push(joinSection(section));
  return { text: `${parts.join('\n\n')}\n`, warnings };
}

/**
 * Arranges the `## Update` that a later save of the same session appends. All headings of the text go below it; a User section only repeats
 * the log's and is dropped, unless it has other content.
 * @param heading the line of the update, without `## `
 */
export function arrangeUpdate(
  given: string,
  heading: string,
  input: Omit<ArrangeInput, 'topic'>,
): ArrangedText {
  const { split, warnings } = readGiven(given);
  const parts = [split.preamble];
  for (const section of split.sections) {
    if (section.name !== 'User') {
      parts.push(joinSection(section));
      continue;
    }
    const block = readGivenBlock(section.body, input.identity);
    warnings.push(...block.contradictions.map((what) => `${what}; the latter was used.`));
    if (block.rest !== '') parts.push(joinSection({ ...section, body: block.rest }));
  }
  const body = demoteHeadings(parts.filter((part) => part !== '').join('\n\n'), 3);
  return { text: `## ${heading}\n\n${formatMark(input.mark)}\n\n${body}\n`, warnings };
}

/** A session's part of the daily log: its summary, open tasks, and the notes that must travel. */
export interface Digest {
  readonly summary: string;
  readonly pending: string;
  readonly notes: readonly string[];
}

/** Extracts the digest of a text as given. No part has headings above `level`. */
export function digestOf(given: string, isNote: (title: string) => boolean, level: number): Digest {
  const { split } = readGiven(given);
  const body = (name: SectionName): string =>
    split.sections
      .filter((section) => section.name === name)
      .map((section) => section.body)
      .join('\n\n');
  const summary = [split.preamble, body('Session Summary')].filter((part) => part !== '').join('\n\n');
  const pending = body('Pending / Incomplete Tasks');
  return {
    summary: demoteHeadings(summary, level + 1),
    pending: /^none\.?$/i.test(pending) ? '' : demoteHeadings(pending, level + 1),
    notes: ownSections(split)
      .filter((section) => isNote(section.title))
      .map((section) => demoteHeadings(joinSection(section), level)),
  };
}

/**
 * The topic for a log's file name and headings: as requested, else the text's own title, else the first words of its summary.
 * @returns null when there is none
 */
export function topicOf(asked: string | null, given: string): string | null {
  if (asked !== null) return oneLine(asked, TOPIC_LIMIT) || null;
  const split = splitSections(given);
  const title = plainInline(split.title ?? '')
    .replace(/^session log\b[\s:\u2013\u2014-]*/i, '')
    .replace(/^\d{4}-\d{2}-\d{2}[\s:\u2013\u2014-]*/, '');
  if (topicSlug(title) !== '') return oneLine(title, TOPIC_LIMIT);
  const summary = split.sections.find((section) => section.name === 'Session Summary');
  const words = oneLine(split.preamble || (summary?.body ?? ''), TOPIC_LIMIT).replaceAll(/[*_`#>[\]]/g, '');
  const first = words.split(' ').filter((word) => topicSlug(word) !== '');
  return first.slice(0, TOPIC_WORDS).join(' ') || null;
}

function readGiven(given: string): { split: SplitText; warnings: string[] } {
  const text = withoutMarks(given);
  const fence = closingFence(text);
  const split = splitSections(fence === '' ? text : `${text.trimEnd()}\n${fence}\n`);
  return {
    split,
    warnings: fence === '' ? [] : ['A code fence was never closed; it was closed at the end.'],
  };
}

function ownSections(split: SplitText): readonly TextSection[] {
  return split.sections.filter((section) => section.name === null);
}

function joinSection(section: Pick<TextSection, 'heading' | 'body'>): string {
  return section.body === '' ? section.heading : `${section.heading}\n\n${section.body}`;
}

function missing(name: SectionName): string {
  return name === 'Problems Encountered' ? NONE : NOT_RECORDED;
}
