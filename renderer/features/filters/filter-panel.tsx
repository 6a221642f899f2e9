import { memo, useId, useMemo, useState, type ReactNode } from 'react';
import {
  LOG_PLACES,
  type FilterValue,
  type LogFacets,
  type MachineRow,
} from '../../../shared/domain/log-query.ts';
import { formatCount } from '../../../shared/format/amount.ts';
import { ago } from '../../../shared/format/time.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { ListFilters } from '../../../shared/ipc/list-filters.ts';
import { toggle } from '../../data/filters.ts';
import { useCall } from '../../data/call.ts';
import { usePeople } from '../../data/use-people.ts';
import { useNow } from '../../data/use-now.ts';
import { recall, remember } from '../../ui/memory.ts';
import { cx, Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon-paths.ts';
import { PLACE_ICONS } from '../../ui/state-words.ts';
import styles from './filter-panel.module.css';

export interface FilterPanelProps {
  readonly filters: ListFilters;
  readonly onChange: (filters: ListFilters) => void;
}

const NOBODY: readonly string[] = [];
const NO_MACHINES: readonly MachineRow[] = [];
const MADE = [
  { value: 'written', icon: 'edit' },
  { value: 'captured', icon: 'raw' },
] as const;

/** Machines, people, projects, clients and places to filter the list by. Redrawn only when they change, not when moving through logs. */
export const FilterPanel = memo(function FilterPanel(props: FilterPanelProps) {
  const { filters, onChange } = props;
  const told = useCall('machines.list', {});
  const machines = told.data?.machines ?? NO_MACHINES;
  const { data: facets, isPending } = useCall('logs.facets', {});
  const people = usePeople(facets?.users.map(({ value }) => value) ?? NOBODY);
  const names = (values: readonly FilterValue[] | undefined): FilterItem[] =>
    (values ?? []).map(({ value, logs }) => ({ value, label: visibleLine(value), count: logs }));
  const machineItems = useMachineItems(machines);
  // All at once: later additions would push down what a person is about to choose.
  if (told.isPending || isPending)
    return <div className={styles.panel} role="group" aria-label={en.logs.filters} />;
  return (
    <div className={styles.panel} role="group" aria-label={en.logs.filters}>
      <FilterSection
        name="machines"
        title={en.logs.machines}
        icon="machine"
        items={machineItems}
        chosen={filters.machines}
        onToggle={(value) => {
          const machine = machines.find((one) => one.machine === value)?.machine;
          if (machine) onChange({ ...filters, machines: toggle(filters.machines, machine) });
        }}
      />
      <FilterSection
        name="places"
        title={en.logs.where}
        icon="store"
        items={LOG_PLACES.map((place) => ({
          value: place,
          label: en.logs.places[place],
          icon: PLACE_ICONS[place],
          ...(facets === undefined ? {} : { count: facets.places[place] }),
        }))}
        chosen={filters.places}
        onToggle={(value) => {
          const place = LOG_PLACES.find((one) => one === value);
          if (place) onChange({ ...filters, places: toggle(filters.places, place) });
        }}
      />
      <MadeSection filters={filters} facets={facets} onChange={onChange} />
      <FilterSection
        name="projects"
        title={en.logs.projects}
        icon="project"
        items={names(facets?.projects)}
        chosen={filters.projects}
        onToggle={(value) => onChange({ ...filters, projects: toggle(filters.projects, value) })}
      />
      <FilterSection
        name="clients"
        title={en.logs.clients}
        icon="client"
        items={names(facets?.clients)}
        chosen={filters.clients}
        onToggle={(value) => onChange({ ...filters, clients: toggle(filters.clients, value) })}
      />
      <FilterSection
        name="people"
        title={en.logs.people}
        icon="person"
        items={(facets?.users ?? []).map(({ value, logs }) => ({
          value,
          label: visibleLine(people.get(value) ?? value),
          count: logs,
        }))}
        chosen={filters.users}
        onToggle={(value) => onChange({ ...filters, users: toggle(filters.users, value) })}
      />
    </div>
  );
});

/** Who wrote the logs: people, or programs from transcripts. */
function MadeSection(props: FilterPanelProps & { readonly facets: LogFacets | undefined }) {
  const { filters, facets, onChange } = props;
  // Where all are of one kind there is nothing to choose.
  if (facets !== undefined && facets.captured * facets.written === 0 && filters.captured === null)
    return null;
  return (
    <FilterSection
      name="made"
      title={en.logs.made}
      icon="edit"
      items={MADE.map(({ value, icon }) => ({
        value,
        label: en.logs.madeBy[value],
        icon,
        ...(facets === undefined ? {} : { count: facets[value] }),
      }))}
      chosen={filters.captured === null ? [] : [filters.captured ? 'captured' : 'written']}
      onToggle={(value) => {
        const captured = value === 'captured';
        onChange({ ...filters, captured: filters.captured === captured ? null : captured });
      }}
    />
  );
}

/** As people count: host-2 before host-10. */
const byName = new Intl.Collator('en', { numeric: true });

/** This machine first, the others by name. */
function useMachineItems(machines: readonly MachineRow[]): FilterItem[] {
  const now = useNow();
  const sorted = useMemo(
    () => machines.toSorted((a, b) => Number(b.own) - Number(a.own) || byName.compare(a.host, b.host)),
    [machines],
  );
  return sorted.map((machine) => ({
    own: machine.own,
    value: machine.machine,
    label: visibleLine(machine.host),
    count: machine.logs,
    below: machine.own
      ? en.logs.thisMachine
      : machine.lastSeen === null
        ? en.logs.neverSeen
        : en.logs.lastSeen(ago(machine.lastSeen, now)),
  }));
}

interface FilterItem {
  readonly value: string;
  readonly label: string;
  readonly icon?: IconName;
  readonly count?: number;
  readonly below?: string;
  /** Shown even while the others are folded. */
  readonly own?: boolean;
}

interface FilterSectionProps {
  readonly name: string;
  readonly title: string;
  readonly icon: IconName;
  readonly items: readonly FilterItem[];
  readonly chosen: readonly string[];
  readonly onToggle: (value: string) => void;
}

const FEW = 6;
/** More than this are found by typing, and scroll by themselves: what stands below them stays near. */
const MANY = 14;

/** What is shown of more: the first, of many those with the most sessions, and the chosen ones, in their order. */
function fewOf(items: readonly FilterItem[], chosen: readonly string[]): readonly FilterItem[] {
  const most = (a: FilterItem, b: FilterItem): number =>
    Number(b.own ?? false) - Number(a.own ?? false) || (b.count ?? 0) - (a.count ?? 0);
  const few = (items.length > MANY ? items.toSorted(most) : items).slice(0, FEW);
  const shown = new Set([...few.map(({ value }) => value), ...chosen]);
  return items.filter(({ value }) => shown.has(value));
}

function FilterSection(props: FilterSectionProps): ReactNode {
  const { items, chosen, title, name } = props;
  const [open, setOpen] = useState(() => recall(`filter.${name}`, true));
  const [all, setAll] = useState(false);
  const [text, setText] = useState('');
  const id = useId();
  if (items.length === 0) return null;
  const wanted = text.trim().toLowerCase();
  const found = items.filter((item) => item.label.toLowerCase().includes(wanted));
  const whole = all || wanted !== '';
  const shown = whole ? found : fewOf(items, chosen);
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h2 id={id}>
        <button
          type="button"
          className={styles.heading}
          aria-expanded={open}
          onClick={() => {
            setOpen(!open);
            remember(`filter.${name}`, !open);
          }}
        >
          <Icon name={open ? 'chevron-down' : 'chevron-right'} />
          {title}
        </button>
      </h2>
      {open && items.length > MANY ? (
        <input
          type="search"
          className={styles.find}
          value={text}
          aria-label={en.logs.findIn(title)}
          placeholder={en.logs.findIn(title)}
          onChange={(event) => setText(event.target.value)}
        />
      ) : null}
      {open ? (
        <ul className={cx(whole && found.length > MANY && styles.scroller)}>
          {shown.map((item) => (
            <FilterLine key={item.value} {...props} item={item} icon={item.icon ?? props.icon} />
          ))}
        </ul>
      ) : null}
      {open && found.length === 0 ? <p className={styles.nothing}>{en.logs.noValue}</p> : null}
      {open && items.length > FEW && wanted === '' ? (
        <button type="button" className={styles.more} onClick={() => setAll(!all)}>
          {all ? en.logs.showFewer : en.logs.showAll(items.length)}
        </button>
      ) : null}
    </section>
  );
}

function FilterLine(props: FilterSectionProps & { readonly item: FilterItem }): ReactNode {
  const { item, chosen, onToggle, icon } = props;
  const id = useId();
  return (
    <li>
      <label className={styles.line}>
        <input
          type="checkbox"
          aria-labelledby={`${id}-words`}
          aria-describedby={item.count === undefined ? undefined : `${id}-count`}
          checked={chosen.includes(item.value)}
          onChange={() => onToggle(item.value)}
        />
        <Icon name={icon} />
        <span id={`${id}-words`} className={styles.words}>
          <span className={styles.label}>{item.label}</span>
          {item.below === undefined ? null : <span className={styles.below}>{item.below}</span>}
        </span>
        {item.count === undefined ? null : (
          <span id={`${id}-count`} className={styles.count}>
            {formatCount(item.count)}
          </span>
        )}
      </label>
    </li>
  );
}
