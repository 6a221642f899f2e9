import type { ReactNode } from 'react';
import { visibleText } from '../../../shared/format/visible-text.ts';
import { labelsIn } from '../../../shared/secrets/withhold.ts';
import { useMarkdownActions } from './markdown-actions.ts';
import styles from './markdown.module.css';

/** Log text, with its labels of secrets as buttons where there are actions for them. */
export function Labelled(props: { readonly text: string }): ReactNode {
  const { onLabel } = useMarkdownActions();
  const { text } = props;
  const labels = onLabel === undefined || !text.includes('[secret: ') ? [] : labelsIn(text);
  if (onLabel === undefined || labels.length === 0) return visibleText(text);
  let at = 0;
  const parts = labels.map((label) => {
    const before = visibleText(text.slice(at, label.start));
    at = label.end;
    return [
      before,
      // The button's text is that of the log, so that a search highlights it like any other.
      <button
        key={label.start}
        type="button"
        className={styles.label}
        data-secret-label=""
        aria-haspopup="dialog"
        onClick={(event) => onLabel(label, event.currentTarget)}
      >
        {text.slice(label.start, label.end)}
      </button>,
    ];
  });
  return [...parts, visibleText(text.slice(at))];
}
