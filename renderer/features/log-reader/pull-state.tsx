import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { AppError } from '../../../shared/app-error.ts';
import type { LogId } from '../../../shared/domain/ids.ts';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import { formatBytes } from '../../../shared/format/amount.ts';
import { longDay } from '../../../shared/format/time.ts';
import { logTitle } from '../../../shared/format/log-title.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import { useAction } from '../../data/call.ts';
import { useStatus } from '../../data/use-status.ts';
import { progressOf, useOperation } from '../../data/use-operation.ts';
import { Button } from '../../ui/button.tsx';
import { ProgressBar } from '../../ui/indicator.tsx';
import { Callout, EmptyState, Problem } from '../../ui/state.tsx';
import styles from './pull-state.module.css';
import { useEntered, type EnteredLog } from './use-entered.ts';

/** Pulling one log: start, progress, cancel, and failure. */
function usePull(row: LogRow) {
  const [operation, setOperation] = useState<string | null>(null);
  const [refused, setRefused] = useState<AppError | null>(null);
  const pull = useAction('logs.pull', {
    onDone: (started) => setOperation(started.operation),
    onFailed: setRefused,
  });
  const cancel = useAction('operations.cancel');
  const { running, finished } = useOperation(operation);
  const over = finished !== null && finished.outcome !== 'done';
  return {
    running,
    busy: pull.isPending || running !== null || (operation !== null && finished === null),
    // A single failed log has its reason in the summary.
    error: refused ?? (over ? (finished.error ?? finished.summary.failed[0]?.error ?? null) : null),
    cancelled: finished?.outcome === 'cancelled',
    start: () => {
      setRefused(null);
      pull.mutate({ ids: [row.id] });
    },
    cancel: () => {
      if (operation !== null) cancel.mutate({ operation });
    },
  };
}

/** Bytes up to which a log is pulled when opened: less than the page around it. */
const SMALL = 64 * 1024;
/** Moving through the list with J and K passes most logs faster than this. */
const REST_MS = 300;

/** Pulls automatically, once: what a person has opened from a search, and a small log on which they rest while the store is reachable. */
function useBeginning(row: LogRow, now: boolean, start: () => void): void {
  const status = useStatus();
  const reachable = status !== null && status.stores.every((store) => store.reachable !== false);
  const begun = useRef(false);
  const begin = useEffectEvent(() => {
    if (begun.current) return;
    begun.current = true;
    start();
  });
  const rested = reachable && row.size <= SMALL;
  useEffect(() => {
    if (now) begin();
    if (now || !rested) return undefined;
    const timer = setTimeout(() => begin(), REST_MS);
    return () => clearTimeout(timer);
  }, [now, rested]);
}

/** Replaces a log whose bytes are only in the store. */
export function PullState(props: {
  readonly log: LogId;
  readonly row: LogRow;
  readonly timeZone: string;
  /** Pulls it without waiting for the button. */
  readonly now: boolean;
  readonly entered: EnteredLog | null;
}) {
  const { row, now } = props;
  const pull = usePull(row);
  useBeginning(row, now, pull.start);
  const button = useRef<HTMLButtonElement>(null);
  useEntered(props.entered, props.log, () => button.current?.focus());
  return (
    <EmptyState
      icon="store"
      title={visibleLine(logTitle(row))}
      actions={
        pull.busy ? (
          <Button ref={button} onClick={pull.cancel}>
            {en.reader.cancelPull}
          </Button>
        ) : (
          <Button ref={button} tone="primary" icon="download" onClick={pull.start}>
            {en.reader.pull}
          </Button>
        )
      }
    >
      <p className={styles.facts}>
        {visibleLine(
          [row.author ?? row.user, longDay(row.date), row.project ?? row.client].filter(Boolean).join(' · '),
        )}
      </p>
      <p>
        <strong>{en.reader.notPulledTitle}.</strong>{' '}
        {en.reader.notPulledBody(visibleLine(row.host), formatBytes(row.size))}
      </p>
      <div className={styles.course} aria-live="polite">
        {pull.busy ? (
          <>
            <ProgressBar
              label={en.reader.pulling}
              value={pull.running === null ? null : progressOf(pull.running)}
            />
            <span>
              {en.sync.phases[pull.running?.phase ?? 'queued']}
              {pull.running !== null && pull.running.bytesTotal !== null
                ? ` · ${en.sync.progress(formatBytes(pull.running.bytesDone), formatBytes(pull.running.bytesTotal))}`
                : ''}
            </span>
          </>
        ) : null}
        {pull.cancelled ? <span>{en.reader.pullCancelled}</span> : null}
        {pull.error !== null && !pull.cancelled ? (
          <Problem error={pull.error} title={en.reader.pullFailed} />
        ) : null}
      </div>
    </EmptyState>
  );
}

/** Reports, above the open log, that the store has a newer version. */
export function StaleCallout(props: { readonly row: LogRow }) {
  const pull = usePull(props.row);
  return (
    <div className={styles.stale}>
      <Callout
        tone="wait"
        icon="clock"
        title={en.reader.staleTitle}
        actions={
          <Button size="small" icon="download" busy={pull.busy} onClick={pull.start}>
            {en.reader.pullAgain}
          </Button>
        }
      >
        {en.reader.staleBody}
      </Callout>
      {pull.error === null ? null : <Problem error={pull.error} title={en.reader.pullFailed} />}
    </div>
  );
}
