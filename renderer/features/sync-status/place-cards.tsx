import { ago, until } from '../../../shared/format/time.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { StoreStatus, WorkspaceStatus } from '../../../shared/ipc/status.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Badge } from '../../ui/indicator.tsx';
import { Callout, Problem } from '../../ui/state.tsx';
import { reachWords, workspaceLook } from '../../ui/state-words.ts';
import styles from './sync-view.module.css';

/** A store: reachability, last success unless shown above, and any problem with its remedy. */
export function StoreCard(props: {
  readonly store: StoreStatus;
  /** The last success shown above. */
  readonly lastSuccess: number | null;
  /** True when the problem is already shown above, with its answers. */
  readonly told: boolean;
  readonly now: number;
}) {
  const { store, now } = props;
  const name = store.kind === 'embedded' ? en.sync.embedded : store.url;
  return (
    <section className={styles.card} aria-label={visibleLine(name)}>
      <header>
        <Icon name={store.kind === 'gcs' ? 'store' : 'drive'} />
        <h3>{visibleLine(name)}</h3>
        <Badge
          tone={
            store.reachable === false || store.lastError !== null
              ? 'bad'
              : store.reachable === null
                ? 'plain'
                : 'good'
          }
        >
          {reachWords(store)}
        </Badge>
      </header>
      {store.lastSuccess === props.lastSuccess ? null : (
        <p>
          {store.lastSuccess === null ? en.sync.noSuccess : en.sync.lastSuccess(ago(store.lastSuccess, now))}
        </p>
      )}
      {store.sameDisk ? <Callout tone="wait" icon="alert" title={en.sync.sameDisk} /> : null}
      {store.lastError === null || props.told ? null : <Problem error={store.lastError} />}
      {store.retryAt === null ? null : <p>{en.sync.retry(until(store.retryAt, now))}</p>}
    </section>
  );
}

/** A workspace or the vault: its state, and who holds the lock when it is deferred. */
export function WorkspaceCard(props: {
  readonly workspace: WorkspaceStatus;
  /** True when the problem is already shown above, with its answers. */
  readonly told: boolean;
  readonly now: number;
  readonly onSync: () => void;
}) {
  const { workspace, now } = props;
  const { deferred } = workspace;
  const { words, look } = workspaceLook(workspace);
  const facts = [
    workspace.branch,
    workspace.lastSync === null ? null : en.sync.lastSuccess(ago(workspace.lastSync, now)),
  ]
    .filter((part) => part !== null)
    .map(visibleLine)
    .join(' · ');
  return (
    <section className={styles.card} aria-label={visibleLine(workspace.path)}>
      <header>
        <Icon name={workspace.role === 'vault' ? 'lock' : 'branch'} />
        <h3>{visibleLine(shortPath(workspace.path))}</h3>
        {workspace.role === 'vault' ? <Badge>{en.sync.vault}</Badge> : null}
        <Badge tone={look.tone}>{words}</Badge>
      </header>
      {facts === '' ? null : <p title={visibleLine(workspace.path)}>{facts}</p>}
      <p>
        {workspace.namedBy === undefined
          ? treeSchedule(workspace, now)
          : en.sync.vaultOf(visibleLine(shortPath(workspace.namedBy)))}
      </p>
      {deferred === null ? null : (
        <Callout
          tone="wait"
          icon="clock"
          title={en.sync.deferredBy(visibleLine(deferred.who), visibleLine(deferred.host), deferred.pid)}
        >
          <p>
            {en.sync.deferredDoing(
              visibleLine(deferred.doing),
              deferred.since === 0 ? '?' : ago(deferred.since, now),
            )}
          </p>
          {deferred.retryAt === null ? null : <p>{en.sync.deferredRetry(until(deferred.retryAt, now))}</p>}
        </Callout>
      )}
      {workspace.lastError === null || props.told ? null : <Problem error={workspace.lastError} />}
      <div className={styles.cardActions}>
        <Button size="small" icon="sync" busy={workspace.state === 'syncing'} onClick={props.onSync}>
          {en.sync.gitSyncOne}
        </Button>
      </div>
    </section>
  );
}

/** What runs automatically in a workspace, when it last ran and when it will next. */
function treeSchedule({ schedule, nextSync, lastNotes, deferred }: WorkspaceStatus, now: number): string {
  const { mode, minutes } = schedule;
  if (mode === 'off') return en.sync.scheduleModes.off;
  return [
    en.sync.scheduleModes[mode](minutes),
    ...(lastNotes === null ? [] : [en.sync.lastNotes(ago(lastNotes, now))]),
    // A deferral itself shows when it is retried.
    ...(nextSync === null || deferred !== null ? [] : [en.sync.nextOne(until(nextSync, now))]),
  ].join(' · ');
}

/** The last two folders of a path: they distinguish workspaces. */
function shortPath(path: string): string {
  const parts = path.split(/[\\/]/).filter(Boolean);
  return parts.length <= 2 ? path : `…/${parts.slice(-2).join('/')}`;
}
