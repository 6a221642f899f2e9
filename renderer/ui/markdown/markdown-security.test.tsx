import { cleanup, render } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { MARKDOWN_VECTORS } from '../../../e2e/gates/markdown-vectors.ts';
import { CodeBlock, Markdown, PlainBlock } from './block.tsx';
import { lexBlock } from './lex.ts';
import { readDocument } from './log-document.ts';
import { MarkdownActionsContext } from './markdown-actions.ts';

afterEach(cleanup);

/** Every element that a log may become, with the attributes it may carry. Anything else is a hole. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  DIV: ['class', 'role', 'aria-label', 'tabindex'],
  P: ['class', 'dir'],
  H1: ['dir'],
  H2: ['dir'],
  H3: ['dir'],
  H4: ['dir'],
  H5: ['dir'],
  H6: ['dir'],
  UL: ['class', 'dir'],
  OL: ['class', 'dir', 'start'],
  LI: ['class', 'dir'],
  BLOCKQUOTE: ['dir'],
  PRE: ['class', 'tabindex', 'role', 'aria-label'],
  CODE: ['class'],
  FIGURE: ['class'],
  FIGCAPTION: [],
  BUTTON: ['class', 'type', 'title', 'aria-label'],
  SPAN: ['class', 'title'],
  STRONG: [],
  EM: [],
  DEL: [],
  BR: [],
  HR: [],
  TABLE: [],
  THEAD: [],
  TBODY: [],
  TR: [],
  TH: ['class', 'dir', 'scope'],
  TD: ['class', 'dir'],
  A: ['href', 'target', 'rel', 'title'],
  SVG: ['class', 'viewBox', 'aria-hidden', 'role', 'aria-label'],
  PATH: ['d'],
};

/** What is wrong with what was drawn; empty when nothing is. */
function holesIn(root: Element): string[] {
  const holes: string[] = [];
  for (const element of root.querySelectorAll('*')) {
    const name = element.tagName.toUpperCase();
    const allowed = ALLOWED[name];
    if (allowed === undefined) {
      holes.push(`element <${name}>`);
      continue;
    }
    for (const attribute of element.getAttributeNames()) {
      if (!allowed.includes(attribute))
        holes.push(`${name} ${attribute}="${element.getAttribute(attribute) ?? ''}"`);
    }
    const href = element.getAttribute('href');
    if (href !== null && !/^(?:https:\/\/|mailto:)/.test(href)) holes.push(`address ${href}`);
    if (href !== null && element.getAttribute('rel') !== 'noopener noreferrer') holes.push(`rel of ${href}`);
  }
  return holes;
}

/** Draws a whole log the way the reading pane does, block by block. */
function drawLog(text: string): { readonly container: HTMLElement; readonly opened: string[] } {
  const document = readDocument(text);
  const opened: string[] = [];
  const blocks = document.blocks.map((block) => {
    const source = document.text.slice(block.start, block.end);
    if (block.kind === 'plain') return <PlainBlock key={block.start} text={source} />;
    if (block.kind === 'code')
      return <CodeBlock key={block.start} language={block.code?.language ?? ''} text={source} />;
    return <Markdown key={block.start} source={source} references={document.references} />;
  });
  const actions = { onLink: (url: string) => opened.push(url), onCopy: () => undefined };
  const { container } = render(
    <MarkdownActionsContext value={actions}>{blocks.slice(0, 60)}</MarkdownActionsContext>,
  );
  return { container, opened };
}

/** Milliseconds of the processor, not of the wall: the machine that runs this may be busy with other things. */
function lexingMs(text: string): number {
  const started = process.cpuUsage().user;
  const document = readDocument(text);
  for (const block of document.blocks)
    if (block.kind === 'markdown') lexBlock(text.slice(block.start, block.end), document.references);
  return (process.cpuUsage().user - started) / 1_000;
}

