import type { Token, Tokens } from 'marked';
import type { MouseEvent, ReactNode } from 'react';
import { visibleText } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import { checkLink } from '../../../shared/ipc/open-link.ts';
import { Icon } from '../icon.tsx';
import { decodeEntities } from './entities.ts';
import { Labelled } from './labelled.tsx';
import { useMarkdownActions } from './markdown-actions.ts';
import styles from './markdown.module.css';

/** Deeper than this, text is shown as written. */
export const DEPTH = 24;

/** Renders inline tokens: text, emphasis, code, permitted links, and text in place of images. */
export function Inline(props: {
  readonly tokens: readonly Token[] | undefined;
  readonly depth: number;
}): ReactNode {
  return props.tokens?.map((token, index) => <InlineToken key={index} token={token} depth={props.depth} />);
}

function InlineToken(props: { readonly token: Token; readonly depth: number }): ReactNode {
  const { depth } = props;
  const token = props.token as Tokens.Generic & { readonly raw: string };
  if (depth > DEPTH) return visibleText(token.raw);
  const inner = <Inline tokens={token.tokens} depth={depth + 1} />;
  switch (token.type) {
    case 'text':
      return token.tokens ? inner : <Labelled text={decodeEntities(String(token.text))} />;
    case 'escape':
      return plain(token.text);
    case 'strong':
      return <strong>{inner}</strong>;
    case 'em':
      return <em>{inner}</em>;
    case 'del':
      return <del>{inner}</del>;
    case 'codespan':
      return (
        <code>
          <Labelled text={String(token.text)} />
        </code>
      );
    case 'br':
      return <br />;
    case 'checkbox':
      return <TaskBox done={token['checked'] === true} />;
    case 'link':
      return <Link href={String(token['href'])}>{inner}</Link>;
    case 'image':
      return <ImageWords href={String(token['href'])} words={String(token.text)} />;
    case 'html':
      return <InlineHtml source={token.raw} />;
    default:
      // A token type added by a later lexer is shown as written.
      return visibleText(token.raw);
  }
}

function plain(text: unknown): string {
  return visibleText(decodeEntities(String(text)));
}

/** `<br>` is how people break lines in tables; every other tag is shown, not interpreted. */
function InlineHtml(props: { readonly source: string }): ReactNode {
  if (/^<br\s*\/?>$/i.test(props.source)) return <br />;
  return <code className={styles.html}>{visibleText(props.source)}</code>;
}

function TaskBox(props: { readonly done: boolean }): ReactNode {
  return (
    <span className={styles.task}>
      <Icon
        name={props.done ? 'box-checked' : 'box'}
        label={props.done ? en.reader.taskDone : en.reader.taskOpen}
      />{' '}
    </span>
  );
}

/** A permitted link asks before opening; any other is text that says what it is. */
export function Link(props: { readonly href: string; readonly children: ReactNode }): ReactNode {
  const { onLink } = useMarkdownActions();
  const checked = checkLink(decodeEntities(props.href));
  if (!checked.ok)
    return (
      <span className={styles.deadLink} title={en.reader.deadLink}>
        {props.children}
      </span>
    );
  const open = (event: MouseEvent): void => {
    event.preventDefault();
    onLink(checked.value);
  };
  return (
    <a
      href={checked.value}
      target="_blank"
      rel="noopener noreferrer"
      title={checked.value}
      onClick={open}
      onAuxClick={open}
    >
      {props.children}
    </a>
  );
}

/** An image is never fetched: its text replaces it, and its address can be opened like any link. */
function ImageWords(props: { readonly href: string; readonly words: string }): ReactNode {
  return (
    <span className={styles.image}>
      <Icon name="image" />
      <Link href={props.href}>{en.reader.imageOf(plain(props.words))}</Link>
    </span>
  );
}
