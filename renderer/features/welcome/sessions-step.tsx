import { useState } from 'react';
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

/** Sessions that agents still have, and keeping them all. */
function useKeepAll() {
  const found = useCall('sessions.list', { offset: 0, limit: 1 });
  const editor = useSettings();
  const keep = useKeepSessions();
  const sums = found.data?.sums;
  return {
    found,
    keep,
    sums,
    isFound: sums !== undefined && sums.total > 0,
    isKept: keep.finished !== null && keep.problem === null && keep.finished.outcome !== 'cancelled',
    busy: keep.busy || editor.saving,
    mode: editor.view?.settings.capture.mode ?? null,
    refused: Object.values(editor.errors)[0],
    // Keeping them once turns it on for good: otherwise the next ones would be lost as these would have been.
    start: (): void => editor.change({ capture: { mode: 'on' } }, () => keep.start('all')),
  };
}

type KeepAll = ReturnType<typeof useKeepAll>;

/** Already on the first page, if an agent has left sessions and nothing is kept yet: one button from there to a list full of logs. */
export function SessionsFirst(props: { readonly onOpen: () => void }) {
  const all = useKeepAll();
  const [isOffered, setOffered] = useState(false);
  if (all.isFound && all.mode === 'off' && !isOffered) setOffered(true);
  if (!isOffered) return null;
  return (
    <section className={styles.offer} aria-label={words.sessionsTitle}>
      <About all={all} />
      <div className={styles.buttons}>
        {all.isKept ? (
          <Button tone="primary" onClick={props.onOpen}>
            {words.finish}
          </Button>
        ) : (
          <KeepButton all={all} />
        )}
      </div>
    </section>
  );
}

/** Sessions that agents still have, and the one button that keeps them before they are deleted. */
export function SessionsStep(props: { readonly onBack: () => void; readonly onNext: () => void }) {
  const all = useKeepAll();
  const { found, sums } = all;
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
      {sums?.total === 0 ? <p>{words.sessionsNone}</p> : null}
      <About all={all} />
      <div className={styles.buttons}>
        <Button onClick={props.onBack}>{words.back}</Button>
        {all.isFound && !all.isKept ? (
          <>
            <Button onClick={props.onNext}>{all.keep.busy ? words.next : words.sessionsLater}</Button>
            <KeepButton all={all} />
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

function KeepButton({ all }: { readonly all: KeepAll }) {
  return (
    <Button tone="primary" icon="download" busy={all.busy} onClick={all.start}>
      {words.sessionsKeep}
    </Button>
  );
}

function About({ all }: { readonly all: KeepAll }) {
  const { sums, keep, refused } = all;
  return (
    <>
      {sums === undefined || sums.total === 0 ? null : <Found sums={sums} />}
      <KeepCourse keep={keep} />
      {refused === undefined ? null : <p role="alert">{refused}</p>}
    </>
  );
}

function Found(props: { readonly sums: SessionSums }) {
  const { agents, due } = props.sums;
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
