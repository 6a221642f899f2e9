import type { Token, Tokens } from 'marked';
import { memo, useMemo, type ReactNode } from 'react';
import { hideMarks } from '../../../shared/domain/session-mark.ts';
import { visibleText } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import { IconButton } from '../button.tsx';
import { cx } from '../icon.tsx';
import { decodeEntities } from './entities.ts';
import { DEPTH, Inline } from './inline.tsx';
import { Labelled } from './labelled.tsx';
import { lexBlock } from './lex.ts';
import type { LogDocument } from './log-document.ts';
import { useMarkdownActions } from './markdown-actions.ts';
import styles from './markdown.module.css';

export interface MarkdownProps {
  readonly source: string;
  readonly references?: LogDocument['references'];
  /** Added to the level of every heading, so that a log's title ranks below the page's. */
  readonly headingOffset?: number;
}

const NO_REFERENCES = {};

/** Renders Markdown as React elements. No HTML text exists at any point, so there is nothing that could be parsed as such. */
export const Markdown = memo(function Markdown(props: MarkdownProps) {
  const { references = NO_REFERENCES, headingOffset = 1 } = props;
  // Our own marks are for programs.
  const source = useMemo(() => hideMarks(props.source), [props.source]);
  const tokens = useMemo(() => lexBlock(source, references), [source, references]);
  if (tokens === null) return <pre className={styles.plain}>{visibleText(source)}</pre>;
  return <Blocks tokens={tokens} depth={0} offset={headingOffset} />;
});

interface BlocksProps {
  readonly tokens: readonly Token[] | undefined;
  readonly depth: number;
  readonly offset: number;
}

function Blocks(props: BlocksProps): ReactNode {
  return props.tokens?.map((token, index) => <BlockToken key={index} {...props} token={token} />);
}

function BlockToken(props: Omit<BlocksProps, 'tokens'> & { readonly token: Token }): ReactNode {
  const { depth, offset } = props;
  const token = props.token as Tokens.Generic & { readonly raw: string };
  if (depth > DEPTH) return <pre className={styles.plain}>{visibleText(token.raw)}</pre>;
  switch (token.type) {
    case 'space':
    case 'def':
      return null;
    case 'heading':
      return <Heading level={Number(token['depth']) + offset} tokens={token.tokens} />;
    case 'paragraph':
      return (
        <p dir="auto" className={areFacts(token.raw) ? styles.facts : undefined}>
          <Inline tokens={token.tokens} depth={depth} />
        </p>
      );
    case 'text':
      return token.tokens ? (
        <Inline tokens={token.tokens} depth={depth} />
      ) : (
        <Labelled text={decodeEntities(String(token.text))} />
      );
    case 'code':
      return <CodeBlock language={String(token['lang'] ?? '')} text={String(token.text)} />;
    case 'blockquote':
      return (
        <blockquote dir="auto">
          <Blocks tokens={token.tokens} depth={depth + 1} offset={offset} />
        </blockquote>
      );
    case 'list':
      return <List list={token as unknown as Tokens.List} depth={depth} offset={offset} />;
    case 'table':
      return <Table table={token as unknown as Tokens.Table} depth={depth} />;
    case 'hr':
      return <hr />;
    case 'html':
      return <HtmlBlock source={token.raw} />;
    default:
      return <Inline tokens={[props.token]} depth={depth} />;
  }
}

const FACT = /^\*\*[^*\n]{1,40}(?::\*\*|\*\*:)/;
const MOST_FACTS = 2_000;

/** True for lines that each state a fact (`**Focus:** …`), as saves and people write them: they stay lines, where Markdown would join them. */
function areFacts(source: string): boolean {
  if (source.length > MOST_FACTS || !source.startsWith('**')) return false;
  const lines = source.trim().split('\n');
  return lines.length > 1 && lines.every((line) => FACT.test(line) || line.startsWith('<!--'));
}

function Heading(props: {
  readonly level: number;
  readonly tokens: readonly Token[] | undefined;
}): ReactNode {
  const Tag = (['h1', 'h2', 'h3', 'h4', 'h5', 'h6'] as const)[Math.min(6, props.level) - 1] ?? 'h6';
  return (
    <Tag dir="auto">
      <Inline tokens={props.tokens} depth={0} />
    </Tag>
  );
}

/** Tags are shown as written; a comment is shown faintly, because it may still be meaningful. */
function HtmlBlock(props: { readonly source: string }): ReactNode {
  const source = props.source.trimEnd();
  if (source === '') return null;
  return <pre className={cx(styles.plain, styles.html)}>{visibleText(source)}</pre>;
}

function List(props: {
  readonly list: Tokens.List;
  readonly depth: number;
  readonly offset: number;
}): ReactNode {
  const { list, depth, offset } = props;
  const items = list.items.map((item, index) => (
    <li key={index} dir="auto" className={item.task ? styles.taskItem : undefined}>
      <Blocks tokens={item.tokens} depth={depth + 1} offset={offset} />
    </li>
  ));
  if (!list.ordered)
    return (
      <ul dir="auto" className={list.loose ? undefined : styles.tight}>
        {items}
      </ul>
    );
  const start = typeof list.start === 'number' && list.start >= 0 && list.start < 1e9 ? list.start : 1;
  return (
    <ol dir="auto" className={list.loose ? undefined : styles.tight} start={start}>
      {items}
    </ol>
  );
}

const ALIGN = { left: styles.left, center: styles.center, right: styles.right } as const;

function Table(props: { readonly table: Tokens.Table; readonly depth: number }): ReactNode {
  const { table, depth } = props;
  const align = (index: number): string | undefined => {
    const side = table.align[index];
    return side ? ALIGN[side] : undefined;
  };
  return (
    // A wide table scrolls by itself; it is focusable, so that it can be scrolled without a pointer.
    <div className={styles.tableScroll} role="region" aria-label={en.reader.table} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {table.header.map((cell, index) => (
              <th key={index} scope="col" dir="auto" className={align(index)}>
                <Inline tokens={cell.tokens} depth={depth} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} dir="auto" className={align(column)}>
                  <Inline tokens={cell.tokens} depth={depth} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export interface CodeBlockProps {
  readonly language: string;
  readonly text: string;
  /** A piece of a longer block: only its first piece has the bar, whose button copies `whole`. */
  readonly piece?: { readonly first: boolean; readonly last: boolean; readonly whole: () => string };
}

/** Code as written, with a bar that names the language and copies it. */
export function CodeBlock(props: CodeBlockProps): ReactNode {
  const { piece } = props;
  const { onCopy } = useMarkdownActions();
  const language = visibleText(props.language.split(/\s/, 1)[0]?.slice(0, 24) ?? '');
  return (
    <figure
      className={cx(
        styles.code,
        piece?.first === false && styles.continued,
        piece?.last === false && styles.continues,
      )}
    >
      {piece?.first === false ? null : (
        <figcaption>
          <span>{language}</span>
          <IconButton
            icon="copy"
            label={en.reader.copyCode}
            onClick={() => onCopy(piece ? piece.whole() : props.text, en.reader.code)}
          />
        </figcaption>
      )}
      {/* Long lines scroll; the block is focusable, so that it can be scrolled without a pointer. */}
      <pre
        tabIndex={0}
        role="region"
        aria-label={language === '' ? en.reader.code : en.reader.codeIn(language)}
      >
        <code>
          <Labelled text={props.text} />
        </code>
      </pre>
    </figure>
  );
}

/** Text that is not lexed. */
export function PlainBlock(props: { readonly text: string }): ReactNode {
  return (
    <pre className={styles.plain}>
      <Labelled text={props.text} />
    </pre>
  );
}