describe('hostile Markdown', () => {
  it('comes in enough shapes', () => {
    expect(MARKDOWN_VECTORS.length).toBeGreaterThanOrEqual(400);
    expect(new Set(MARKDOWN_VECTORS.map((vector) => vector.name)).size).toBe(MARKDOWN_VECTORS.length);
  });

  it.each(MARKDOWN_VECTORS.map((vector) => [vector.name, vector.markdown] as const))(
    '%s',
    (_name, markdown) => {
      expect(lexingMs(markdown)).toBeLessThan(2_000);
      const { container, opened } = drawLog(markdown);
      expect(holesIn(container)).toEqual([]);
      expect(opened).toEqual([]);
    },
  );

  it('is told from harmless Markdown by this very oracle', () => {
    const bad = window.document.createElement('div');
    for (const [name, attribute, value] of [
      ['script', 'src', 'x'],
      ['a', 'href', 'javascript:alarm()'],
      ['img', 'src', 'https://evil.example/x.png'],
      ['p', 'onclick', 'alarm()'],
      ['div', 'style', 'position:fixed'],
    ] as const) {
      const element = window.document.createElement(name);
      element.setAttribute(attribute, value);
      bad.append(element);
    }
    expect(holesIn(bad).length).toBeGreaterThanOrEqual(5);
  });
});

describe('links of a log', () => {
  it('ask before they open, with the address that they lead to', () => {
    const { container, opened } = drawLog('[see the ticket](https://tracker.example/ATL-1 "a title")');
    const link = container.querySelector('a');
    expect(link?.getAttribute('href')).toBe('https://tracker.example/ATL-1');
    link?.click();
    expect(opened).toEqual(['https://tracker.example/ATL-1']);
  });

  it('show where they lead when their words name another place', () => {
    const { container } = drawLog('[https://bank.example](https://evil.example/)');
    expect(container.querySelector('a')?.title).toBe('https://evil.example/');
  });

  it('are words when they must not open', () => {
    const { container } = drawLog('[press me](javascript:alarm())');
    expect(container.querySelector('a')).toBeNull();
    expect(container.textContent).toContain('press me');
  });

  it('stand in the place of images', () => {
    const { container } = drawLog('![a diagram](https://example.org/d.png)');
    expect(container.querySelector('img')).toBeNull();
    expect(container.textContent).toContain('Image: a diagram');
  });
});

describe('text of a log', () => {
  it.each([
    ['markup is shown, not obeyed', '<b>bold</b> and <script>x</script>', '<b>'],
    ['direction controls are shown', 'a\u202eb', 'a<U+202E>b'],
    ['terminal escapes are shown', '\u001b[31mred', '<U+001B>[31mred'],
    ['entities are decoded once', '&amp;lt;b&amp;gt; &copy;', '&lt;b&gt; ©'],
    ['unknown entities stay', '&notanentity; &constructor;', '&notanentity; &constructor;'],
  ])('%s', (_name, markdown, words) => {
    expect(drawLog(markdown).container.textContent).toContain(words);
  });

  it('breaks lines where people write <br> in tables', () => {
    const { container } = drawLog('| a |\n|---|\n| one<br>two |');
    expect(container.querySelector('td br')).not.toBeNull();
  });

  it('keeps lines that name facts apart, and runs others together as Markdown does', () => {
    const facts = '**Session ID:** 7f3a\n**Focus:** Payment retries\n**Log**: `atlas/x.md`';
    expect(drawLog(facts).container.querySelector('p')?.className).not.toBe('');
    for (const other of ['**Note:** one line', '**Bold** words\n**and** more', '**A:** fact\nand words'])
      expect(drawLog(other).container.querySelector('p')?.className).toBe('');
  });

  it('takes the direction of each block from its own letters', () => {
    const { container } = drawLog('# שלום\n\n- אחד\n\nEnglish');
    for (const block of container.querySelectorAll('h1, h2, ul, li, p'))
      expect(block.getAttribute('dir')).toBe('auto');
  });
});

it('draws our own marks nowhere but in a sample of code', () => {
  const mark = '<!-- session-log: session=s-1 saved=2031-03-09T10:00:00Z text=0123456789abcdef -->';
  const drawn = (source: string): string => render(<Markdown source={source} />).container.textContent;
  expect(drawn(`**Focus:** mail\n${mark}\n\nWords.\n`)).toBe('Focus: mailWords.');
  expect(drawn(`\`\`\`\n${mark}\n\`\`\`\n`)).toContain('session=s-1');
  expect(drawn('<!-- another -->\n')).toContain('another');
});
