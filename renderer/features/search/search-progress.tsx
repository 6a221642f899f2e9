import { formatCount } from '../../../shared/format/amount.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import { useAction, useCall } from '../../data/call.ts';
import { Button } from '../../ui/button.tsx';
import { ProgressBar } from '../../ui/indicator.tsx';
import styles from './search.module.css';

/** How far the full-text index is behind this disk, if it is; with a way to stop or resume. */
export function SearchProgressLine() {
  const status = useCall('search.status', {}).data;
  const build = useAction('search.build');
  if (status === undefined) return null;
  const { building, waiting, held, error } = status;
  if (building !== null)
    return (
      <div className={styles.progress}>
        <div>
          <span>{en.search.building(formatCount(building.done), formatCount(building.total))}</span>
          <Button size="small" tone="quiet" onClick={() => build.mutate({ run: false })}>
            {en.search.stop}
          </Button>
        </div>
        <ProgressBar label={en.search.buildingLabel} value={building.done / Math.max(1, building.total)} />
      </div>
    );
  if (error !== null)
    return <p role="alert">{visibleLine(`${en.search.failed}: ${error.message} ${error.remedy}`)}</p>;
  if (waiting === 0) return null;
  return (
    <div className={styles.progress}>
      <div>
        <span>{en.search.waiting(formatCount(waiting), waiting === 1)}</span>
        {held === null ? null : <span>· {en.search.held[held]}</span>}
        {held === 'stopped' ? (
          <Button size="small" tone="quiet" onClick={() => build.mutate({ run: true })}>
            {en.search.goOn}
          </Button>
        ) : null}
      </div>
    </div>
  );
}
