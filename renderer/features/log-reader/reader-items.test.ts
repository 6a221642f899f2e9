import { describe, expect, it } from 'vitest';
import { readDocument } from '../../ui/markdown/log-document.ts';
import { isShown, itemOfOffset, offsetOfLine, rawItems, readerItems } from './reader-items.ts';

const LOG = `# The title

## User

- **User:** Hal Casteel (hal)
- **Machine:** hal-mbp

## Session Summary

Text.

## Credentials & Secrets

token: hunter2

## Commands & Outputs

ls
`;
const document = readDocument(LOG);

/** Everything that a list of items draws. */
function drawn(items: ReturnType<typeof readerItems>): string {
  return items
    .map((item) => {
      if (item.kind === 'blocks')
        return item.parts.map(({ block, start }) => LOG.slice(start, block.end)).join('');
      return item.kind === 'raw' ? LOG.slice(item.start, item.end) : '';
    })
    .join('');
}

describe('what the reading pane shows', () => {
  it('leaves a title out however it is written: underlined, or behind the words that every log begins with', () => {
    for (const title of ['The queue\n=====', '# Session Log: The queue', '# **The** queue']) {
      const log = readDocument(`${title}\n\nEmpty.\n`);
      const parts = readerItems(log, new Set(), 'The queue').flatMap((item) =>
        item.kind === 'blocks' ? item.parts : [],
      );
      expect(parts.map(({ block, start }) => log.text.slice(start, block.end).trim())).toEqual(['Empty.']);
    }
  });

  it('shows a card for the title and the User block, and folds secrets', () => {
    const items = readerItems(document, new Set(), 'The title');
    expect(items.map((item) => item.kind)).toEqual(['card', 'blocks', 'fold', 'blocks']);
    expect(drawn(items)).not.toContain('hunter2');
    expect(drawn(items)).not.toContain('# The title');
    expect(drawn(items)).not.toContain('Hal Casteel');
    expect(drawn(items)).toContain('Text.');
  });

  it('keeps a first heading that says something else', () => {
    expect(drawn(readerItems(document, new Set(), 'Another title'))).toContain('# The title');
  });

  it('keeps a User section that says more than who wrote it', () => {
    const other = readDocument('# T\n\n## User\n\n- **User:** Hal\n\nHe also said this.\n');
    const text = readerItems(other, new Set(), 'T')
      .flatMap((item) => (item.kind === 'blocks' ? item.parts : []))
      .map(({ block, start }) => other.text.slice(start, block.end))
      .join('');
    expect(text).toContain('He also said this.');
  });

  it('shows a secret section that was asked for', () => {
    const root = document.sections.findIndex((section) => section.secret);
    expect(drawn(readerItems(document, new Set([root]), 'The title'))).toContain('hunter2');
  });

  it('folds secrets in the raw text as well, and shows every other character', () => {
    const items = rawItems(document, new Set());
    expect(drawn(items)).not.toContain('hunter2');
    const root = document.sections.findIndex((section) => section.secret);
    expect(drawn(rawItems(document, new Set([root])))).toBe(LOG);
  });

  it('numbers raw lines as the file does, behind a folded section too', () => {
    const last = rawItems(document, new Set()).at(-1);
    expect(last).toMatchObject({ kind: 'raw', line: LOG.split('\n').indexOf('## Commands & Outputs') + 1 });
  });
});

describe('places in the text', () => {
  const items = readerItems(document, new Set(), 'The title');

  it('finds the item of an offset', () => {
    expect(items[itemOfOffset(items, document, LOG.indexOf('Text.'))]?.kind).toBe('blocks');
    expect(items[itemOfOffset(items, document, LOG.indexOf('hunter2'))]?.kind).toBe('fold');
  });

  it('tells what can be gone to', () => {
    expect(isShown(items, document, LOG.indexOf('Text.'))).toBe(true);
    expect(isShown(items, document, LOG.indexOf('hunter2'))).toBe(true);
    expect(isShown(items, document, LOG.indexOf('# The title'))).toBe(false);
    expect(isShown(items, document, LOG.indexOf('Hal Casteel'))).toBe(false);
  });

  it('turns lines into offsets', () => {
    expect(offsetOfLine('a\nb\nc', 1)).toBe(0);
    expect(offsetOfLine('a\nb\nc', 3)).toBe(4);
    expect(offsetOfLine('a\nb\nc', 99)).toBe(4);
  });

  it('makes few items of many short sections', () => {
    const many = readDocument('## S\n\nshort\n\n'.repeat(2_000));
    const made = readerItems(many, new Set(), '');
    expect(made.length).toBeLessThan(40);
    expect(made.flatMap((item) => (item.kind === 'blocks' ? item.parts : [])).length).toBe(2_000);
  });
});
