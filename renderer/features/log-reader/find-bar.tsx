import { useEffect, useRef, type KeyboardEvent } from 'react';
import { formatCount } from '../../../shared/format/amount.ts';
import { en } from '../../../shared/i18n/en.ts';
import { IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { MOST_MATCHES } from '../../ui/markdown/find.ts';
import styles from './find-bar.module.css';
import type { Find } from './use-find.ts';

/** The bar that finds words in the open log. */
export function FindBar(props: {
  readonly find: Find;
  readonly hidden: boolean;
  /** Opened by a search and not by a person who wants to type: the focus does not move. */
  readonly quiet: boolean;
  readonly onClose: () => void;
}) {
  const { find, onClose } = props;
  const box = useRef<HTMLInputElement>(null);
  const quiet = useRef(props.quiet);
  useEffect(() => {
    if (quiet.current) return;
    box.current?.focus();
    box.current?.select();
  }, []);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Enter') {
      event.preventDefault();
      find.move(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      onClose();
    }
  };
  return (
    <search className={styles.bar} data-print="none">
      <Icon name="search" />
      <input
        ref={box}
        type="text"
        value={find.words}
        aria-label={en.reader.findLabel}
        placeholder={en.reader.findLabel}
        spellCheck={false}
        onChange={(event) => find.setWords(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <span role="status" className={styles.count}>
        {countWords(find)}
        {props.hidden ? ` · ${en.reader.findHidden}` : ''}
      </span>
      <IconButton
        icon="chevron-up"
        label={en.reader.findPrevious}
        shortcut="Shift+Enter"
        onClick={() => find.move(-1)}
      />
      <IconButton
        icon="chevron-down"
        label={en.reader.findNext}
        shortcut="Enter"
        onClick={() => find.move(1)}
      />
      <IconButton icon="close" label={en.reader.findClose} shortcut="Esc" onClick={onClose} />
    </search>
  );
}

function countWords(find: Find): string {
  if (find.words.trim() === '') return '';
  if (find.matches.length === 0) return en.reader.findNone;
  if (find.matches.length >= MOST_MATCHES) return en.reader.findMany(formatCount(MOST_MATCHES));
  return en.reader.findCount(find.current + 1, find.matches.length);
}
