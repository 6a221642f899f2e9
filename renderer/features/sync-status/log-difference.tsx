import { useState } from 'react';
import type { LogId } from '../../../shared/domain/ids.ts';
import { formatCount } from '../../../shared/format/amount.ts';
import { visibleText } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { OnlyInOne } from '../../../shared/ipc/payloads.ts';
import { useCall } from '../../data/call.ts';
import { FailureLine } from '../../ui/remedy.tsx';
import { Skeleton } from '../../ui/state.tsx';
import styles from './log-difference.module.css';

const words = en.sync.difference;

/** What only a log's backup has, and what only the file here: read before one of them replaces the other. */
export function LogDifference(props: { readonly log: LogId }) {
  const [open, setOpen] = useState(false);
  return (
    <details className={styles.difference} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{words.show}</summary>
      {open ? <Passages log={props.log} /> : null}
    </details>
  );
}

function Passages(props: { readonly log: LogId }) {
  const { data, error } = useCall('logs.compare', { id: props.log });
  if (error !== null && data === undefined) return <FailureLine error={error.error} />;
  if (data === undefined) return <Skeleton lines={4} label={words.loading} />;
  if (data.inBackup.lines + data.here.lines === 0) return <p>{words.same}</p>;
  return (
    <>
      <Passage title={words.inBackup} passage={data.inBackup} />
      <Passage title={words.here} passage={data.here} />
    </>
  );
}

function Passage(props: { readonly title: (lines: string) => string; readonly passage: OnlyInOne }) {
  const { lines, text, more } = props.passage;
  if (lines === 0) return null;
  const title = props.title(words.lines(formatCount(lines)));
  return (
    <figure>
      <figcaption>{title}</figcaption>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, also by keyboard */}
      <pre tabIndex={0} role="group" aria-label={title}>
        {visibleText(text)}
      </pre>
      {more ? <p>{words.more}</p> : null}
    </figure>
  );
}
