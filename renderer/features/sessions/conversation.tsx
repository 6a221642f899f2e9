import { useEffect, useEffectEvent, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { en } from '../../../shared/i18n/en.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import type { SessionKey } from '../../../shared/transcripts/session-list.ts';
import { useCall } from '../../data/call.ts';
import { useConversation, useGrowth, type Conversation as Read } from '../../data/use-conversation.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { useMarkdownActions } from '../../ui/markdown/markdown-actions.ts';
import { bringIntoView, findPattern, findRanges } from '../../ui/markdown/find.ts';
import { Popover } from '../../ui/popover.tsx';
import { Problem, Skeleton } from '../../ui/state.tsx';
import { ConversationPart } from './conversation-part.tsx';
import {
  conversationItems,
  conversationMarkdown,
  holdsWords,
  type ConversationItem,
} from './conversation-items.ts';
import styles from './conversation.module.css';

const words = en.sessions.conversation;

export interface ConversationProps {
  readonly session: SessionKey;
  readonly title: string;
  readonly timeZone: string;
  /** It was written to just before. */
  readonly isGoing: boolean;
}

/** The prompts and answers of a session, read page by page. N and P lead from prompt to prompt. */
export function Conversation(props: ConversationProps) {
  const { session, title, timeZone } = props;
  const [from, setFrom] = useState(0);
  const read = useConversation(session, null, from);
  useGrowth(read, props.isGoing);
  const items = useMemo(() => conversationItems(read.events), [read.events]);
  const body = useRef<HTMLDivElement>(null);
  const find = useFindItems(items, body);
  const { onCopy } = useMarkdownActions();
  const jump = useJump(body, read);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return;
    if (event.key !== 'n' && event.key !== 'p') return;
    event.preventDefault();
    jump(event.key === 'n' ? 1 : -1);
  };
  return (
    // The content has the focus; keys it does not handle bubble up to here.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section className={styles.conversation} aria-label={words.title} onKeyDown={onKeyDown}>
      <header className={styles.bar}>
        <h3>{words.title}</h3>
        <IconButton icon="chevron-up" label={words.previous} shortcut="P" onClick={() => jump(-1)} />
        <IconButton icon="chevron-down" label={words.next} shortcut="N" onClick={() => jump(1)} />
        <Popover icon="contents" label={words.prompts} align="end">
          {(close) => (
            <Prompts
              session={session}
              onGo={(offset) => {
                close();
                if (!showPrompt(body.current, offset)) setFrom(offset);
              }}
            />
          )}
        </Popover>
        <IconButton
          icon="copy"
          label={words.copy}
          onClick={() => onCopy(conversationMarkdown(title, items), words.copied(read.hasMore))}
        />
        <FindBox find={find} />
      </header>
      {read.about?.from === 'copy' ? <p className={styles.quiet}>{words.fromCopy}</p> : null}
      {from === 0 ? null : (
        <Button size="small" tone="quiet" icon="arrow-up" onClick={() => setFrom(0)}>
          {words.fromStart}
        </Button>
      )}
      <div ref={body} className={styles.body}>
        {items.map((item) => (
          <ConversationPart
            key={item.key}
            item={item}
            session={session}
            files={read.about?.files ?? []}
            found={item.key === find.current ? find.wanted : null}
            timeZone={timeZone}
          />
        ))}
      </div>
      <End read={read} isEmpty={items.length === 0} />
    </section>
  );
}

/** The end of what was read: loads more when it comes on screen. */
function End(props: { readonly read: Read; readonly isEmpty: boolean }) {
  const { read, isEmpty } = props;
  const end = useRef<HTMLDivElement>(null);
  const more = useEffectEvent(read.more);
  const { hasMore } = read;
  const isBroken = read.error !== null;
  useEffect(() => {
    const element = end.current;
    if (element === null || !hasMore || isBroken) return undefined;
    const seen = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) more();
    });
    seen.observe(element);
    return () => seen.disconnect();
  }, [hasMore, isBroken]);
  return (
    <div ref={end}>
      {read.error === null ? null : (
        <Problem
          error={read.error.error}
          actions={<Button onClick={read.retry}>{en.common.tryAgain}</Button>}
        />
      )}
      {read.loading ? <Skeleton lines={4} label={words.loading} /> : null}
      {read.hasMore && !read.loading && read.error === null ? (
        <Button onClick={read.more}>{words.more}</Button>
      ) : null}
      {!read.hasMore && !read.loading && read.error === null ? (
        <p className={styles.quiet}>{isEmpty ? words.empty : words.end}</p>
      ) : null}
    </div>
  );
}

