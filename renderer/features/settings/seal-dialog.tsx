import { useState } from 'react';
import { plural } from '../../../shared/format/amount.ts';
import { en } from '../../../shared/i18n/en.ts';
import { useAction } from '../../data/call.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useMarkdownActions } from '../../ui/markdown/markdown-actions.ts';
import type { FollowedRun } from '../../data/use-followed.ts';
import styles from './readers-page.module.css';
import { RunCourse } from './run-course.tsx';

const words = en.readers;

/** What to seal: the store for the first time, the rest, or nothing (only a new recovery key). Or unsealing. */
export type SealWhat = 'store' | 'rest' | 'recovery' | 'unseal';

const SEALING = { label: words.sealing, failed: words.sealFailed, done: words.sealed };
const WORDS = {
  store: { ...SEALING, title: words.sealTitle, points: words.sealPoints, action: words.sealAction },
  rest: { ...SEALING, title: words.sealRestTitle, points: words.sealRestPoints, action: words.sealAction },
  recovery: {
    ...SEALING,
    title: words.sealRecoveryTitle,
    points: () => words.recoveryPoints,
    action: words.makeAction,
  },
  unseal: {
    title: words.unsealTitle,
    points: words.unsealPoints,
    action: words.unsealAction,
    label: words.unsealing,
    failed: words.unsealFailed,
    done: words.unsealed,
  },
};

/** What sealing does, before it starts; its progress; its result. It continues when the dialog is closed. */
export function SealDialog(props: {
  readonly what: SealWhat;
  /** Number of objects concerned. */
  readonly count: number;
  readonly run: FollowedRun;
  readonly onStart: () => void;
  readonly onClose: () => void;
}) {
  const { what, run } = props;
  const { title, points, action, label, failed, done } = WORDS[what];
  const [begun, setBegun] = useState(false);
  const isOver = begun && run.finished !== null && !run.busy;
  return (
    <Dialog
      title={title}
      onClose={props.onClose}
      footer={
        <>
          <Button onClick={props.onClose}>{begun || run.busy ? en.common.close : en.common.cancel}</Button>
          {run.busy || (isOver && run.problem === null && run.finished?.outcome === 'done') ? null : (
            <Button
              tone="primary"
              onClick={() => {
                setBegun(true);
                props.onStart();
              }}
            >
              {action}
            </Button>
          )}
        </>
      }
    >
      {begun || run.busy ? null : (
        <ul className={styles.points}>
          {points(plural(props.count, 'object')).map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ul>
      )}
      {begun || run.busy ? <RunCourse run={run} label={label} failed={failed} /> : null}
      {isOver && run.problem === null ? (
        <p role="status">{run.finished?.outcome === 'cancelled' ? words.sealStopped : done}</p>
      ) : null}
    </Dialog>
  );
}

/** The recovery key, until a person confirms having stored it. */
export function RecoveryDialog(props: {
  readonly recovery: string;
  readonly onKept: () => void;
  readonly onClose: () => void;
}) {
  const [isKept, setKept] = useState(false);
  const { onCopy } = useMarkdownActions();
  const forget = useAction('sealing.recoveryKey', { onDone: props.onKept });
  return (
    <Dialog
      title={words.recoveryTitle}
      width="wide"
      onClose={props.onClose}
      footer={
        <Button
          tone="primary"
          disabled={!isKept}
          busy={forget.isPending}
          onClick={() => forget.mutate({ kept: true })}
        >
          {words.keptDone}
        </Button>
      }
    >
      <div className={styles.recovery}>
        <p>{words.recoveryBody}</p>
        <code>{props.recovery}</code>
      </div>
      <div className={styles.actions}>
        <Button icon="copy" onClick={() => onCopy(props.recovery, words.recoveryWhat)}>
          {words.copy}
        </Button>
        <Button onClick={() => window.print()}>{words.print}</Button>
      </div>
      <label className={styles.kept}>
        <input type="checkbox" checked={isKept} onChange={(event) => setKept(event.target.checked)} />
        {words.kept}
      </label>
    </Dialog>
  );
}
