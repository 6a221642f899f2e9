import { formatCount } from '../../shared/format/amount.ts';
import { dateTime } from '../../shared/format/time.ts';
import { visibleLine } from '../../shared/format/visible-text.ts';
import { en } from '../../shared/i18n/en.ts';
import type { AppError } from '../../shared/app-error.ts';
import type { FinishedOperation, Operation } from '../../shared/ipc/operation.ts';
import styles from './keep-course.module.css';
import { Problem } from './state.tsx';
import { RunProgress } from './run-progress.tsx';

const words = en.sessions;

export interface Keeping {
  readonly busy: boolean;
  readonly running: Operation | null;
  /** From 0 to 1; null while its size is unknown. */
  readonly progress: number | null;
  readonly finished: FinishedOperation | null;
  /** A run from before, of which nobody saw the end here. */
  readonly last?: FinishedOperation | null;
  readonly problem: AppError | null;
  readonly cancel: (() => void) | null;
}

/** Progress of keeping sessions, with a way to stop it, and its result; nothing before the start. */
export function KeepCourse(props: { readonly keep: Keeping; readonly timeZone?: string }) {
  const { keep } = props;
  if (keep.busy)
    return (
      <RunProgress
        className={styles.course}
        label={words.keeping}
        running={keep.running}
        progress={keep.progress}
        cancel={keep.cancel}
      />
    );
  const { finished, problem, last } = keep;
  if (finished !== null || problem !== null || last === undefined || last === null)
    return <Ended finished={finished} problem={problem} when={null} />;
  const error = last.outcome === 'cancelled' ? null : last.error;
  return <Ended finished={last} problem={error} when={timeOf(last, props)} />;
}

function timeOf(
  { finishedAt }: FinishedOperation,
  { timeZone = 'UTC' }: { readonly timeZone?: string },
): string {
  return dateTime(finishedAt, timeZone);
}

/** @param props.when for a run that nobody followed here */
function Ended(props: {
  readonly finished: FinishedOperation | null;
  readonly problem: AppError | null;
  readonly when: string | null;
}) {
  const { finished, problem, when } = props;
  const said = finished === null || finished.outcome === 'failed' ? null : endWords(finished);
  return (
    <>
      {problem === null ? null : (
        <Problem error={problem} title={when === null ? words.keepFailed : words.keepFailedAt(when)}>
          {finished === null ? null : <Failed summary={finished.summary} />}
        </Problem>
      )}
      {said === null ? null : <p role="status">{when === null ? said : words.keptAt(when, said)}</p>}
    </>
  );
}

/** The sessions that could not be kept. */
function Failed({ summary }: { readonly summary: FinishedOperation['summary'] }) {
  const { failed, failedTotal } = summary;
  if (failed.length === 0) return null;
  return (
    <details className={styles.failed}>
      <summary>{words.failedSessions(failedTotal)}</summary>
      <ul>
        {failed.slice(0, SHOWN).map(({ path, error }) => (
          <li key={path}>
            <code>{visibleLine(path)}</code> {visibleLine(error.message)}
          </li>
        ))}
        {failedTotal > SHOWN ? <li>{words.andMore(formatCount(failedTotal - SHOWN))}</li> : null}
      </ul>
    </details>
  );
}

/** Failed sessions listed by name. */
const SHOWN = 20;

function endWords({ outcome, summary }: FinishedOperation): string {
  return outcome === 'cancelled'
    ? words.keepStopped
    : words.kept(summary.captured ?? 0, summary.rescued ?? 0);
}
