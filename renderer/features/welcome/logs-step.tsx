import { useState } from 'react';
import type { AppError } from '../../../shared/app-error.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { NearbyTreeView } from '../../../shared/ipc/setup.ts';
import { useAction, useCall } from '../../data/call.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Problem, Skeleton } from '../../ui/state.tsx';
import { CopyLogs } from './copy-logs.tsx';
import styles from './welcome-view.module.css';

/** Existing logs: repositories near the person's code, to be listed or copied. */
export function LogsStep(props: {
  readonly isNamed: boolean;
  readonly onBack: () => void;
  readonly onNext: () => void;
}) {
  const words = en.welcome;
  const nearby = useCall('setup.nearby', {});
  const stop = useAction('setup.cancel');
  const refresh = (): void => void nearby.refetch();
  const trees = nearby.data?.trees ?? [];
  return (
    <section className={styles.form}>
      <h3>{words.logsTitle}</h3>
      {nearby.isPending ? <Skeleton lines={4} label={words.logsLooking} /> : null}
      {nearby.isPending ? (
        <div className={styles.buttons}>
          <Button busy={stop.isPending} onClick={() => stop.mutate({ work: 'nearby' })}>
            {words.stopLooking}
          </Button>
        </div>
      ) : null}
      {nearby.error === null ? null : <Problem error={nearby.error.error} />}
      {nearby.isSuccess ? <p>{trees.length === 0 ? words.logsNone : words.logsBody}</p> : null}
      {trees.map((tree) => (
        <Tree key={tree.root} tree={tree} isNamed={props.isNamed} onChanged={refresh} />
      ))}
      {nearby.data?.isComplete === false ? <p>{words.logsMore}</p> : null}
      <div className={styles.buttons}>
        <Button onClick={props.onBack}>{words.back}</Button>
        <Button tone="primary" onClick={props.onNext}>
          {words.next}
        </Button>
      </div>
    </section>
  );
}

function Tree(props: {
  readonly tree: NearbyTreeView;
  readonly isNamed: boolean;
  readonly onChanged: () => void;
}) {
  const { tree } = props;
  const words = en.welcome;
  const [problem, setProblem] = useState<AppError | null>(null);
  const [written, setWritten] = useState<string | null>(null);
  const onDone = (): void => {
    setProblem(null);
    props.onChanged();
  };
  const add = useAction('workspaces.add', { onDone, onFailed: setProblem });
  const remove = useAction('workspaces.remove', { onDone, onFailed: setProblem });
  const identity = useAction('setup.writeIdentity', {
    onDone: ({ path }) => {
      setWritten(path);
      onDone();
    },
    onFailed: setProblem,
  });
  const place = { path: tree.root, role: 'workspace' } as const;
  return (
    <div className={styles.agent}>
      <div className={styles.agentHead}>
        <Icon name={tree.isRegistered ? 'check' : 'folder'} />
        <strong>{visibleLine(tree.name)}</strong>
        <span>{words.logsOf(tree.logs)}</span>
        <ListButton
          tree={tree}
          busy={add.isPending || remove.isPending}
          onAdd={() => add.mutate(place)}
          onRemove={() => remove.mutate(place)}
        />
      </div>
      <p className={styles.place}>
        <code>{visibleLine(tree.root)}</code>
      </p>
      {tree.unlisted.length === 0 ? null : <CopyLogs tree={tree} onChanged={props.onChanged} />}
      {tree.identity === 'wanted' && props.isNamed ? (
        <p>
          {words.identityWanted}{' '}
          <Button
            size="small"
            busy={identity.isPending}
            onClick={() => identity.mutate({ workspace: tree.root })}
          >
            {words.identityWrite}
          </Button>
        </p>
      ) : null}
      {written === null ? null : <p role="status">{words.identityWritten(visibleLine(written))}</p>}
      {problem === null ? null : <Problem error={problem} />}
    </div>
  );
}

function ListButton(props: {
  readonly tree: NearbyTreeView;
  readonly busy: boolean;
  readonly onAdd: () => void;
  readonly onRemove: () => void;
}) {
  const words = en.welcome;
  if (props.tree.isRegistered)
    return (
      <>
        <em>{words.listed}</em>
        <Button busy={props.busy} onClick={props.onRemove}>
          {words.unlist}
        </Button>
      </>
    );
  if (!props.tree.isListable) return null;
  return (
    <Button tone="primary" busy={props.busy} onClick={props.onAdd}>
      {words.list}
    </Button>
  );
}
