import { plainTitle } from '../../../shared/domain/log-text/plain-title.ts';
import { sectionOf } from '../../../shared/domain/log-text/sections.ts';
import { lastThat } from '../../../shared/last-that.ts';
import type { DocumentSection, LogBlock, LogDocument } from '../../ui/markdown/log-document.ts';

/** A block, and where its drawn part begins. */
export interface ShownBlock {
  readonly block: LogBlock;
  readonly start: number;
}

/** One item of the reading pane. */
export type ReaderItem =
  | { readonly kind: 'card' }
  | { readonly kind: 'blocks'; readonly parts: readonly ShownBlock[] }
  | {
      readonly kind: 'raw';
      readonly start: number;
      readonly end: number;
      readonly line: number;
      readonly lines: number;
    }
  /** A section that stays folded until a person reveals it. */
  | { readonly kind: 'fold'; readonly section: number };

const MOST_USER = 1_500;
const RAW_LINES = 120;
/** Characters up to which short blocks form one item, about a pane of them: every measured item moves all below it. */
const ITEM = 800;
const RAW_CHARACTERS = 16_000;

/**
 * What the formatted view shows, top to bottom.
 * @param title the log's own title, already shown above the text; null without one
 */
export function readerItems(
  document: LogDocument,
  revealed: ReadonlySet<number>,
  title: string | null,
): ReaderItem[] {
  const items: ReaderItem[] = [{ kind: 'card' }];
  const user = userSection(document);
  let folded = -1;
  let parts: ShownBlock[] = [];
  let length = 0;
  const close = (): void => {
    if (parts.length > 0) items.push({ kind: 'blocks', parts });
    [parts, length] = [[], 0];
  };
  for (const [index, block] of document.blocks.entries()) {
    const root = document.sections[block.section]?.secretRoot ?? -1;
    if (root !== -1 && !revealed.has(root)) {
      close();
      if (folded !== root) items.push({ kind: 'fold', section: root });
      folded = root;
      continue;
    }
    // The card at the top shows the User block.
    if (user !== -1 && block.section === user) continue;
    if (length > 0 && length + (block.end - block.start) > ITEM) close();
    parts.push({ block, start: startOf(document, block, index, title) });
    length += block.end - block.start;
  }
  close();
  return items;
}

/** The title is already shown above the text: a first heading that repeats it is omitted. */
function startOf(document: LogDocument, block: LogBlock, index: number, title: string | null): number {
  const section = document.sections[block.section];
  if (section === undefined || section.block !== index || section.level !== 1 || block.section !== 0)
    return block.start;
  if (plainTitle(section.title) !== title) return block.start;
  return Math.min(section.body, block.end);
}

/** Index of the User block replaced by the card at the top; -1 when there is none. */
export function userSection(document: LogDocument): number {
  return document.sections.findIndex((section) => isUserBlock(document, section));
}

/** True for a User block with only its attribution lines. */
function isUserBlock(document: LogDocument, section: DocumentSection): boolean {
  if (sectionOf(section.title) !== 'User' || section.end - section.start > MOST_USER) return false;
  const lines = document.text.slice(section.start, section.end).split('\n').slice(1);
  return lines.every((line) => line.trim() === '' || /^\s{0,3}(?:[-*+]\s+)?\*\*[^*]{1,40}\*\*/.test(line));
}

/** What the raw view shows: every character of the log, with secret sections folded as in the other view. */
export function rawItems(document: LogDocument, revealed: ReadonlySet<number>): ReaderItem[] {
  const items: ReaderItem[] = [];
  const hidden = document.sections
    .map((section, index) => ({ section, index }))
    .filter(({ section, index }) => section.secretRoot === index && !revealed.has(index));
  let [at, line] = [0, 1];
  for (const { section, index } of hidden) {
    line = pushRaw(items, document.text, at, section.start, line);
    items.push({ kind: 'fold', section: index });
    line += countLines(document.text, section.start, section.end);
    at = section.end;
  }
  pushRaw(items, document.text, at, document.text.length, line);
  return items;
}

function pushRaw(items: ReaderItem[], text: string, from: number, to: number, firstLine: number): number {
  let [at, line] = [from, firstLine];
  while (at < to) {
    let [end, lines] = [at, 0];
    while (end < to && lines < RAW_LINES && end - at < RAW_CHARACTERS) {
      const feed = text.indexOf('\n', end);
      end = Math.min(to, feed === -1 ? to : feed + 1, at + RAW_CHARACTERS);
      lines += 1;
    }
    items.push({ kind: 'raw', start: at, end, line, lines });
    line += countLines(text, at, end);
    at = end;
  }
  return line;
}

/** Line breaks between two offsets. */
export function countLines(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

/** Where an item starts in the text; the card precedes everything. */
export function startOfItem(item: ReaderItem, document: LogDocument): number {
  switch (item.kind) {
    case 'card':
      return -1;
    case 'blocks':
      return item.parts[0]?.block.start ?? 0;
    case 'raw':
      return item.start;
    case 'fold':
      return document.sections[item.section]?.start ?? 0;
  }
}

/** Index of the item that contains an offset of the text. */
export function itemOfOffset(items: readonly ReaderItem[], document: LogDocument, offset: number): number {
  const begins = (item: ReaderItem | undefined): boolean =>
    item !== undefined && startOfItem(item, document) <= offset;
  return Math.max(
    0,
    lastThat(items.length, (at) => begins(items[at])),
  );
}

/** True when the text at an offset is drawn, or folded where a person can reveal it; the card and the title repeat the rest. */
export function isShown(items: readonly ReaderItem[], document: LogDocument, offset: number): boolean {
  const item = items[itemOfOffset(items, document, offset)];
  if (item === undefined || item.kind === 'card') return false;
  if (item.kind === 'blocks')
    return item.parts.some(({ block, start }) => offset >= start && offset < block.end);
  if (item.kind === 'raw') return offset < item.end;
  const section = document.sections[item.section];
  return section !== undefined && offset < section.end;
}

/** Offset of the first character of a line, 1-based. */
export function offsetOfLine(text: string, line: number): number {
  let at = 0;
  for (let left = line - 1; left > 0; left--) {
    const feed = text.indexOf('\n', at);
    if (feed === -1) return at;
    at = feed + 1;
  }
  return at;
}
