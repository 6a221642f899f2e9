import { formatBytes, formatCount } from '../../../shared/format/amount.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { ListFilters } from '../../../shared/ipc/list-filters.ts';
import type { Route } from '../../../shared/ipc/route.ts';
import { useCall } from '../../data/call.ts';
import { isNarrowed, withoutFilters, withoutSearch } from '../../data/filters.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/state.tsx';

/** No hits: possible reasons, and the next step as a button. */
export function NoHits(props: {
  readonly filters: ListFilters;
  readonly onFilters: (filters: ListFilters) => void;
  readonly onGo: (route: Route) => void;
  readonly onLookInStore: () => void;
}) {
  const { filters, onFilters, onGo } = props;
  const narrowed = isNarrowed(filters);
  const status = useCall('search.status', {}).data;
  const isOff = status?.team.setting === 'off';
  const team = status !== undefined && status.keptBytes === 0 && status.team.logs > 0 ? status.team : null;
  return (
    <EmptyState
      icon="search"
      title={en.search.nothingTitle}
      actions={
        <>
          {narrowed ? (
            <Button onClick={() => onFilters(withoutFilters(filters))}>{en.logs.clearFilters}</Button>
          ) : null}
          <Button onClick={() => onFilters(withoutSearch(filters))}>{en.logs.clearSearch}</Button>
          {isOff ? (
            <Button icon="settings" onClick={() => onGo({ view: 'settings', page: 'store' })}>
              {en.search.openSettings}
            </Button>
          ) : (
            <Button icon="download" onClick={props.onLookInStore}>
              {en.logs.checkForNew}
            </Button>
          )}
        </>
      }
    >
      <p>{narrowed ? en.search.nothingFiltered : en.search.nothingBody}</p>
      {isOff ? <p>{en.search.teamOff}</p> : null}
      {team === null ? null : (
        <p>{en.search.team(formatCount(team.logs), team.machines, formatBytes(team.bytes))}</p>
      )}
    </EmptyState>
  );
}
