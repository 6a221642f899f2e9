import { useImperativeHandle, useMemo, useRef, useState, type Ref, type RefObject } from 'react';
import type { LogId } from '../../../shared/domain/ids.ts';
import { readLogText } from '../../../shared/domain/log-text.ts';
import { formatBytes } from '../../../shared/format/amount.ts';
import { isPart, logTitle } from '../../../shared/format/log-title.ts';
import { en } from '../../../shared/i18n/en.ts';
import { useLogText, type ReadableLog } from '../../data/use-log-text.ts';
import { Button } from '../../ui/button.tsx';
import { readDocument, type LogDocument } from '../../ui/markdown/log-document.ts';
import { Callout, EmptyState, ProblemState, Skeleton } from '../../ui/state.tsx';
import { useInlineSize, useRootSize } from '../../ui/use-scroll-window.ts';
import { Contents } from './contents.tsx';
import { LogBody, type LogBodyHandle } from './log-body.tsx';
import styles from './log-reader.module.css';
import { PullState, StaleCallout } from './pull-state.tsx';
import { ReaderBar, type ContentsPlace } from './reader-bar.tsx';
import { userSection } from './reader-items.ts';
import { SecretLabels } from './secret-labels.tsx';
import { useEntered, type EnteredLog } from './use-entered.ts';
import { useLogActions } from './use-log-actions.ts';

export interface LogReaderHandle {
  find(): void;
  toggleRaw(): void;
  copyAll(): void;
  copyPath(): void;
}

export interface LogReaderProps {
  readonly log: LogId | null;
  /** This exact copy of a session instead of the fullest one. */
  readonly exact: boolean;
  /** A line to scroll to, 1-based; each new `jump` scrolls again. */
  readonly line: number | null;
  /** Words found by a search. */
  readonly marked: readonly string[] | null;
  /** A log that is only in the store is pulled at once: a person has opened it. */
  readonly pull: boolean;
  /** What Enter asked for; it gets the focus. */
  readonly entered: EnteredLog | null;
  readonly timeZone: string;
  /** Escape: back to the list. */
  readonly onLeave: () => void;
  readonly onLookInStore: () => void;
  readonly onOpenCopy: (copy: LogId) => void;
  readonly ref?: Ref<LogReaderHandle>;
}

/** The pane that shows a log. */
export function LogReader(props: LogReaderProps) {
  const { log: id } = props;
  const { log, error, loading, retry } = useLogText(id, props.exact);
  if (id === null)
    return (
      <EmptyState icon="logs" title={en.logs.chooseTitle}>
        {en.logs.chooseBody}
      </EmptyState>
    );
  if (log === null && error !== null) return <Failed {...props} error={error} onRetry={retry} />;
  if (log === null || loading) return <Waiting />;
  if (log.state === 'not-pulled')
    return (
      <PullState
        key={id}
        log={id}
        row={log.row}
        timeZone={props.timeZone}
        now={props.pull}
        entered={props.entered}
      />
    );
  // Another log starts at its top, with nothing revealed and no search.
  return <OpenLog key={`${id} ${props.exact}`} {...props} loaded={log} onChanged={retry} />;
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
            {en.logs.checkForNew}
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

function OpenLog(props: LogReaderProps & { readonly loaded: ReadableLog; readonly onChanged: () => void }) {
  const { loaded, exact, onChanged } = props;
  const { row, text } = loaded;
  const body = useRef<LogBodyHandle>(null);
  const article = useRef<HTMLElement>(null);
  const [raw, setRaw] = useState(false);
  const document = useMemo(() => readDocument(text), [text]);
  const about = useMemo(() => readLogText(text, fileName(loaded)), [text, loaded]);
  // A session of a daily log has another title than the beginning of that file.
  const title = logTitle(isPart(row) ? row : { ...row, title: about.title ?? row.title });
  const actions = useLogActions(
    loaded,
    props.line,
    document.sections.some(({ secret }) => secret),
  );
  const contents = useContents(article, document, raw, (section) => body.current?.goTo(section));
  const labelled = { id: props.log ?? row.id, exact, text, onChanged };
  useImperativeHandle(props.ref, () => ({
    find: () => body.current?.find(),
    toggleRaw: () => setRaw((now) => !now),
    copyAll: actions.copyAll,
    copyPath: actions.copyPath,
  }));
  useEntered(props.entered, props.log, () => body.current?.focus());
  return (
    <article ref={article} className={styles.reader} data-print="flow" aria-label={title}>
      <ReaderBar
        row={row}
        copy={props.exact ? props.log : null}
        title={title}
        file={loaded.file}
        raw={raw}
        onRaw={setRaw}
        contents={contents}
        onFind={() => body.current?.find()}
        onOpenCopy={props.onOpenCopy}
        actions={actions}
      />
      {row.stale ? <StaleCallout row={row} /> : null}
      {loaded.complete ? null : <TooLong shown={text.length} size={loaded.size} />}
      {text.trim() === '' ? (
        <EmptyState icon="logs" title={en.reader.emptyTitle}>
          {en.reader.emptyBody}
        </EmptyState>
      ) : (
        <SecretLabels log={labelled}>
          <LogBody
            ref={body}
            document={document}
            about={about}
            row={row}
            title={title}
            raw={raw}
            contents={contents?.at === 'side' && contents.shown}
            line={props.line}
            marked={props.marked}
            timeZone={props.timeZone}
            onLeave={props.onLeave}
            onRaw={() => setRaw((now) => !now)}
          />
        </SecretLabels>
      )}
    </article>
  );
}

/** The name of the file read: a session of a daily log may be read from its own log elsewhere. */
function fileName({ file, row }: ReadableLog): string {
  return file.split(/[\\/]/).at(-1) ?? row.path;
}

/** Width in rem from which the contents fit beside the text. */
const SIDE_REM = 42;

/** Where the contents are shown; null if there are none. */
function useContents(
  article: RefObject<HTMLElement | null>,
  document: LogDocument,
  raw: boolean,
  onGo: (section: number) => void,
): ContentsPlace | null {
  const [shown, setShown] = useState(true);
  const wide = useInlineSize(article) >= SIDE_REM * useRootSize();
  if (raw || document.sections.length < 2) return null;
  if (wide) return { at: 'side', shown, onShow: setShown };
  return {
    at: 'popover',
    draw: (close) => (
      <Contents
        sections={document.sections}
        hidden={userSection(document)}
        active={-1}
        onGo={(section) => {
          close();
          onGo(section);
        }}
      />
    ),
  };
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
