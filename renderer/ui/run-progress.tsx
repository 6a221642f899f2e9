import { formatCount } from '../../shared/format/amount.ts';
import { en } from '../../shared/i18n/en.ts';
import type { Operation } from '../../shared/ipc/operation.ts';
import { Button } from './button.tsx';
import { ProgressBar } from './indicator.tsx';

/** Progress of an operation, with a way to stop it. */
export function RunProgress(props: {
  readonly label: string;
  /** Null until it is known. */
  readonly running: Operation | null;
  /** From 0 to 1; null while its size is unknown. */
  readonly progress: number | null;
  /** Null until it has started. */
  readonly cancel: (() => void) | null;
  readonly className?: string | undefined;
}) {
  const { running, cancel } = props;
  const isStopping = running?.cancelling === true;
  return (
    <div className={props.className}>
      <ProgressBar label={props.label} value={props.progress} />
      <p role="status">
        {isStopping ? en.sync.cancelling : en.sync.phases[running?.phase ?? 'queued']}
        {running === null || running.total === null
          ? ''
          : ` · ${en.sync.progress(formatCount(running.done), formatCount(running.total))}`}
      </p>
      <Button size="small" disabled={cancel === null || isStopping} onClick={cancel ?? undefined}>
        {en.common.cancel}
      </Button>
    </div>
  );
}
