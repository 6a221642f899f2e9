import { Problem } from '../../ui/state.tsx';
import { RunProgress } from '../../ui/run-progress.tsx';
import type { FollowedRun } from '../../data/use-followed.ts';
import styles from './readers-page.module.css';

/** Progress, with a way to stop it, and any failure; nothing before the start. */
export function RunCourse(props: {
  readonly run: FollowedRun;
  readonly label: string;
  readonly failed: string;
}) {
  const { busy, running, progress, problem, cancel } = props.run;
  if (!busy) return problem === null ? null : <Problem error={problem} title={props.failed} />;
  return (
    <RunProgress
      className={styles.course}
      label={props.label}
      running={running}
      progress={progress}
      cancel={cancel}
    />
  );
}
