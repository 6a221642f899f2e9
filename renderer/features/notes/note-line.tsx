import { plainWords } from '../../../shared/format/plain-words.ts';
import { shortDay } from '../../../shared/format/time.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { InboxNote } from '../../../shared/ipc/payloads.ts';
import { cx, Icon } from '../../ui/icon.tsx';
import { StateDot } from '../../ui/indicator.tsx';
import styles from './notes-view.module.css';

/** One note of the inbox, in two lines. */
export function NoteLine(props: {
  readonly id: string;
  readonly note: InboxNote;
  readonly active: boolean;
  readonly today: string;
  readonly onOpen: () => void;
}) {
  const { note, active } = props;
  const who = note.state === 'sent' ? `${en.notes.states.sent} ${en.notes.to(note.to)}` : note.from;
  return (
    // The surrounding listbox keeps the focus and the keyboard; lines only handle the pointer.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={props.id}
      role="option"
      aria-selected={active}
      className={cx(styles.line, active && styles.active, note.state === 'unread' && styles.unread)}
      onClick={props.onOpen}
    >
      <div className={styles.upper}>
        {note.state === 'unread' ? <StateDot tone="note" /> : null}
        <span className={styles.from}>{visibleLine(who)}</span>
        {note.state === 'done' ? <Icon name="check" label={en.notes.states.done} /> : null}
        {note.state === 'unread' ? <span className="visually-hidden">{en.notes.states.unread}</span> : null}
        <time dateTime={note.date}>{shortDay(note.date, props.today)}</time>
      </div>
      <p dir="auto">{visibleLine(plainWords(note.text))}</p>
    </div>
  );
}
