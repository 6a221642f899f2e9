import { useState } from 'react';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { CallInput } from '../../../shared/ipc/contract.ts';
import { EVERY_TASK, type TaskFilters } from '../../../shared/ipc/task-filters.ts';
import { useCall } from '../../data/call.ts';
import { usePeople } from '../../data/use-people.ts';
import { useGo } from '../../data/use-route.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, SwitchField } from '../../ui/field.tsx';
import { EmptyState, ProblemState, Skeleton } from '../../ui/state.tsx';
import { SinceSection } from './since-section.tsx';
import { TaskList } from './task-list.tsx';
import styles from './pending.module.css';

export interface PendingViewProps {
  readonly filters: TaskFilters;
  readonly timeZone: string;
  readonly today: string;
}

const NOBODY: readonly string[] = [];

/** What is new since the reader last looked, and everybody's pending tasks. */
export function PendingView(props: PendingViewProps) {
  const { filters, timeZone, today } = props;
  const facets = useCall('logs.facets', {}).data;
  const users = facets?.users.map(({ value }) => value) ?? NOBODY;
  const people = usePeople(users);
  return (
    <div className={styles.view}>
      <div className={styles.page}>
        <header className={styles.header}>
          <h2>{en.pending.title}</h2>
          <p>{en.pending.intro}</p>
        </header>
        <SinceSection timeZone={timeZone} today={today} />
        <section aria-labelledby="to-do">
          <h3 id="to-do" className={styles.toDo}>
            {en.pending.toDo}
          </h3>
          <Filters
            filters={filters}
            users={users}
            projects={[
              ...new Set([...(facets?.projects ?? []), ...(facets?.clients ?? [])].map(({ value }) => value)),
            ]}
            people={people}
          />
          {/* Another selection starts with the first tasks again. */}
          <Tasks key={JSON.stringify(filters)} {...props} people={people} />
        </section>
      </div>
    </div>
  );
}

/** The author of the log, as selected in the people box: everybody, the reader, or a name. */
function Filters(props: {
  readonly filters: TaskFilters;
  readonly users: readonly string[];
  readonly projects: readonly string[];
  readonly people: ReadonlyMap<string, string>;
}) {
  const { filters, users, projects, people } = props;
  const go = useGo();
  const change = (next: Partial<TaskFilters>): void =>
    go({ view: 'pending', tasks: { ...filters, ...next } });
  const person = filters.mine ? 'mine' : filters.person === null ? 'all' : `=${filters.person}`;
  return (
    <div className={styles.filters} role="group" aria-label={en.pending.filters}>
      <SelectField
        label={en.pending.person}
        value={person}
        options={[
          { value: 'all', label: en.pending.everybody },
          { value: 'mine', label: en.pending.onlyMine },
          ...withChosen(users, filters.person).map((user) => ({
            value: `=${user}`,
            label: visibleLine(people.get(user) ?? user),
          })),
        ]}
        onChange={(value) =>
          change({ mine: value === 'mine', person: value.startsWith('=') ? value.slice(1) : null })
        }
      />
      <SelectField
        label={en.pending.project}
        value={filters.project === null ? 'all' : `=${filters.project}`}
        options={[
          { value: 'all', label: en.pending.everyProject },
          ...withChosen(projects, filters.project).map((name) => ({
            value: `=${name}`,
            label: visibleLine(name),
          })),
        ]}
        onChange={(value) => change({ project: value === 'all' ? null : value.slice(1) })}
      />
      <SwitchField label={en.pending.doneToo} checked={filters.done} onChange={(done) => change({ done })} />
    </div>
  );
}

/** A bookmark may name what no log contains any more: it is still selected. */
function withChosen(names: readonly string[], chosen: string | null): readonly string[] {
  return chosen === null || names.includes(chosen) ? names : [...names, chosen];
}

/** Tasks requested at first, and with each request for more; the channel returns at most the last number. */
const FIRST = 100;
const STEP = 400;
const MOST = 2_000;

function Tasks(props: PendingViewProps & { readonly people: ReadonlyMap<string, string> }) {
  const { filters, people, timeZone, today } = props;
  const go = useGo();
  const [limit, setLimit] = useState(FIRST);
  const list = useCall('pending.list', questionOf(filters, limit), { keepPrevious: true });
  const report = list.data;
  if (report === undefined)
    return list.error === null ? (
      <Skeleton lines={8} />
    ) : (
      <ProblemState
        error={list.error.error}
        actions={<Button onClick={() => void list.refetch()}>{en.common.tryAgain}</Button>}
      />
    );
  const isNarrowed = filters.mine || filters.person !== null || filters.project !== null;
  return (
    <>
      <p className={styles.count}>
        <span role="status">
          {filters.done ? en.pending.openAndDone(report.open, report.done) : en.pending.open(report.open)}
        </span>
        {report.threads.length === 0 ? null : <span>{en.pending.keys}</span>}
      </p>
      {report.threads.length > 0 ? (
        <TaskList threads={report.threads} {...{ people, timeZone, today }} />
      ) : isNarrowed ? (
        <EmptyState
          icon="box-checked"
          title={en.pending.noMatchTitle}
          actions={
            <Button onClick={() => go({ view: 'pending', tasks: { ...EVERY_TASK, done: filters.done } })}>
              {en.pending.showAll}
            </Button>
          }
        >
          {en.pending.noMatchBody}
        </EmptyState>
      ) : (
        <EmptyState icon="box-checked" title={en.pending.emptyTitle}>
          {en.pending.emptyBody}
        </EmptyState>
      )}
      {!report.more ? null : limit < MOST ? (
        <Button busy={list.isPlaceholderData} onClick={() => setLimit(Math.min(MOST, limit + STEP))}>
          {en.pending.more}
        </Button>
      ) : (
        <p className={styles.count}>{en.pending.tooMany}</p>
      )}
    </>
  );
}

function questionOf(filters: TaskFilters, limit: number): CallInput<'pending.list'> {
  return {
    limit,
    ...(filters.mine ? { mine: true } : {}),
    ...(filters.done ? { all: true } : {}),
    ...(filters.person === null ? {} : { users: [filters.person] }),
    ...(filters.project === null ? {} : { projects: [filters.project] }),
  };
}
