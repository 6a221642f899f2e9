import { formatCount } from '../../shared/format/amount.ts';
import { ago, until } from '../../shared/format/time.ts';
import { visibleLine } from '../../shared/format/visible-text.ts';
import { en } from '../../shared/i18n/en.ts';
import type { Operation } from '../../shared/ipc/operation.ts';
import type { Route } from '../../shared/ipc/route.ts';
import type { StatusSnapshot, StoreStatus, WorkspaceStatus } from '../../shared/ipc/status.ts';
import { useNow } from '../data/use-now.ts';
import { progressOf, useOperation } from '../data/use-operation.ts';
import { IconButton } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { ProgressBar, StateDot, type Tone } from '../ui/indicator.tsx';
import { FailureLine } from '../ui/remedy.tsx';
import { reachWords, workspaceLook } from '../ui/state-words.ts';
import styles from './panel-app.module.css';

/** Running operations, each store and each workspace, in a line or two. */
export function PanelPlaces(props: {
  readonly status: StatusSnapshot;
  readonly onGo: (route: Route) => void;
  readonly onCancel: (operation: string) => void;
}) {
  const { status } = props;
  const now = useNow();
  return (
    <section aria-label={en.panel.stores}>
      {status.operations.map((operation) => (
        <Running key={operation.id} operation={operation} onCancel={props.onCancel} />
      ))}
      <ul className={styles.places}>
        {status.stores.map((store) => (
          <StoreLine
            key={store.url}
            store={store}
            lastSuccess={status.lastSuccess}
            told={isTold(status, store.url)}
            now={now}
          />
        ))}
        {status.workspaces.map((workspace) => (
          <WorkspaceLine
            key={`${workspace.role} ${workspace.path}`}
            workspace={workspace}
            told={isTold(status, workspace.path)}
            now={now}
          />
        ))}
      </ul>
    </section>
  );
}

function Running(props: { readonly operation: Operation; readonly onCancel: (id: string) => void }) {
  const operation = useOperation(props.operation.id).running ?? props.operation;
  return (
    <div className={styles.running}>
      <div>
        <span>
          <strong>{en.sync.kinds[operation.kind]}</strong>{' '}
          {operation.cancelling ? en.sync.cancelling : en.sync.phases[operation.phase]}
          {operation.total === null
            ? ''
            : ` · ${en.sync.progress(formatCount(operation.done), formatCount(operation.total))}`}
        </span>
        <IconButton
          icon="close"
          label={en.sync.cancel}
          disabled={operation.cancelling}
          onClick={() => props.onCancel(operation.id)}
        />
      </div>
      <ProgressBar label={en.sync.kinds[operation.kind]} value={progressOf(operation)} />
    </div>
  );
}

/** True when the panel's header mentions this place; it only mentions the first thing that needs attention. */
function isTold({ attention }: StatusSnapshot, subject: string): boolean {
  return attention[0]?.subject === subject;
}

function StoreLine(props: {
  readonly store: StoreStatus;
  /** The last success shown in the header. */
  readonly lastSuccess: number | null;
  readonly told: boolean;
  readonly now: number;
}) {
  const { store, now } = props;
  const bad = store.lastError !== null || store.reachable === false;
  const tone: Tone = bad ? 'bad' : store.reachable === null ? 'plain' : 'good';
  return (
    <li>
      <Icon name={store.kind === 'gcs' ? 'store' : 'drive'} />
      <div>
        <strong>{visibleLine(store.kind === 'embedded' ? en.sync.embedded : store.url)}</strong>
        <p>
          <StateDot tone={tone} />
          {reachWords(store)}
          {store.lastSuccess === null || store.lastSuccess === props.lastSuccess
            ? ''
            : ` · ${ago(store.lastSuccess, now)}`}
        </p>
        {store.lastError === null || props.told ? null : (
          <div className={styles.problem}>
            <FailureLine error={store.lastError} />
          </div>
        )}
        {store.retryAt === null ? null : <p>{en.sync.retry(until(store.retryAt, now))}</p>}
        {store.sameDisk ? <p className={styles.waiting}>{en.sync.sameDisk}</p> : null}
      </div>
    </li>
  );
}

function WorkspaceLine(props: {
  readonly workspace: WorkspaceStatus;
  readonly told: boolean;
  readonly now: number;
}) {
  const { workspace, now } = props;
  const { deferred, lastError } = workspace;
  const { words, look } = workspaceLook(workspace);
  return (
    <li>
      <Icon name={workspace.role === 'vault' ? 'lock' : 'branch'} />
      <div>
        <strong title={visibleLine(workspace.path)}>
          {visibleLine(workspace.path.split(/[\\/]/).at(-1) ?? workspace.path)}
        </strong>
        <p>
          <StateDot tone={look.tone} busy={look.busy} />
          {words}
          {workspace.lastSync === null ? '' : ` · ${ago(workspace.lastSync, now)}`}
        </p>
        {deferred === null ? null : (
          <p className={styles.waiting}>
            {en.sync.deferredBy(visibleLine(deferred.who), visibleLine(deferred.host), deferred.pid)},{' '}
            {en.sync.deferredDoing(visibleLine(deferred.doing), ago(deferred.since, now))}.
            {deferred.retryAt === null ? '' : ` ${en.sync.deferredRetry(until(deferred.retryAt, now))}`}
          </p>
        )}
        {lastError === null || props.told ? null : (
          <div className={styles.problem}>
            <FailureLine error={lastError} />
          </div>
        )}
      </div>
    </li>
  );
}
