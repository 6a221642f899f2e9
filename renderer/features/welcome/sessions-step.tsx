import { en } from '../../../shared/i18n/en.ts';
import { AGENT_NAMES } from '../../../shared/transcripts/agents.ts';
import type { SessionSums } from '../../../shared/transcripts/session-list.ts';
import { useCall } from '../../data/call.ts';
import { useKeepSessions } from '../../data/use-keep-sessions.ts';
import { useSettings } from '../../data/use-settings.ts';
import { Button } from '../../ui/button.tsx';
import { KeepCourse } from '../../ui/keep-course.tsx';
import { Problem, Skeleton } from '../../ui/state.tsx';
import styles from './welcome-view.module.css';

const words = en.welcome;

/** Sessions that agents have kept so far, and the one button that keeps them before they are deleted. */
export function SessionsStep(props: { readonly onBack: () => void; readonly onNext: () => void }) {
  const found = useCall('sessions.list', { offset: 0, limit: 1 });
  const editor = useSettings();
  const keep = useKeepSessions();
  const sums = found.data?.sums;
  const isFound = sums !== undefined && sums.total > 0;
  const isKept = keep.finished !== null && keep.problem === null && keep.finished.outcome !== 'cancelled';
  const refused = Object.values(editor.errors)[0];
  // What is kept once is kept from then on: else the next ones would be lost as these would have been.
  const start = (): void => editor.change({ capture: { mode: 'on' } }, () => keep.start('all'));
  return (
    <section className={styles.form}>
      <h3>{words.sessionsTitle}</h3>
      {found.isPending ? <Skeleton lines={3} label={words.sessionsLooking} /> : null}
      {found.error === null ? null : (
        <Problem
          error={found.error.error}
          actions={<Button onClick={() => void found.refetch()}>{en.common.tryAgain}</Button>}
        />
      )}
      {sums === undefined ? null : <Found sums={sums} />}
      <KeepCourse keep={keep} />
      {refused === undefined ? null : <p role="alert">{refused}</p>}
      <div className={styles.buttons}>
        <Button onClick={props.onBack}>{words.back}</Button>
        {isFound && !isKept ? (
          <>
            <Button onClick={props.onNext}>{keep.busy ? words.next : words.sessionsLater}</Button>
            <Button tone="primary" icon="download" busy={keep.busy || editor.saving} onClick={start}>
              {words.sessionsKeep}
            </Button>
          </>
        ) : (
          <Button tone="primary" onClick={props.onNext}>
            {words.next}
          </Button>
        )}
      </div>
    </section>
  );
}

function Found(props: { readonly sums: SessionSums }) {
  const { agents, due, total } = props.sums;
  if (total === 0) return <p>{words.sessionsNone}</p>;
  const parts = agents.map(({ agent, sessions }) => words.sessionsOf(sessions, AGENT_NAMES[agent]));
  return (
    <>
      <p>
        <strong>{words.sessionsFound(new Intl.ListFormat('en').format(parts))}</strong>{' '}
        {due === 0 ? '' : words.sessionsDue(due)}
      </p>
      <p>{words.sessionsBody}</p>
    </>
  );
}
