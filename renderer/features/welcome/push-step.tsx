import { useState } from 'react';
import type { AppError } from '../../../shared/app-error.ts';
import { formatCount } from '../../../shared/format/amount.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { FinishedOperation, Operation } from '../../../shared/ipc/operation.ts';
import type { SealingStanding } from '../../../shared/ipc/sealing.ts';
import { useAction, useCall } from '../../data/call.ts';
import { progressOf, useOperation } from '../../data/use-operation.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ProgressBar } from '../../ui/indicator.tsx';
import { Callout, Problem } from '../../ui/state.tsx';
import styles from './welcome-view.module.css';

/** The first push, with its progress and result; a store on this machine needs none. */
export function PushStep(props: {
  readonly local: boolean;
  /** An agent is connected, so it knows `/save`. */
  readonly isConnected: boolean;
  readonly onFinish: () => void;
  /** Opens the page that seals the store and admits machines. */
  readonly onReaders: () => void;
}) {
  const standing =
    useCall('sealing.audit', {}, { fresh: true, enabled: !props.local }).data?.standing ?? null;
  const [id, setId] = useState<string | null>(null);
  const [refused, setRefused] = useState<AppError | null>(null);
  const push = useAction('sync.push', { onDone: ({ operation }) => setId(operation), onFailed: setRefused });
  const { running, finished } = useOperation(id);
  const start = (): void => {
    setRefused(null);
    push.mutate({});
  };
  const failure = refused ?? (finished !== null && finished.outcome !== 'done' ? finished.error : null);
  const done = finished?.outcome === 'done';
  const busy = push.isPending || (id !== null && finished === null);
  if (props.local || done)
    return (
      <section className={styles.done}>
        <span className={styles.emblem}>
          <Icon name="check" />
        </span>
        <h3>{en.welcome.doneTitle}</h3>
        <p>{props.local ? en.welcome.doneLocal : doneWords(finished)}</p>
        <p>{props.isConnected ? en.welcome.doneNext : en.welcome.doneConnect}</p>
        <p className={styles.type}>
          <code>{props.isConnected ? '/save' : 'session-log save'}</code>
        </p>
        {props.isConnected ? <p>{en.welcome.doneRestart}</p> : null}
        <Button tone="primary" onClick={props.onFinish}>
          {en.welcome.finish}
        </Button>
      </section>
    );
  return (
    <section className={styles.form}>
      <h3>{en.welcome.pushTitle}</h3>
      <SealFirst standing={standing} onReaders={props.onReaders} />
      <p>{en.welcome.pushBody}</p>
      {busy ? <Course operation={running} /> : null}
      {failure === null ? null : <Problem error={failure} title={en.welcome.pushFailed} />}
      <div className={styles.buttons}>
        <Button onClick={props.onFinish}>{en.welcome.pushLater}</Button>
        <Button tone={isAsked(standing) ? 'plain' : 'primary'} icon="upload" busy={busy} onClick={start}>
          {busy
            ? en.welcome.pushing
            : failure !== null
              ? en.common.tryAgain
              : standing === 'clear'
                ? en.welcome.pushClear
                : en.welcome.pushStart}
        </Button>
      </div>
    </section>
  );
}

/** True if the store should be sealed, or its team asked, before anything is pushed. */
function isAsked(standing: SealingStanding | null): standing is 'clear' | 'outside' {
  return standing === 'clear' || standing === 'outside';
}

function SealFirst(props: { readonly standing: SealingStanding | null; readonly onReaders: () => void }) {
  const { standing } = props;
  if (!isAsked(standing)) return null;
  const words = en.welcome.seal[standing];
  return (
    <Callout
      tone="info"
      icon="lock"
      title={words.title}
      actions={
        <Button tone="primary" icon={standing === 'clear' ? 'lock' : 'key'} onClick={props.onReaders}>
          {words.action}
        </Button>
      }
    >
      <p>{words.body}</p>
    </Callout>
  );
}

function Course(props: { readonly operation: Operation | null }) {
  const { operation } = props;
  return (
    <div role="status" className={styles.course}>
      <ProgressBar label={en.welcome.pushing} value={operation === null ? null : progressOf(operation)} />
      <p>
        {en.sync.phases[operation?.phase ?? 'queued']}
        {operation === null || operation.total === null
          ? ''
          : ` · ${en.sync.progress(formatCount(operation.done), formatCount(operation.total))}`}
      </p>
    </div>
  );
}

function doneWords(finished: FinishedOperation | null): string {
  const logs = (finished?.summary.uploaded ?? 0) + (finished?.summary.unchanged ?? 0);
  return logs === 0 ? en.welcome.doneNothing : en.welcome.doneBody(formatCount(logs));
}
