import { formatBytes, formatCount } from '../../../shared/format/amount.ts';
import { ago, until } from '../../../shared/format/time.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { Operation } from '../../../shared/ipc/operation.ts';
import { progressOf, useOperation } from '../../data/use-operation.ts';
import { Button } from '../../ui/button.tsx';
import { ProgressBar } from '../../ui/indicator.tsx';
import styles from './sync-view.module.css';

/** A running operation: what, how far, and a way to stop it. */
export function RunningOperation(props: {
  readonly operation: Operation;
  readonly now: number;
  readonly onCancel: (id: string) => void;
}) {
  // The status says that it runs; its progress is updated more often than the status.
  const operation = useOperation(props.operation.id).running ?? props.operation;
  const { waitingFor, total, bytesTotal } = operation;
  return (
    <div className={styles.operation}>
      <div className={styles.operationHead}>
        <strong>{en.sync.kinds[operation.kind]}</strong>
        <span>{operation.cancelling ? en.sync.cancelling : en.sync.phases[operation.phase]}</span>
        <span className={styles.amount}>
          {total === null ? '' : en.sync.progress(formatCount(operation.done), formatCount(total))}
          {bytesTotal === null || bytesTotal === 0 ? '' : ` · ${formatBytes(operation.bytesDone)}`}
        </span>
        <Button size="small" disabled={operation.cancelling} onClick={() => props.onCancel(operation.id)}>
          {en.sync.cancel}
        </Button>
      </div>
      <ProgressBar label={en.sync.kinds[operation.kind]} value={progressOf(operation)} />
      {operation.current === null ? null : <p className={styles.current}>{visibleLine(operation.current)}</p>}
      {waitingFor === null ? null : (
        <p>
          {en.sync.deferredBy(visibleLine(waitingFor.who), visibleLine(waitingFor.host), waitingFor.pid)}
          {'. '}
          {en.sync.deferredDoing(visibleLine(waitingFor.doing), ago(waitingFor.since, props.now))}
          {waitingFor.retryAt === null
            ? ''
            : ` ${en.sync.deferredRetry(until(waitingFor.retryAt, props.now))}`}
        </p>
      )}
    </div>
  );
}
