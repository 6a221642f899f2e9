import {
  useEffect,
  useEffectEvent,
  useImperativeHandle,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
} from 'react';
import { parseCalendarDate } from '../../../shared/domain/ids.ts';
import { formatCount } from '../../../shared/format/amount.ts';
import { dayFromNumber, dayNumber, shortDay } from '../../../shared/format/time.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { ListFilters } from '../../../shared/ipc/list-filters.ts';
import { isNarrowed, toggle, withoutFilters, type ListFilter } from '../../data/filters.ts';
import { usePeople } from '../../data/use-people.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Choice, TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Keys } from '../../ui/indicator.tsx';
import { Popover } from '../../ui/popover.tsx';
import { SearchInput } from '../../ui/search-input.tsx';
import styles from './list-toolbar.module.css';

export interface ListToolbarProps {
  readonly filters: ListFilters;
  readonly onChange: (filters: ListFilters) => void;
  readonly total: number;
  /** The search result, in words; null before the answer, and without a search. */
  readonly found: string | null;
  /** Search controls beside the count. */
  readonly tools: ReactNode;
  readonly today: string;
  readonly hostOf: (machine: string) => string;
  readonly activityShown: boolean;
  readonly onActivity: (shown: boolean) => void;
  /** Arrow down or Enter in the box: moves to the list, whose filters may not have the text of the box yet. */
  readonly onLeave: (text: string) => void;
  readonly ref?: Ref<{ focusSearch(): void }>;
}

/** Pause in typing after which the list follows: shorter than a keystroke would only query in vain. */
const REST_MS = 70;

/** The find-as-you-type box, the list's grouping, and its filters. */
export function ListToolbar(props: ListToolbarProps) {
  const { filters, onChange, total } = props;
  const box = useRef<HTMLInputElement>(null);
  useImperativeHandle(props.ref, () => ({
    focusSearch: () => {
      box.current?.focus();
      box.current?.select();
    },
  }));
  const count = formatCount(total);
  return (
    <header className={styles.toolbar}>
      <div className={styles.line}>
        <SearchBox
          ref={box}
          text={filters.text}
          onText={(text) => onChange({ ...filters, text })}
          onLeave={props.onLeave}
        />
        <ViewOptions {...props} />
      </div>
      <div className={styles.facts}>
        <span role="status" aria-live="polite">
          {props.found !== null
            ? props.found
            : isNarrowed(filters)
              ? en.logs.countFound(count)
              : total === 1
                ? en.logs.countOne
                : en.logs.count(count)}
        </span>
        <Chips {...props} />
        <span className={styles.tools}>{props.tools}</span>
      </div>
    </header>
  );
}

function SearchBox(props: {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onLeave: (text: string) => void;
  readonly ref: Ref<HTMLInputElement>;
}) {
  const { text, onText, onLeave } = props;
  const [typed, setTyped] = useState(text);
  const [given, setGiven] = useState(text);
  const [sent, setSent] = useState(text);
  // The filter was changed elsewhere (a chip, "clear", Back): the box follows. Its own changes come back with a delay, when the next letter
  // may already have been typed.
  if (given !== text) {
    setGiven(text);
    if (text !== sent) {
      setSent(text);
      if (typed.trim() !== text.trim()) setTyped(text);
    }
  }
  const send = (words: string): void => {
    setSent(words);
    onText(words);
  };
  const onRest = useEffectEvent(() => send(typed));
  useEffect(() => {
    if (typed === text) return undefined;
    const timer = setTimeout(() => onRest(), REST_MS);
    return () => clearTimeout(timer);
  }, [typed, text]);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Escape' && typed !== '') {
      event.stopPropagation();
      setTyped('');
      send('');
    } else if (event.key === 'ArrowDown' || event.key === 'Enter' || event.key === 'Escape') {
      event.preventDefault();
      if (typed !== text) send(typed);
      onLeave(typed);
    }
  };
  return (
    <SearchInput
      ref={props.ref}
      text={typed}
      label={en.logs.searchLabel}
      hint={en.logs.searchHint}
      onText={setTyped}
      onKeyDown={onKeyDown}
    >
      {typed === '' ? (
        <Keys keys={['/']} />
      ) : (
        <IconButton
          icon="close"
          label={en.logs.clearSearch}
          onClick={() => {
            setTyped('');
            send('');
          }}
        />
      )}
    </SearchInput>
  );
}

