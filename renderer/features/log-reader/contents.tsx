import { memo, useMemo } from 'react';
import { formatCount } from '../../../shared/format/amount.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import { cx, Icon } from '../../ui/icon.tsx';
import type { DocumentSection } from '../../ui/markdown/log-document.ts';
import styles from './contents.module.css';

export interface ContentsProps {
  readonly sections: readonly DocumentSection[];
  /** Index of a section replaced by the card at the top; -1 for none. */
  readonly hidden: number;
  /** Index of the current section; -1 above the first. */
  readonly active: number;
  readonly onGo: (section: number) => void;
}

const MOST = 400;
const DEEPEST = 3;

/** A log's headings, for navigation. */
export const Contents = memo(function Contents(props: ContentsProps) {
  const { sections, hidden, active, onGo } = props;
  const entries = useMemo(
    () =>
      sections
        .map((section, index) => ({ section, index }))
        .filter(
          ({ section, index }) =>
            section.level <= DEEPEST &&
            index !== hidden &&
            !(index === 0 && section.level === 1) &&
            section.title !== '',
        ),
    [sections, hidden],
  );
  const shown = entries.slice(0, MOST);
  const current = shown.findLast(({ index }) => index <= active)?.index;
  if (entries.length === 0) return null;
  return (
    <nav className={styles.contents} data-print="none" aria-label={en.reader.contents}>
      <h3>{en.reader.contents}</h3>
      <ol>
        {shown.map(({ section, index }) => (
          <li key={index}>
            <button
              type="button"
              className={cx(styles.entry, section.level === 3 && styles.deeper)}
              aria-current={index === current ? 'location' : undefined}
              onClick={() => onGo(index)}
            >
              <span>{visibleLine(section.title)}</span>
              {section.secret ? <Icon name="lock" /> : null}
              {section.note === null ? null : <Icon name="notes" />}
            </button>
          </li>
        ))}
      </ol>
      {entries.length > MOST ? <p>{en.sync.andMore(formatCount(entries.length - MOST))}</p> : null}
    </nav>
  );
});
