import { Fragment, type ReactNode } from 'react';
import { visibleLine } from '../../shared/format/visible-text.ts';
import styles from './marked-text.module.css';

/**
 * A line with ranges highlighted, as elements: no text becomes markup.
 * @param marks offsets in UTF-16 units, sorted and disjoint; those outside the text are ignored
 */
export function MarkedText(props: {
  readonly text: string;
  readonly marks: readonly (readonly [start: number, end: number])[];
}) {
  const { text } = props;
  let at = beginning(text, props.marks[0]?.[0] ?? 0);
  const parts: ReactNode[] = at === 0 ? [] : ['…'];
  for (const [start, end] of props.marks) {
    if (start < at || end <= start || end > text.length) continue;
    parts.push(
      <Fragment key={start}>
        {visibleLine(text.slice(at, start))}
        <mark className={styles.mark}>{visibleLine(text.slice(start, end))}</mark>
      </Fragment>,
    );
    at = end;
  }
  return (
    <>
      {parts}
      {visibleLine(text.slice(at))}
    </>
  );
}

/** Maximum characters before the first mark: in a narrow list more would push it out of sight. */
const LEAD = 24;

/** Where to start the text so that its first mark is visible: at a word. */
function beginning(text: string, mark: number): number {
  if (mark <= LEAD * 1.5) return 0;
  const space = text.indexOf(' ', mark - LEAD);
  return space === -1 || space >= mark ? mark : space + 1;
}
