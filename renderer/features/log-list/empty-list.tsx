import type { LogPlace } from '../../../shared/domain/log-query.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { ListFilters } from '../../../shared/ipc/list-filters.ts';
import type { Route } from '../../../shared/ipc/route.ts';
import { useCall } from '../../data/call.ts';
import { isNarrowed, isSearched, withoutFilters, withoutSearch } from '../../data/filters.ts';
import { useStatus } from '../../data/use-status.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/state.tsx';

export interface EmptyListProps {
  readonly filters: ListFilters;
  readonly onFilters: (filters: ListFilters) => void;
  readonly onGo: (route: Route) => void;
  readonly onLookInStore: () => void;
}

/** Replaces a list without rows: why it is empty, and the next step as a button. */
export function EmptyList(props: EmptyListProps) {
  const machines = useCall('machines.list', {}).data?.machines ?? [];
  const elsewhere = onlyOtherMachines(props.filters) && machines.every((machine) => machine.own);
  if (elsewhere) return <OnlyHere {...props} />;
  if (isSearched(props.filters) || isNarrowed(props.filters)) return <NoMatch {...props} />;
  return <NothingYet {...props} />;
}

const ELSEWHERE: readonly LogPlace[] = ['cached', 'store'];

/** True when the only filters are places that only other machines' logs have. */
function onlyOtherMachines(filters: ListFilters): boolean {
  const { places } = filters;
  const rest = { ...filters, places: [] };
  return (
    places.length > 0 &&
    places.every((place) => ELSEWHERE.includes(place)) &&
    !isSearched(rest) &&
    !isNarrowed(rest)
  );
}

function NoMatch({ filters, onFilters }: EmptyListProps) {
  const [searched, narrowed] = [isSearched(filters), isNarrowed(filters)];
  return (
    <EmptyState
      icon="search"
      title={en.logs.nothingTitle}
      actions={
        <>
          {searched ? (
            <Button onClick={() => onFilters(withoutSearch(filters))}>{en.logs.clearSearch}</Button>
          ) : null}
          {narrowed ? (
            <Button onClick={() => onFilters(withoutFilters(filters))}>{en.logs.clearFilters}</Button>
          ) : null}
        </>
      }
    >
      {en.logs.nothingBody[searched && narrowed ? 'both' : searched ? 'search' : 'filters']}
    </EmptyState>
  );
}

function OnlyHere({ filters, onFilters, onLookInStore }: EmptyListProps) {
  return (
    <EmptyState
      icon="store"
      title={en.logs.onlyHereTitle}
      actions={
        <>
          <Button tone="primary" icon="download" onClick={onLookInStore}>
            {en.logs.checkForNew}
          </Button>
          <Button onClick={() => onFilters(withoutFilters(filters))}>{en.logs.clearFilters}</Button>
        </>
      }
    >
      {en.logs.onlyHereBody}
    </EmptyState>
  );
}

/** No sessions at all: how they get here, with a button for each step not yet taken. */
function NothingYet({ onGo, onLookInStore }: EmptyListProps) {
  const card = useCall('identity.card', {}).data;
  const stores = useStatus()?.stores;
  const isNobody = card !== undefined && card.person === null;
  const isAlone = stores?.every((store) => store.kind === 'embedded') === true;
  return (
    <EmptyState
      icon="logs"
      title={en.logs.emptyTitle}
      actions={
        <>
          <Button tone="primary" icon="plus" onClick={() => onGo({ view: 'welcome', step: 'agents' })}>
            {en.logs.emptyConnect}
          </Button>
          {isNobody ? (
            <Button icon="person" onClick={() => onGo({ view: 'welcome', step: 'who' })}>
              {en.logs.emptyAuthor}
            </Button>
          ) : null}
          {isAlone ? (
            <Button icon="store" onClick={() => onGo({ view: 'welcome', step: 'where' })}>
              {en.logs.emptyStore}
            </Button>
          ) : null}
          <Button icon="download" onClick={onLookInStore}>
            {en.logs.checkForNew}
          </Button>
        </>
      }
    >
      {en.logs.emptyBody}
    </EmptyState>
  );
}
