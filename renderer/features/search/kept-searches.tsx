import { useEffect, useRef, useState, type ReactNode, type SyntheticEvent } from 'react';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import { readFilters, writeFilters, type ListFilters } from '../../../shared/ipc/list-filters.ts';
import { isSearched } from '../../data/filters.ts';
import { useKeptSearches, type SearchesKept } from '../../data/use-kept-searches.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon-paths.ts';
import { Popover } from '../../ui/popover.tsx';
import styles from './search.module.css';

/** Saved and recent searches: run one, save the current one, rename, remove, clear. */
export function KeptSearches(props: {
  readonly filters: ListFilters;
  readonly onFilters: (filters: ListFilters) => void;
}) {
  return (
    <Popover icon="star" label={en.search.searches} align="end">
      {(close) => <Menu {...props} close={close} />}
    </Popover>
  );
}

function Menu(props: {
  readonly filters: ListFilters;
  readonly onFilters: (filters: ListFilters) => void;
  readonly close: () => void;
}) {
  const kept = useKeptSearches();
  const [renamed, setRenamed] = useState<string | null>(null);
  const { saved, recent } = kept;
  const take = (query: string): void => {
    props.close();
    props.onFilters(readFilters(query));
  };
  return (
    <div className={styles.kept}>
      {isSearched(props.filters) ? <SaveForm filters={props.filters} kept={kept} /> : null}
      {saved.length + recent.length === 0 ? <p>{en.search.noSearches}</p> : null}
      {saved.length === 0 ? null : <h3>{en.search.saved}</h3>}
      {saved.map(({ name, query }) =>
        renamed === name ? (
          <NameForm
            key={name}
            name={name}
            onName={(to) => {
              setRenamed(null);
              if (to !== name) kept.rename(name, to);
            }}
          />
        ) : (
          <One
            key={name}
            icon="star"
            words={name}
            onTake={() => take(query)}
            onRemove={() => kept.removeSaved(name)}
          >
            <IconButton
              icon="edit"
              label={en.search.rename(visibleLine(name))}
              onClick={() => setRenamed(name)}
            />
          </One>
        ),
      )}
      {recent.length === 0 ? null : <h3>{en.search.recent}</h3>}
      {recent.map((query) => (
        <One
          key={query}
          icon="clock"
          words={wordsOf(query)}
          onTake={() => take(query)}
          onRemove={() => kept.removeRecent(query)}
        />
      ))}
      {recent.length === 0 ? null : (
        <Button size="small" tone="quiet" onClick={kept.clearRecent}>
          {en.search.clearRecent}
        </Button>
      )}
    </div>
  );
}

function One(props: {
  readonly icon: IconName;
  readonly words: string;
  readonly onTake: () => void;
  readonly onRemove: () => void;
  readonly children?: ReactNode;
}) {
  const words = visibleLine(props.words);
  return (
    <div className={styles.one}>
      <button type="button" onClick={props.onTake}>
        <Icon name={props.icon} />
        <span>{words}</span>
      </button>
      {props.children}
      <IconButton icon="close" label={en.search.remove(words)} onClick={props.onRemove} />
    </div>
  );
}

function SaveForm(props: { readonly filters: ListFilters; readonly kept: SearchesKept }) {
  const query = writeFilters(props.filters);
  const isSaved = props.kept.saved.some((one) => one.query === query);
  const [name, setName] = useState(wordsOf(query));
  if (isSaved) return null;
  const save = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (name.trim() !== '') props.kept.save(name.trim().slice(0, LONGEST_NAME), query);
  };
  return (
    <form onSubmit={save} aria-label={en.search.save}>
      <TextField
        label={en.search.save}
        value={name}
        maxLength={LONGEST_NAME}
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit">{en.search.saveIt}</Button>
    </form>
  );
}

const LONGEST_NAME = 100;

function NameForm(props: { readonly name: string; readonly onName: (name: string) => void }) {
  const [name, setName] = useState(props.name);
  const form = useRef<HTMLFormElement>(null);
  // It replaces the button that a person has just pressed.
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  return (
    <form
      ref={form}
      aria-label={en.search.rename(visibleLine(props.name))}
      onSubmit={(event) => {
        event.preventDefault();
        props.onName(name.trim() === '' ? props.name : name.trim());
      }}
    >
      <TextField
        label={en.search.name}
        value={name}
        maxLength={LONGEST_NAME}
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit">{en.search.saveIt}</Button>
    </form>
  );
}

/** A search in words: its text and its filters. */
function wordsOf(query: string): string {
  const { text, users, projects, clients } = readFilters(query);
  return [text.trim(), ...users, ...projects, ...clients]
    .filter((word) => word !== '')
    .join(' · ')
    .slice(0, 100);
}
