import { dateTime, longDay } from '../../../shared/format/time.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { InboxNote } from '../../../shared/ipc/payloads.ts';
import { useAction } from '../../data/call.ts';
import { useGo } from '../../data/use-route.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Badge } from '../../ui/indicator.tsx';
import { Markdown } from '../../ui/markdown/block.tsx';
import { useMarkdownActions } from '../../ui/markdown/markdown-actions.ts';
import { useToast } from '../../ui/toaster.tsx';
import styles from './note-reader.module.css';
import { useToastFailure } from '../../ui/remedy.tsx';

/** A whole note, who has read it, and its actions. */
export function NoteReader(props: { readonly note: InboxNote; readonly timeZone: string }) {
  const { note } = props;
  return (
    <article className={styles.note} aria-label={en.notes.quoted(visibleLine(note.from), note.date)}>
      <header className={styles.header}>
        <div>
          <h2>{en.notes.from(visibleLine(note.from))}</h2>
          <p>
            {en.notes.to(visibleLine(note.to))} · {longDay(note.date)} ·{' '}
            {note.commit === undefined
              ? en.notes.on(visibleLine(note.host), note.machine.slice(0, 8))
              : en.notes.committed(visibleLine(note.commit.author), note.commit.hash)}
          </p>
          {note.newSender ? <p>{en.notes.newSender}</p> : null}
        </div>
        <Badge tone={note.state === 'unread' ? 'note' : note.state === 'done' ? 'good' : 'plain'}>
          {en.notes.states[note.state]}
        </Badge>
      </header>
      <NoteActions note={note} />
      <blockquote className={styles.text} title={en.notes.quotedHelp}>
        <Markdown source={note.text} headingOffset={2} />
        {note.truncated ? <p className={styles.truncated}>{en.notes.truncated}</p> : null}
      </blockquote>
      <Receipts note={note} timeZone={props.timeZone} />
    </article>
  );
}

function NoteActions(props: { readonly note: InboxNote }) {
  const { note } = props;
  const go = useGo();
  const toast = useToast();
  const { onCopy } = useMarkdownActions();
  const failed = useToastFailure();
  const reopen = useAction('notes.reopen', { onFailed: failed });
  const done = useAction('notes.markDone', {
    onFailed: failed,
    onDone: () =>
      toast({
        tone: 'success',
        title: en.notes.markedDone,
        action: { label: en.notes.undo, run: () => reopen.mutate({ notes: [note.hash] }) },
      }),
  });
  const isMine = note.state === 'unread' || note.state === 'read';
  return (
    <div className={styles.actions}>
      {isMine ? (
        <Button
          tone="primary"
          icon="check"
          busy={done.isPending}
          onClick={() => done.mutate({ notes: [note.hash] })}
        >
          {en.notes.markDone}
        </Button>
      ) : null}
      {note.state === 'done' ? (
        <Button icon="refresh" busy={reopen.isPending} onClick={() => reopen.mutate({ notes: [note.hash] })}>
          {en.notes.reopen}
        </Button>
      ) : null}
      <Button icon="logs" onClick={() => go({ view: 'logs', log: note.log, line: note.line })}>
        {en.notes.openLog}
      </Button>
      <Button tone="quiet" icon="copy" onClick={() => onCopy(note.text, en.notes.noteText)}>
        {en.notes.copy}
      </Button>
    </div>
  );
}

function Receipts(props: { readonly note: InboxNote; readonly timeZone: string }) {
  const { note } = props;
  if (note.receipts.length === 0 && note.state !== 'sent') return null;
  return (
    <section className={styles.receipts}>
      <h3>{en.notes.receipts}</h3>
      {note.receipts.length === 0 ? <p>{en.notes.noReceipts}</p> : null}
      <ul>
        {note.receipts.map((receipt) => {
          const say = receipt.state === 'done' ? en.notes.receiptDone : en.notes.receipt;
          return (
            <li key={`${receipt.reader} ${receipt.machine} ${receipt.state}`}>
              <Icon name={receipt.state === 'done' ? 'check' : 'eye'} />
              {say(
                visibleLine(receipt.reader),
                visibleLine(receipt.host),
                dateTime(receipt.at, props.timeZone),
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