function Prompts(props: { readonly session: SessionKey; readonly onGo: (offset: number) => void }) {
  const { agent, id } = props.session;
  const outline = useCall('sessions.outline', { agent, id });
  if (outline.error !== null) return <Problem error={outline.error.error} />;
  if (outline.data === undefined) return <Skeleton lines={4} label={words.promptsLoading} />;
  if (outline.data.prompts.length === 0) return <p>{words.noPrompts}</p>;
  return (
    <ol className={styles.prompts}>
      {outline.data.prompts.map(({ offset, text }) => (
        <li key={offset}>
          <Button tone="quiet" onClick={() => props.onGo(offset)}>
            {visibleLine(text)}
          </Button>
        </li>
      ))}
    </ol>
  );
}

function promptsIn(body: HTMLElement | null): readonly HTMLElement[] {
  return [...(body?.querySelectorAll<HTMLElement>('[data-prompt]') ?? [])];
}

function show(element: HTMLElement): void {
  element.scrollIntoView({ block: 'start' });
  element.focus({ preventScroll: true });
}

/** @returns false when the prompt has not been read yet */
function showPrompt(body: HTMLElement | null, offset: number): boolean {
  const prompt = promptsIn(body).find(({ dataset }) => dataset.prompt === String(offset));
  if (prompt !== undefined) show(prompt);
  return prompt !== undefined;
}

/** Moves to the next or previous prompt from the focused one; loads more at the last one. */
function useJump(body: { readonly current: HTMLElement | null }, read: Read): (by: 1 | -1) => void {
  return (by) => {
    const prompts = promptsIn(body.current);
    const active = document.activeElement?.closest('[data-prompt]');
    const at = prompts.findIndex((prompt) => prompt === active);
    const target = at === -1 ? prompts[by === 1 ? 0 : prompts.length - 1] : prompts[at + by];
    if (target !== undefined) show(target);
    else if (by === 1) read.more();
  };
}

interface FindItems {
  readonly words: string;
  /** The words in comparison form. */
  readonly wanted: string;
  readonly setWords: (words: string) => void;
  readonly count: number;
  /** 0-based index of the current match. */
  readonly at: number;
  /** Key of the current one; null for none. */
  readonly current: string | null;
  readonly move: (by: 1 | -1) => void;
}

/** Finds words in what was read. */
function useFindItems(
  items: readonly ConversationItem[],
  body: { readonly current: HTMLElement | null },
): FindItems {
  const [said, setSaid] = useState('');
  const [at, setAt] = useState(0);
  const wanted = said.trim().toLowerCase();
  const found = useMemo(
    () => (wanted === '' ? [] : items.filter((item) => holdsWords(item, wanted)).map(({ key }) => key)),
    [items, wanted],
  );
  const current = found[Math.min(at, found.length - 1)] ?? null;
  useEffect(() => {
    // Matches behind a line are open by now; the innermost is the place.
    const found = [...(body.current?.querySelectorAll('[data-found]') ?? [])];
    if (current === null) return undefined;
    return showWords(
      found.find((one) => one.querySelector('[data-found]') === null),
      wanted,
    );
  }, [current, wanted, body]);
  return {
    words: said,
    wanted,
    setWords(next) {
      setSaid(next);
      setAt(0);
    },
    count: found.length,
    at: Math.min(at, Math.max(0, found.length - 1)),
    current,
    move: (by) => setAt((now) => (found.length === 0 ? 0 : (now + by + found.length) % found.length)),
  };
}

/** Scrolls words into view, and highlights them if the browser can. @returns a function that removes the highlight */
function showWords(element: Element | undefined, wanted: string): (() => void) | undefined {
  const pattern = findPattern(wanted);
  if (element === undefined || pattern === null) return undefined;
  element.scrollIntoView({ block: 'center' });
  const [range] = findRanges(element, pattern);
  if (range === undefined || typeof Highlight === 'undefined') return undefined;
  const scroller = element.closest<HTMLElement>('[data-scroller]');
  // An output may be many screens high.
  if (scroller !== null) bringIntoView(scroller, range);
  CSS.highlights.set('find-current', new Highlight(range));
  return () => void CSS.highlights.delete('find-current');
}

function FindBox(props: { readonly find: FindItems }) {
  const { find } = props;
  return (
    <search className={styles.find}>
      <input
        type="search"
        aria-label={words.find}
        placeholder={words.find}
        spellCheck={false}
        value={find.words}
        onChange={(event) => find.setWords(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          find.move(event.shiftKey ? -1 : 1);
        }}
      />
      <span role="status">
        {find.words.trim() === ''
          ? ''
          : find.count === 0
            ? words.findNone
            : words.findCount(find.at + 1, find.count)}
      </span>
    </search>
  );
}
