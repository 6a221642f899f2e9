import { useState } from 'react';
import { plural } from '../../../shared/format/amount.ts';
import { en } from '../../../shared/i18n/en.ts';
import { useAction } from '../../data/call.ts';
import type { SealingRun } from '../../data/use-sealing-run.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useMarkdownActions } from '../../ui/markdown/markdown-actions.ts';
import styles from './readers-page.module.css';
import { RunCourse } from './run-course.tsx';

const words = en.readers;

/** What is sealed: the store for the first time, what is left, or nothing: only another recovery key is made. */
export type SealWhat = 'store' | 'rest' | 'recovery';

const TITLES: Readonly<Record<SealWhat, string>> = {
  store: words.sealTitle,
  rest: words.sealRestTitle,
  recovery: words.sealRecoveryTitle,
};

function pointsOf(what: SealWhat, notSealed: number): readonly string[] {
  const count = plural(notSealed, 'object');
  if (what === 'recovery') return words.recoveryPoints;
  return what === 'store' ? words.sealPoints(count) : words.sealRestPoints(count);
}

/** What sealing does, before it begins; how far it is; how it ended. It goes on when the dialog is closed. */
export function SealDialog(props: {
  readonly what: SealWhat;
  readonly notSealed: number;
  readonly run: SealingRun;
  readonly onStart: () => void;
  readonly onClose: () => void;
}) {
  const { what, run } = props;
  const [begun, setBegun] = useState(false);
  const isOver = begun && run.finished !== null && !run.busy;
  return (
    <Dialog
      title={TITLES[what]}
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
              {what === 'recovery' ? words.makeAction : words.sealAction}
            </Button>
          )}
        </>
      }
    >
      {begun || run.busy ? null : (
        <ul className={styles.points}>
          {pointsOf(what, props.notSealed).map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ul>
      )}
      {begun || run.busy ? <RunCourse run={run} label={words.sealing} failed={words.sealFailed} /> : null}
      {isOver && run.problem === null ? (
        <p role="status">{run.finished?.outcome === 'cancelled' ? words.sealStopped : words.sealed}</p>
      ) : null}
    </Dialog>
  );
}

/** The recovery key, until a person says that it is kept. */
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
