import { until } from '../../../shared/format/time.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { OperationKind } from '../../../shared/ipc/operation.ts';
import type { StatusSnapshot } from '../../../shared/ipc/status.ts';
import styles from './sync-view.module.css';

/** Sooner than this it is about to happen, whatever the calendar says. */
const SOON_MS = 5 * 60_000;

/** What runs automatically next, or why nothing does. */
export function Schedule(props: { readonly status: StatusSnapshot; readonly now: number }) {
  return (
    <section className={styles.section} aria-label={en.sync.schedule}>
      <h3>{en.sync.schedule}</h3>
      <dl className={styles.schedule}>
        {scheduleWords(props.status, props.now).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** The lines of the schedule: what, and when it runs next. */
export function scheduleWords(
  status: StatusSnapshot,
  now: number,
): readonly (readonly [name: string, value: string])[] {
  const { schedule } = status;
  const due = (kind: OperationKind, isManual: boolean, at: number | null): string => {
    if (isManual && at === null) return en.sync.manually;
    if (status.operations.some((operation) => operation.kind === kind)) return en.sync.runningNow;
    if (status.paused !== null) return en.sync.whilePaused;
    return at === null ? en.sync.whileOffline : until(at, now);
  };
  return [
    [en.sync.nextPush, pushWords(status, due('push', schedule.push === 'manual', schedule.nextPush), now)],
    [en.sync.nextIndex, due('index', schedule.index === 'manual', schedule.nextIndex)],
    [
      en.sync.nextGitSync,
      schedule.nextGitSync === null && !isScheduled(status)
        ? en.sync.noGitSchedule
        : due('git-sync', false, schedule.nextGitSync),
    ],
    [en.sync.nextFull, due('full', schedule.full === 'manual', schedule.nextFull)],
  ];
}

/** A time far off is only the latest one if each change of a log is pushed. */
function pushWords({ schedule }: StatusSnapshot, due: string, now: number): string {
  const { push, nextPush } = schedule;
  const isLatest = nextPush !== null && nextPush - now > SOON_MS && due === until(nextPush, now);
  return push === 'on-change' && isLatest ? en.sync.onChange(due) : due;
}

function isScheduled(status: StatusSnapshot): boolean {
  return status.workspaces.some((workspace) => workspace.schedule.mode !== 'off');
}
