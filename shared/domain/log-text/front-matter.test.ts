import { describe, expect, it } from 'vitest';
import { frontMatterValue, readFrontMatter } from './front-matter.ts';

const values = (text: string): readonly (readonly [string, string])[] | null => {
  const found = readFrontMatter(text, 0);
  return found && [...found.values];
};

describe('front matter', () => {
  it('reads folded text, lists, nested keys, quotes and comments', () => {
    const text = [
      '---',
      'title: >-',
      '  The queue',
      '  is empty',
      'tags: [mail, "a b"]',
      'people:',
      '  - Ana',
      '  - Ben',
      'meta:',
      "  created: '2031-03-09' # why",
      '# a comment',
      'note: |',
      '  # no comment: text',
      '---',
      '',
    ].join('\n');
    expect(values(text)).toEqual([
      ['title', 'The queue is empty'],
      ['tags', 'mail, a b'],
      ['people', 'Ana, Ben'],
      ['meta', ''],
      ['meta.created', '2031-03-09'],
      ['note', '# no comment: text'],
    ]);
    expect(frontMatterValue(readFrontMatter(text, 0), ['date', 'created'])).toBe('2031-03-09');
  });

  it('reads TOML between plus signs', () => {
    const text =
      '+++\ntitle = "The queue"\ndate = 2031-03-09T09:00:00Z\n[extra]\ntags = [\n  "mail",\n  "dns",\n]\n+++\n';
    expect(values(text)).toEqual([
      ['title', 'The queue'],
      ['date', '2031-03-09T09:00:00Z'],
      ['extra.tags', 'mail, dns'],
    ]);
  });

  it.each([
    ['begins with a blank line', '---\n\n# The queue\n\nIt is empty.\n\n---\n'],
    ['is a heading', '---\n# The queue\n---\n'],
    ['holds a heading', '---\ntitle: x\n## The queue\n---\n'],
    ['is a sentence', '---\nIt was empty by noon.\n---\n'],
    ['holds a sentence', '---\ntitle: x\nIt was empty by noon.\n---\n'],
    ['is a list', '---\n- one\n- two\n---\n'],
    ['never ends', '---\ntitle: x\n'],
    ['has no rule of its own', '--- x\ntitle: x\n---\n'],
    ['is longer than any', `---\n${'key: value\n'.repeat(500_000)}---\n`],
  ])('is none where the block %s', (_, text) => {
    expect(values(text)).toBeNull();
  });

  it('may be empty, have CRLF, and end with points', () => {
    expect(values('---\n---\n')).toEqual([]);
    expect(values('---\r\ntitle: x\r\n...\r\n')).toEqual([['title', 'x']]);
  });
});