function ViewOptions(props: ListToolbarProps) {
  const { filters, onChange } = props;
  return (
    <>
      <IconButton
        icon="calendar"
        label={props.activityShown ? en.logs.hideActivity : en.logs.showActivity}
        pressed={props.activityShown}
        onClick={() => props.onActivity(!props.activityShown)}
      />
      <Popover icon="order" label={en.logs.viewOptions} align="end">
        {() => (
          <div className={styles.options}>
            <div>
              <span>{en.logs.groupBy}</span>
              <Choice
                label={en.logs.groupBy}
                value={filters.groupBy}
                options={[
                  { value: 'day', label: en.logs.byDay },
                  { value: 'machine', label: en.logs.byMachine },
                ]}
                onChange={(groupBy) => onChange({ ...filters, groupBy })}
              />
            </div>
            <div>
              <span>{en.logs.order}</span>
              <Choice
                label={en.logs.order}
                value={filters.order}
                options={[
                  { value: 'newest', label: en.logs.newest },
                  { value: 'oldest', label: en.logs.oldest },
                ]}
                onChange={(order) => onChange({ ...filters, order })}
              />
            </div>
            <DateFields {...props} />
          </div>
        )}
      </Popover>
    </>
  );
}

/** The same selection as in the calendar, by keyboard and without small targets. */
function DateFields(props: ListToolbarProps) {
  const { filters, onChange } = props;
  // Where a colleague to the east already is.
  const tomorrow = dayFromNumber(dayNumber(props.today) + 1);
  const read = (text: string) => {
    const day = parseCalendarDate(text);
    return day.ok ? day.value : null;
  };
  return (
    <div className={styles.dates}>
      <TextField
        label={en.logs.from}
        type="date"
        value={filters.from ?? ''}
        max={filters.to ?? tomorrow}
        onChange={(event) => onChange({ ...filters, from: read(event.target.value) })}
      />
      <TextField
        label={en.logs.to}
        type="date"
        value={filters.to ?? ''}
        min={filters.from ?? undefined}
        max={tomorrow}
        onChange={(event) => onChange({ ...filters, to: read(event.target.value) })}
      />
    </div>
  );
}

const LISTS: readonly ListFilter[] = ['machines', 'places', 'projects', 'clients', 'users'];

/** The active filters, each with a way to remove it. */
function Chips(props: ListToolbarProps) {
  const { filters, onChange } = props;
  const people = usePeople(filters.users);
  if (!isNarrowed(filters)) return null;
  const wordOf = (list: ListFilter, value: string): string => {
    if (list === 'machines') return props.hostOf(value);
    if (list === 'users') return people.get(value) ?? value;
    if (list === 'places') return en.logs.places[value as keyof typeof en.logs.places];
    return value;
  };
  return (
    <div className={styles.chips}>
      {filters.from === null && filters.to === null ? null : (
        <Chip
          label={rangeWords(filters, props.today)}
          onRemove={() => onChange({ ...filters, from: null, to: null })}
        />
      )}
      {LISTS.flatMap((list) =>
        (filters[list] as readonly string[]).map((value) => (
          <Chip
            key={`${list}:${value}`}
            label={visibleLine(wordOf(list, value))}
            onRemove={() =>
              onChange({ ...filters, [list]: toggle(filters[list] as readonly string[], value) })
            }
          />
        )),
      )}
      {filters.captured === null ? null : (
        <Chip
          label={en.logs.madeBy[filters.captured ? 'captured' : 'written']}
          onRemove={() => onChange({ ...filters, captured: null })}
        />
      )}
      <Button size="small" tone="quiet" onClick={() => onChange(withoutFilters(filters))}>
        {en.logs.clearAll}
      </Button>
    </div>
  );
}

function rangeWords(filters: ListFilters, today: string): string {
  const { from, to } = filters;
  if (from !== null && to !== null) return en.logs.range(shortDay(from, today), shortDay(to, today));
  if (from !== null) return en.logs.rangeFrom(shortDay(from, today));
  return en.logs.rangeTo(shortDay(to ?? today, today));
}

function Chip(props: { readonly label: string; readonly onRemove: () => void }) {
  return (
    <button
      type="button"
      className={styles.chip}
      aria-label={en.logs.removeFilter(props.label)}
      onClick={props.onRemove}
    >
      <span>{props.label}</span>
      <Icon name="close" />
    </button>
  );
}
