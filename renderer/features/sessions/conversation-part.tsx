import { memo, useMemo, useState, type ReactNode } from 'react';
import { formatCount } from '../../../shared/format/amount.ts';
import { dateTime } from '../../../shared/format/time.ts';
import { visibleLine, visibleText } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { ConversationPage } from '../../../shared/ipc/sessions.ts';
import type { Excerpt } from '../../../shared/transcripts/events.ts';
import type { SessionKey } from '../../../shared/transcripts/session-list.ts';
import { useConversation } from '../../data/use-conversation.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/icon.tsx';
import { Badge } from '../../ui/indicator.tsx';
import { Markdown } from '../../ui/markdown/block.tsx';
import { Problem, Skeleton } from '../../ui/state.tsx';
import { conversationItems, holdsWords, type ConversationItem } from './conversation-items.ts';
import styles from './conversation.module.css';

const words = en.sessions.conversation;

export interface ConversationPartProps {
  readonly item: ConversationItem;
  readonly session: SessionKey;
  /** Files of the session: subagents may have their own. */
  readonly files: ConversationPage['files'];
  /** The words of the current search match, if it is this item; null in all others. */
  readonly found: string | null;
  readonly timeZone: string;
}

/** One item of a conversation: prose in full, everything else on a line that opens. */
export const ConversationPart = memo(function ConversationPart(props: ConversationPartProps) {
  const { item, found, timeZone } = props;
  const mark = found === null ? {} : { 'data-found': true };
  switch (item.kind) {
    case 'prompt':
      return (
        <article
          className={styles.prompt}
          tabIndex={-1}
          data-prompt={item.offset}
          aria-label={words.you}
          {...mark}
        >
          <p className={styles.who}>
            <strong>{words.you}</strong>
            {item.at === null ? null : <time>{dateTime(item.at, timeZone)}</time>}
            {item.via === 'typed' ? null : <span>{words.via[item.via]}</span>}
            {item.attachments === 0 ? null : <span>{words.attachments(item.attachments)}</span>}
          </p>
          <pre dir="auto">{visibleText(item.text.text)}</pre>
          <Cut text={item.text} />
        </article>
      );
    case 'reply':
      return (
        <div className={styles.reply} {...mark}>
          <Markdown source={item.text.text} headingOffset={3} />
          <Cut text={item.text} />
        </div>
      );
    case 'tool':
    case 'fact':
      return (
        <Line
          line={item.line}
          mono={item.kind === 'tool'}
          outcome={item.kind === 'tool' && item.outcome !== 'ok' ? item.outcome : null}
          mark={mark}
          isFound={found !== null}
        >
          {item.detail === '' ? null : <pre>{visibleText(item.detail)}</pre>}
        </Line>
      );
    case 'subagent':
      return (
        <Line
          line={words.subagent(item.task)}
          mono={false}
          outcome={item.outcome === 'ok' ? null : item.outcome}
          mark={mark}
          isFound={found !== null}
        >
          <Subagent {...props} item={item} />
        </Line>
      );
  }
});

function Cut(props: { readonly text: Excerpt }) {
  const left = props.text.length - props.text.text.length;
  return left <= 0 ? null : <p className={styles.quiet}>{words.cut(formatCount(left))}</p>;
}

/** A line that opens if there is something behind it. */
function Line(props: {
  readonly line: string;
  readonly mono: boolean;
  readonly outcome: keyof typeof words.outcomes | null;
  readonly mark: object;
  /** It contains a match, possibly behind the line. */
  readonly isFound: boolean;
  readonly children: ReactNode;
}) {
  const { line, outcome, mark, children } = props;
  const [wasOpened, setOpen] = useState(false);
  const isOpen = wasOpened || props.isFound;
  const head = (
    <>
      <span className={cx(styles.line, props.mono && styles.mono)}>{visibleLine(line)}</span>
      {outcome === null ? null : (
        <Badge tone={outcome === 'failed' ? 'bad' : 'plain'}>{words.outcomes[outcome]}</Badge>
      )}
    </>
  );
  if (children === null)
    return (
      <p className={styles.tool} {...mark}>
        {head}
      </p>
    );
  return (
    <details
      className={styles.tool}
      open={isOpen}
      {...mark}
      onToggle={(event) => {
        if (event.target === event.currentTarget) setOpen(event.currentTarget.open);
      }}
    >
      <summary>{head}</summary>
      {isOpen ? children : null}
    </details>
  );
}

/** A subagent's actions and answer; read only when opened. */
function Subagent(
  props: ConversationPartProps & {
    readonly item: Extract<ConversationItem, { readonly kind: 'subagent' }>;
  },
) {
  const { item, files } = props;
  const file = files.find(({ subagent }) => subagent !== null && subagent === item.agent);
  return (
    <div className={styles.inner}>
      {file === undefined ? (
        <Parts {...props} items={item.inner} />
      ) : (
        <SubagentFile {...props} file={file.name} agent={file.subagent} />
      )}
      {item.answer === '' ? null : <Markdown source={item.answer} headingOffset={3} />}
    </div>
  );
}

function SubagentFile(
  props: Omit<ConversationPartProps, 'item'> & {
    readonly file: string;
    readonly agent: string | null;
  },
) {
  const read = useConversation(props.session, props.file, 0);
  // In its own file it is the speaker.
  const items = useMemo(
    () =>
      conversationItems(
        read.events.map((event) => (event.by === props.agent ? { ...event, by: null } : event)),
      ),
    [read.events, props.agent],
  );
  return (
    <>
      <Parts {...props} items={items} />
      {read.error === null ? null : <Problem error={read.error.error} />}
      {read.loading ? <Skeleton lines={2} label={words.loading} /> : null}
      {read.hasMore && !read.loading ? <Button onClick={read.more}>{words.more}</Button> : null}
    </>
  );
}

function Parts(props: Omit<ConversationPartProps, 'item'> & { readonly items: readonly ConversationItem[] }) {
  const { items, found } = props;
  return items.map((item) => (
    <ConversationPart
      key={item.key}
      {...props}
      item={item}
      found={found !== null && holdsWords(item, found) ? found : null}
    />
  ));
}
