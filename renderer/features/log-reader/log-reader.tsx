import { useImperativeHandle, useMemo, useRef, useState, type Ref } from 'react';
import type { LogId } from '../../../shared/domain/ids.ts';
import { readLogText } from '../../../shared/domain/log-text.ts';
import { formatBytes } from '../../../shared/format/amount.ts';
import { logTitle } from '../../../shared/format/log-title.ts';
import { en } from '../../../shared/i18n/en.ts';
import { useLogText, type LoadedLog } from '../../data/use-log-text.ts';
import { Button } from '../../ui/button.tsx';
import { readDocument } from '../../ui/markdown/log-document.ts';
import { Callout, EmptyState, ProblemState, Skeleton } from '../../ui/state.tsx';
import { LogBody, type LogBodyHandle } from './log-body.tsx';
import styles from './log-reader.module.css';
import { PullState, StaleCallout } from './pull-state.tsx';
import { ReaderBar } from './reader-bar.tsx';

export interface LogReaderHandle {
  focus(): void;
  find(): void;
  toggleRaw(): void;
}

export interface LogReaderProps {
  readonly log: LogId | null;
  /** A line to go to, 1-based; each new `jump` goes there again. */
  readonly line: number | null;
  readonly timeZone: string;
  /** Escape: back to the list. */
  readonly onLeave: () => void;
  readonly onLookInStore: () => void;
  readonly ref?: Ref<LogReaderHandle>;
}

/** The pane in which a log is read. */
export function LogReader(props: LogReaderProps) {
  const { log: id } = props;
  const { log, error, loading, retry } = useLogText(id);
  if (id === null)
    return (
      <EmptyState icon="logs" title={en.logs.chooseTitle}>
        {en.logs.chooseBody}
      </EmptyState>
    );
  if (log === null && error !== null) return <Failed {...props} error={error} onRetry={retry} />;
  if (log === null || loading) return <Waiting />;
  if (log.state === 'not-pulled') return <PullState row={log.row} timeZone={props.timeZone} />;
  // A log of its own starts at its top, with nothing revealed and nothing searched for.
  return <OpenLog key={id} {...props} loaded={log} />;
}

function Failed(
  props: LogReaderProps & {
    readonly error: Parameters<typeof ProblemState>[0]['error'];
    readonly onRetry: () => void;
  },
) {
  if (props.error.code === 'not-found')
    return (
      <EmptyState
        icon="search"
        title={en.reader.goneTitle}
        actions={
          <Button icon="download" onClick={props.onLookInStore}>
            {en.commands.index}
          </Button>
        }
      >
        {en.reader.goneBody}
      </EmptyState>
    );
  return (
    <ProblemState
      error={props.error}
      actions={<Button onClick={props.onRetry}>{en.common.tryAgain}</Button>}
    />
  );
}

function Waiting() {
  return (
    <div className={styles.waiting}>
      <Skeleton lines={9} />
    </div>
  );
}

type Loaded = Extract<LoadedLog, { readonly state: 'here' }>;

function OpenLog(props: LogReaderProps & { readonly loaded: Loaded }) {
  const { loaded } = props;
  const { row, text } = loaded;
  const body = useRef<LogBodyHandle>(null);
  const [raw, setRaw] = useState(false);
  const [contents, setContents] = useState(true);
  const document = useMemo(() => readDocument(text), [text]);
  const about = useMemo(() => readLogText(text, row.path), [text, row.path]);
  // One session of a daily log is not what that file begins with.
  const title = logTitle(row.kind === 'daily' ? row : { ...row, title: about.title ?? row.title });
  useImperativeHandle(props.ref, () => ({
    focus: () => body.current?.focus(),
    find: () => body.current?.find(),
    toggleRaw: () => setRaw((now) => !now),
  }));
  return (
    <article className={styles.reader} aria-label={title}>
      <ReaderBar
        row={row}
        title={title}
        text={text}
        raw={raw}
        onRaw={setRaw}
        contents={contents}
        onContents={document.sections.length > 1 && !raw ? setContents : null}
        onFind={() => body.current?.find()}
        line={props.line}
      />
      {row.stale ? <StaleCallout row={row} /> : null}
      {loaded.complete ? null : <TooLong shown={text.length} size={loaded.size} />}
      {text.trim() === '' ? (
        <EmptyState icon="logs" title={en.reader.emptyTitle}>
          {en.reader.emptyBody}
        </EmptyState>
      ) : (
        <LogBody
          ref={body}
          document={document}
          about={about}
          row={row}
          title={title}
          raw={raw}
          contents={contents}
          line={props.line}
          timeZone={props.timeZone}
          onLeave={props.onLeave}
          onRaw={() => setRaw((now) => !now)}
        />
      )}
    </article>
  );
}

function TooLong(props: { readonly shown: number; readonly size: number }) {
  return (
    <Callout
      tone="wait"
      icon="info"
      title={en.reader.tooLong(formatBytes(props.shown), formatBytes(props.size))}
    >
      {en.reader.tooLongBody}
    </Callout>
  );
}
