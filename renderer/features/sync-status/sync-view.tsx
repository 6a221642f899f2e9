import { pendingWords, stateHelp, stateTitle } from '../../../shared/format/state-title.ts';
import { ago, clockTime } from '../../../shared/format/time.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { StatusSnapshot } from '../../../shared/ipc/status.ts';
import { useConnectionLost } from '../../data/api-context.tsx';
import { useNow } from '../../data/use-now.ts';
import { useOperations } from '../../data/use-operation.ts';
import type { SyncActions } from '../../data/use-sync-actions.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/icon.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Skeleton } from '../../ui/state.tsx';
import { StateEmblem } from '../../ui/state-emblem.tsx';
import { lookOf } from '../../ui/state-words.ts';
import { Attention } from './attention.tsx';
import { History } from './history.tsx';
import { RunningOperation } from './running-operation.tsx';
import { Schedule } from './schedule.tsx';
import { StoreCard, WorkspaceCard } from './place-cards.tsx';
import styles from './sync-view.module.css';

export interface SyncViewProps {
  readonly status: StatusSnapshot | null;
  readonly actions: SyncActions;
  readonly timeZone: string;
  readonly onAddWorkspace: () => void;
}

/** The overall state: in one word, each store and workspace, running operations, decisions to make, past operations. */
export function SyncView(props: SyncViewProps) {
  const { status, actions, timeZone } = props;
  const { finished } = useOperations();
  const now = useNow();
  const lost = useConnectionLost();
  // The banner above reports it; an outdated state would contradict it.
  if (lost) return <div className={styles.view} />;
  if (status === null)
    return (
      <div className={styles.view}>
        <Skeleton lines={8} />
      </div>
    );
  return (
    <div className={styles.view}>
      <div className={styles.column}>
        <StateHeader status={status} actions={actions} now={now} timeZone={timeZone} />
        <Attention items={status.attention} />
        {status.operations.length === 0 ? null : (
          <section className={styles.section} aria-label={en.sync.running}>
            {status.operations.map((operation) => (
              <RunningOperation
                key={operation.id}
                operation={operation}
                now={now}
                onCancel={actions.cancel}
              />
            ))}
          </section>
        )}
        <div className={styles.cards}>
          {status.stores.map((store) => (
            <StoreCard
              key={store.url}
              store={store}
              lastSuccess={status.lastSuccess}
              told={status.attention.some((item) => item.subject === store.url)}
              now={now}
            />
          ))}
          {status.workspaces.map((workspace) => (
            <WorkspaceCard
              key={`${workspace.role} ${workspace.path}`}
              workspace={workspace}
              told={status.attention.some((item) => item.subject === workspace.path)}
              now={now}
              onSync={() => actions.gitSync(workspace.namedBy ?? workspace.path)}
            />
          ))}
          {status.workspaces.length === 0 ? (
            <div className={cx(styles.card, styles.inviting)}>
              <p>{en.sync.noWorkspaces}</p>
              <Button size="small" icon="plus" onClick={props.onAddWorkspace}>
                {en.sync.addWorkspace}
              </Button>
            </div>
          ) : null}
        </div>
        <Schedule status={status} now={now} />
        <History finished={finished} timeZone={timeZone} now={now} />
      </div>
    </div>
  );
}

interface HeaderProps {
  readonly status: StatusSnapshot;
  readonly actions: SyncActions;
  readonly now: number;
  readonly timeZone: string;
}

function StateHeader(props: HeaderProps) {
  const { status, now } = props;
  const { pending } = status;
  return (
    <header className={styles.header}>
      <StateEmblem look={lookOf(status)} size="page" />
      <div className={styles.words} role="status">
        <h2>{stateTitle(status)}</h2>
        <p>{stateHelp(status)}</p>
        <p className={styles.facts}>
          {status.lastSuccess === null
            ? en.sync.noSuccess
            : en.sync.lastSuccess(ago(status.lastSuccess, now))}
          {pendingWords(status) === '' ? '' : ` · ${pendingWords(status)}`}
          {pending.hooks === 0 ? '' : ` · ${en.sync.hooksQueued(pending.hooks)}`}
        </p>
      </div>
      <HeaderActions {...props} />
    </header>
  );
}

function HeaderActions(props: HeaderProps) {
  const { status, actions } = props;
  return (
    <div className={styles.actions}>
      <Button tone="primary" icon="sync" onClick={actions.sync}>
        {en.sync.syncNow}
      </Button>
      <MoreSyncs {...props} />
      {status.paused === null ? (
        <PauseButton actions={actions} />
      ) : (
        <Button icon="play" onClick={actions.resume} title={en.sync.pausedWhy[status.paused.reason]}>
          {en.sync.resume}
        </Button>
      )}
      {status.paused === null ? null : (
        <p className={styles.paused}>
          {status.paused.until === null
            ? en.sync.pausedWhy[status.paused.reason]
            : en.sync.pausedUntil(clockTime(status.paused.until, props.timeZone))}
        </p>
      )}
    </div>
  );
}

/** A single part of a sync, or a more thorough one. */
function MoreSyncs({ status, actions }: HeaderProps) {
  return (
    <Menu
      icon="chevron-down"
      label={en.sync.more}
      items={[
        { icon: 'upload', label: en.sync.push, run: actions.push },
        { icon: 'download', label: en.sync.index, run: actions.index },
        { icon: 'check', label: en.sync.full, run: actions.full },
        status.workspaces.length === 0
          ? null
          : { icon: 'branch', label: en.sync.gitSync, run: () => actions.gitSync() },
      ]}
    />
  );
}

function PauseButton(props: { readonly actions: SyncActions }) {
  const { pause } = props.actions;
  return (
    <Menu
      icon="pause"
      words={en.sync.pause}
      label={en.sync.pause}
      align="end"
      items={[
        { label: en.sync.pauseHour, run: () => pause('hour') },
        { label: en.sync.pauseTomorrow, run: () => pause('tomorrow') },
        { label: en.sync.pauseResumed, run: () => pause('until-resumed') },
      ]}
    />
  );
}
