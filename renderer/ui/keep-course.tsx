import { formatCount } from '../../shared/format/amount.ts';
import { en } from '../../shared/i18n/en.ts';
import type { AppError } from '../../shared/app-error.ts';
import type { FinishedOperation, Operation } from '../../shared/ipc/operation.ts';
import { Button } from './button.tsx';
import { ProgressBar } from './indicator.tsx';
import styles from './keep-course.module.css';
import { Problem } from './state.tsx';

const words = en.sessions;

export interface Keeping {
  readonly busy: boolean;
  readonly running: Operation | null;
  /** From 0 to 1; null while its size is unknown. */
  readonly progress: number | null;
  readonly finished: FinishedOperation | null;
  readonly problem: AppError | null;
  readonly cancel: (() => void) | null;
}

/** Progress of keeping sessions, with a way to stop it, and its result; nothing before the start. */
export function KeepCourse(props: { readonly keep: Keeping }) {
  const { keep } = props;
  if (keep.busy) {
    const { running } = keep;
    const isStopping = running?.cancelling === true;
    return (
      <div className={styles.course}>
        <ProgressBar label={words.keeping} value={keep.progress} />
        <p role="status">
          {isStopping ? en.sync.cancelling : en.sync.phases[running?.phase ?? 'queued']}
          {running === null || running.total === null
            ? ''
            : ` · ${en.sync.progress(formatCount(running.done), formatCount(running.total))}`}
        </p>
        <Button size="small" disabled={keep.cancel === null || isStopping} onClick={keep.cancel ?? undefined}>
          {en.common.cancel}
        </Button>
      </div>
    );
  }
  const { finished, problem } = keep;
  return (
    <>
      {problem === null ? null : <Problem error={problem} title={words.keepFailed} />}
      {finished === null || finished.outcome === 'failed' ? null : (
        <p role="status">{finished.outcome === 'cancelled' ? words.keepStopped : keptWords(finished)}</p>
      )}
    </>
  );
}

function keptWords({ summary }: FinishedOperation): string {
  return words.kept(summary.captured ?? 0, summary.rescued ?? 0);
}
