import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lexBlock } from './lex.ts';
import { readDocument, sectionOfOffset, type LogDocument } from './log-document.ts';

const joined = (document: LogDocument): string =>
  document.blocks.map((block) => document.text.slice(block.start, block.end)).join('');

const LOG = `# Title

Before the first section.

## Session Summary

Text with [a link][ref].

### Deeper

More.

## Credentials & Secrets

- token: abc

### Sub

- password: x

## Note for Mike

Please look.

## Reference Information

[ref]: https://example.org "The title"
`;

describe('readDocument', () => {
  it.each([
    ['_Not recorded._', false],
    ['None.', false],
    ['', false],
    ['None. But hunter2', true],
    ['_Not recorded._\n\n### Old\n\nhunter2', true],
  ])('hides a section about secrets that says %j: %s', (body, secret) => {
    const { sections } = readDocument(`# A\n\n## Credentials & Secrets\n\n${body}\n\n## After\n\nb\n`);
    expect(sections[1]).toMatchObject({ secret, secretRoot: secret ? 1 : -1 });
  });

  it('finds sections with their bounds, secrets and notes', () => {
    const document = readDocument(LOG);
    expect(document.sections.map((section) => [section.title, section.level, section.line])).toEqual([
      ['Title', 1, 1],
      ['Session Summary', 2, 5],
      ['Deeper', 3, 9],
      ['Credentials & Secrets', 2, 13],
      ['Sub', 3, 17],
      ['Note for Mike', 2, 21],
      ['Reference Information', 2, 25],
    ]);
    const text = (index: number): string => {
      const section = document.sections[index];
      return document.text.slice(section?.start, section?.end);
    };
    expect(text(1)).toMatch(/^## Session Summary[\s\S]*More\.\n\n$/);
    expect(text(3)).toContain('password: x');
    expect(document.sections.map((section) => section.secretRoot)).toEqual([-1, -1, -1, 3, 3, -1, -1]);
    expect(document.sections[5]?.note).toEqual({ to: 'Mike', kind: 'note' });
    expect(document.references['ref']).toEqual({ href: 'https://example.org', title: 'The title' });
    expect(document.lines).toBe(27);
  });

  it('starts each section with a block of its own', () => {
    const document = readDocument(LOG);
    for (const section of document.sections) {
      const block = document.blocks[section.block];
      expect(block?.start).toBe(section.start);
      expect(block?.line).toBe(section.line);
    }
  });

  it('knows underlined headings, counts their lines, and takes a rule at the top for what it is', () => {
    const document = readDocument(
      '---\n\nThe queue\n=========\n\nEmpty.\n\n---\n\n## **Note** for Ana\n\nLook.\n',
    );
    expect(document.frontMatter).toEqual([]);
    expect(document.sections.map(({ title, level, line, note }) => [title, level, line, note?.to])).toEqual([
      ['The queue', 1, 3, undefined],
      ['Note for Ana', 2, 10, 'Ana'],
    ]);
    expect(document.blocks.map(({ line, lines }) => [line, lines])).toEqual([
      [1, 2],
      [3, 7],
      [10, 3],
    ]);
  });

  it('keeps the front matter apart', () => {
    const document = readDocument('---\ntitle: A log\ncreated: 2026-01-06\n---\n# Title\n\nText\n');
    expect(document.frontMatter).toEqual([
      ['title', 'A log'],
      ['created', '2026-01-06'],
    ]);
    expect(joined(document)).toBe('# Title\n\nText\n');
    expect(document.blocks[0]?.line).toBe(5);
  });

  it('does not take a heading inside a fence for one', () => {
    const document = readDocument('# A\n\n```\n# not a heading\n```\n\n# B\n');
    expect(document.sections.map((section) => section.title)).toEqual(['A', 'B']);
  });

  it('never loses, doubles or reorders a character outside the fences of long code', () => {
    const line = fc.constantFrom(
      '',
      '# H',
      '## Secrets',
      '- item',
      '  - deeper',
      '1. one',
      '> quote',
      'text',
      '    code',
      '| a |',
      '|-|',
      '\ttab',
      '***',
      '[r]: https://x.y',
      'é😀',
      '\r',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 400 }), fc.constantFrom('\n', '\r\n'), (lines, feed) => {
        const text = lines.join(feed);
        const document = readDocument(text);
        expect(joined(document)).toBe(text.slice(document.blocks[0]?.start ?? text.length));
        let at = document.blocks[0]?.start ?? 0;
        for (const block of document.blocks) {
          expect(block.start).toBe(at);
          at = block.end;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('cuts a long text into blocks that are never long', () => {
    const text = `# T\n\n${'A paragraph of words.\n\n'.repeat(2_000)}${'- item\n'.repeat(5_000)}${'word '.repeat(20_000)}\n`;
    const document = readDocument(text);
    expect(joined(document)).toBe(text);
    expect(Math.max(...document.blocks.map((block) => block.end - block.start))).toBeLessThanOrEqual(20_001);
    expect(document.blocks.length).toBeGreaterThan(20);
  });

  it('cuts a long fence into code, which together is what stands between the fences', () => {
    const code = Array.from({ length: 3_000 }, (_, at) => `line ${at}`).join('\n');
    const document = readDocument(`# T\n\n\`\`\`ts\n${code}\n\`\`\`\n\nafter\n`);
    const pieces = document.blocks.filter((block) => block.kind === 'code');
    expect(pieces.length).toBeGreaterThan(5);
    expect(pieces.map((piece) => document.text.slice(piece.start, piece.end)).join('')).toBe(code);
    expect(pieces[0]).toMatchObject({ line: 4, code: { first: true, last: false, language: 'ts' } });
    expect(pieces.at(-1)?.code).toMatchObject({ last: true });
    expect(joined(document)).toContain('after');
  });

  it('counts lines alike in every kind of block', () => {
    const text = `# T\n\n${'text\n\n'.repeat(1_500)}\`\`\`\n${'code\n'.repeat(2_000)}\`\`\`\n\n## Last\n`;
    const document = readDocument(text);
    for (const block of document.blocks) {
      const line = text.slice(0, block.start).split('\n').length;
      expect(block.line).toBe(line);
    }
    expect(document.sections.at(-1)?.line).toBe(text.split('\n').indexOf('## Last') + 1);
  });

  it('reads 10 MB in well under a second of the processor', () => {
    const part = '## S\n\nSome *text* with `code`.\n\n- one\n- two\n\n```sh\nnpm ci\n```\n\n';
    const text = part.repeat(Math.ceil(10e6 / part.length));
    const started = process.cpuUsage().user;
    const document = readDocument(text);
    expect((process.cpuUsage().user - started) / 1_000).toBeLessThan(1_000);
    expect(document.sections.length).toBe(Math.ceil(10e6 / part.length));
  });
});

describe('sectionOfOffset', () => {
  it('names the innermost section', () => {
    const document = readDocument(LOG);
    const at = (words: string): string | undefined =>
      document.sections[sectionOfOffset(document, LOG.indexOf(words))]?.title;
    expect(at('Before')).toBe('Title');
    expect(at('More.')).toBe('Deeper');
    expect(at('Please')).toBe('Note for Mike');
    expect(sectionOfOffset(readDocument('no heading'), 3)).toBe(-1);
  });
});

describe('lexBlock', () => {
  it('finds references that other blocks define', () => {
    const document = readDocument(LOG);
    const tokens = lexBlock('[a link][ref]', document.references);
    expect(JSON.stringify(tokens)).toContain('https://example.org');
  });

  it('leaves the shared references alone', () => {
    const references = { a: { href: 'https://a.example', title: '' } };
    lexBlock('[b]: https://b.example', references);
    expect(Object.keys(references)).toEqual(['a']);
  });

  it.each([`${'> '.repeat(50)}x`, `${'- '.repeat(50)}x`, '*'.repeat(500)])(
    'leaves %s to be shown as it is',
    (source) => {
      expect(lexBlock(source, {})).toBeNull();
    },
  );
});
