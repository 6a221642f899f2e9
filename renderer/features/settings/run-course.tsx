import { formatCount } from '../../../shared/format/amount.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { SealingRun } from '../../data/use-sealing-run.ts';
import { Button } from '../../ui/button.tsx';
import { ProgressBar } from '../../ui/indicator.tsx';
import { Problem } from '../../ui/state.tsx';
import styles from './readers-page.module.css';

/** Progress, with a way to stop it, and any failure; nothing before the start. */
export function RunCourse(props: {
  readonly run: SealingRun;
  readonly label: string;
  readonly failed: string;
}) {
  const { busy, running, progress, problem, cancel } = props.run;
  if (!busy) return problem === null ? null : <Problem error={problem} title={props.failed} />;
  const isStopping = running?.cancelling === true;
  return (
    <div className={styles.course}>
      <ProgressBar label={props.label} value={progress} />
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
