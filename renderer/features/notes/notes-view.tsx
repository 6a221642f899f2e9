import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { InboxNote } from '../../../shared/ipc/payloads.ts';
import { en } from '../../../shared/i18n/en.ts';
import { useAction, useCall } from '../../data/call.ts';
import { useGo } from '../../data/use-route.ts';
import { Button } from '../../ui/button.tsx';
import { Choice } from '../../ui/field.tsx';
import { useToastFailure } from '../../ui/remedy.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { EmptyState, ProblemState, Skeleton } from '../../ui/state.tsx';
import { useNarrow } from '../../ui/use-narrow.ts';
import { NoteLine } from './note-line.tsx';
import { NoteReader } from './note-reader.tsx';
import styles from './notes-view.module.css';

type Show = keyof typeof en.notes.show;
const SHOWS: readonly Show[] = ['unread', 'open', 'done', 'sent', 'all'];
const MOST = 500;
const EMPTY: Readonly<Record<Show, readonly [title: string, body: string]>> = {
  unread: [en.notes.emptyUnreadTitle, en.notes.emptyUnreadBody],
  open: [en.notes.emptyOpenTitle, en.notes.emptyUnreadBody],
  done: [en.notes.emptyDoneTitle, en.notes.emptyDoneBody],
  sent: [en.notes.emptySentTitle, en.notes.emptySentBody],
  all: [en.notes.emptyTitle, en.notes.emptyBody],
};

export interface NotesViewProps {
  /** Hash of the open note; null for none. */
  readonly note: string | null;
  readonly timeZone: string;
  readonly today: string;
}

/** The inbox: what people left for the reader in their logs. */
export function NotesView(props: NotesViewProps) {
  const go = useGo();
  const narrow = useNarrow();
  const [show, setShow] = useState<Show>('open');
  const list = useCall('notes.list', { show, limit: MOST }, { keepPrevious: true });
  const notes = list.data?.notes ?? [];
  // A linked note may be outside the current filter.
  const everything = useCall('notes.list', { show: 'all', limit: MOST }, { enabled: props.note !== null });
  const open = [...notes, ...(everything.data?.notes ?? [])].find((note) => note.hash === props.note) ?? null;
  useReading(open);
  const markRead = useAction('notes.markRead');
  const unread = notes.filter((note) => note.state === 'unread');
  const listPane = (
    <div className={styles.pane}>
      <header className={styles.header}>
        <div className={styles.titleLine}>
          <h2>{en.notes.title}</h2>
          {unread.length > 1 ? (
            <Button
              size="small"
              tone="quiet"
              icon="check"
              onClick={() => markRead.mutate({ notes: unread.map((note) => note.hash) })}
            >
              {en.notes.markAllRead}
            </Button>
          ) : null}
        </div>
        <p>{en.notes.intro}</p>
        <Choice
          label={en.notes.filter}
          value={show}
          options={SHOWS.map((value) => ({ value, label: en.notes.show[value] }))}
          onChange={setShow}
        />
      </header>
      {list.error !== null && list.data === undefined ? (
        <ProblemState
          error={list.error.error}
          actions={<Button onClick={() => void list.refetch()}>{en.common.tryAgain}</Button>}
        />
      ) : (
        <NoteList
          notes={notes}
          loading={list.data === undefined}
          show={show}
          open={props.note}
          today={props.today}
          onOpen={(note) =>
            go({ view: 'notes', note: note.hash }, props.note === null ? undefined : 'replace')
          }
        />
      )}
    </div>
  );
  const readerPane = (
    <div className={styles.reader}>
      {narrow ? (
        <Button tone="quiet" icon="chevron-left" onClick={() => go({ view: 'notes' })}>
          {en.logs.back}
        </Button>
      ) : null}
      {open === null ? (
        <EmptyState icon="notes" title={en.notes.chooseTitle}>
          {en.notes.chooseBody}
        </EmptyState>
      ) : (
        <NoteReader key={open.hash} note={open} timeZone={props.timeZone} />
      )}
    </div>
  );
  if (narrow) return <div className={styles.view}>{props.note === null ? listPane : readerPane}</div>;
  return (
    <div className={styles.view}>
      <SplitPane name="notes" label={en.common.resizeList} initial={26} min={18} max={40}>
        {listPane}
      </SplitPane>
      {readerPane}
    </div>
  );
}

/** Opening a note marks it as read; its receipt is written once. */
function useReading(note: InboxNote | null): void {
  const { mutate } = useAction('notes.markRead', { onFailed: useToastFailure() });
  const sent = useRef<string | null>(null);
  useEffect(() => {
    if (note === null || note.state !== 'unread' || sent.current === note.hash) return;
    sent.current = note.hash;
    mutate({ notes: [note.hash] });
  }, [note, mutate]);
}

function NoteList(props: {
  readonly notes: readonly InboxNote[];
  readonly loading: boolean;
  readonly show: Show;
  readonly open: string | null;
  readonly today: string;
  readonly onOpen: (note: InboxNote) => void;
}) {
  const { notes, open, onOpen } = props;
  const list = useRef<HTMLDivElement>(null);
  const at = notes.findIndex((note) => note.hash === open);
  useEffect(() => {
    if (at >= 0) list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  if (props.loading)
    return (
      <div className={styles.waiting}>
        <Skeleton lines={8} />
      </div>
    );
  if (notes.length === 0) {
    const [title, body] = EMPTY[props.show];
    return (
      <EmptyState icon="notes" title={title}>
        {body}
      </EmptyState>
    );
  }
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = {
      ArrowDown: at + 1,
      j: at + 1,
      ArrowUp: at - 1,
      k: at - 1,
      Home: 0,
      End: notes.length - 1,
    }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    const note = notes[Math.min(notes.length - 1, Math.max(0, target))];
    if (note) onOpen(note);
  };
  return (
    <div
      ref={list}
      className={styles.list}
      role="listbox"
      tabIndex={0}
      aria-label={en.notes.list}
      aria-activedescendant={at === -1 ? undefined : `note-${at}`}
      onKeyDown={onKeyDown}
    >
      {notes.map((note, index) => (
        <NoteLine
          key={note.hash}
          id={`note-${index}`}
          note={note}
          active={index === at}
          today={props.today}
          onOpen={() => onOpen(note)}
        />
      ))}
    </div>
  );
}
