import { useState } from 'react';
import { en } from '../../../shared/i18n/en.ts';
import { AGENT_NAMES, type AgentId } from '../../../shared/transcripts/agents.ts';
import { AT_RISK_DAYS } from '../../../shared/transcripts/countdown.ts';
import type { SessionKey } from '../../../shared/transcripts/session-list.ts';
import { groupBy } from '../../../shared/group-by.ts';
import { useKeepSessions, type KeepSessions } from '../../data/use-keep-sessions.ts';
import { useGo } from '../../data/use-route.ts';
import { useSessionList, type SessionFilter, type SessionRows } from '../../data/use-session-list.ts';
import { useSettings } from '../../data/use-settings.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { KeepCourse } from '../../ui/keep-course.tsx';
import { SplitPane } from '../../ui/split-pane.tsx';
import { EmptyState, ProblemState, Skeleton } from '../../ui/state.tsx';
import { useToast } from '../../ui/toaster.tsx';
import { useNarrow } from '../../ui/use-narrow.ts';
import { SessionList } from './session-list.tsx';
import { SessionPage } from './session-page.tsx';
import { dueLine, sumsLine } from './session-words.ts';
import styles from './sessions.module.css';

const words = en.sessions;
const WEEK_DAYS = 7;

export interface SessionsViewProps {
  /** The open session; null for none. */
  readonly session: SessionKey | null;
  /** The address requests what will soon be lost. */
  readonly atRisk: boolean;
  readonly timeZone: string;
  readonly today: string;
}

/** Every session of every agent on this machine, what is stored of it, and how long the agent keeps it. */
export function SessionsView(props: SessionsViewProps) {
  const { session } = props;
  const go = useGo();
  const narrow = useNarrow();
  const keep = useKeepSessions();
  const [filter, setFilter] = useState<SessionFilter>(props.atRisk ? { atRisk: true } : {});
  const [asked, setAsked] = useState(props.atRisk);
  // A notification leads here even while the page is open.
  if (asked !== props.atRisk) {
    setAsked(props.atRisk);
    if (props.atRisk) setFilter({ atRisk: true });
  }
  const rows = useSessionList(filter);
  const list = (
    <div className={styles.pane}>
      <header className={styles.header}>
        <Sums rows={rows} keep={keep} timeZone={props.timeZone} />
        <Offer isThere={(rows.page?.sums.total ?? 0) > 0} />
        <Filters filter={filter} rows={rows} onChange={setFilter} />
      </header>
      <Rows
        {...props}
        rows={rows}
        filter={filter}
        onShowAll={() => setFilter({})}
        onOpen={({ agent, id }) => go({ view: 'sessions', session: { agent, id } })}
      />
    </div>
  );
  const page =
    session === null ? (
      <EmptyState icon="raw" title={words.chooseTitle}>
        <p>{words.chooseBody}</p>
        <p>{words.keys}</p>
      </EmptyState>
    ) : (
      <SessionPage
        key={`${session.agent} ${session.id}`}
        session={session}
        keep={keep}
        timeZone={props.timeZone}
      />
    );
  if (narrow)
    return (
      <div className={styles.view}>
        {session === null ? (
          list
        ) : (
          <div className={styles.reader} data-scroller>
            <Button tone="quiet" icon="chevron-left" onClick={() => go({ view: 'sessions' })}>
              {words.allSessions}
            </Button>
            {page}
          </div>
        )}
      </div>
    );
  return (
    <div className={styles.view}>
      <SplitPane name="sessions" label={en.common.resizeList} initial={30} min={20} max={46}>
        {list}
      </SplitPane>
      <div className={styles.reader} data-scroller>
        {page}
      </div>
    </div>
  );
}

/** How many there are, how many will be deleted, and the button that keeps them. */
function Sums(props: { readonly rows: SessionRows; readonly keep: KeepSessions; readonly timeZone: string }) {
  const { rows, keep } = props;
  const sums = rows.page?.sums;
  const isEmpty = sums === undefined || sums.total + sums.runs === 0;
  const due = sums === undefined ? null : dueLine(sums);
  return (
    <>
      <div className={styles.titleLine}>
        <h2>{words.title}</h2>
        {isEmpty || keep.busy ? null : sums.toKeep === 0 ? (
          <span className={styles.allKept}>
            <Icon name="check" />
            {words.allKept}
          </span>
        ) : (
          <Button icon="download" onClick={() => keep.start('all')}>
            {words.keepAll}
          </Button>
        )}
      </div>
      {isEmpty ? null : <p>{sumsLine(sums)}</p>}
      {due === null ? null : <p className={sums?.dueOnlyThere === 0 ? undefined : styles.due}>{due}</p>}
      <KeepCourse keep={keep} timeZone={props.timeZone} />
      <MoreToKnow page={rows.page} />
    </>
  );
}

/** Accounts of one agent with the same retention form one offer. */
function offersByTitle(page: SessionRows['page']) {
  return groupBy(page?.offers ?? [], ({ agent, days }) => words.offersTitle(AGENT_NAMES[agent], days));
}

/** How to make an agent keep its sessions longer, and what could not be read. */
function MoreToKnow({ page }: { readonly page: SessionRows['page'] }) {
  return (
    <>
      {[...offersByTitle(page)].map(([title, offers]) => (
        <details key={title} className={styles.more}>
          <summary>{title}</summary>
          <p>{words.offersBody}</p>
          {offers.map(({ path }) => (
            <code key={path}>{path}</code>
          ))}
          <code>{offers[0]?.edit}</code>
        </details>
      ))}
      {(page?.notices.length ?? 0) === 0 ? null : (
        <details className={styles.more}>
          <summary>{words.notices(page?.notices.length ?? 0)}</summary>
          {page?.notices.map(({ path, problem }) => (
            <p key={`${path} ${problem}`}>
              <code>{path}</code> {problem}
            </p>
          ))}
        </details>
      )}
    </>
  );
}

/** Says that nothing is kept automatically, and turns that on. */
function Offer(props: { readonly isThere: boolean }) {
  const toast = useToast();
  const editor = useSettings(() => toast({ tone: 'success', cause: 'capture', title: words.turnedOn }));
  if (editor.view === null || editor.view.settings.capture.mode !== 'off' || !props.isThere) return null;
  const problem = Object.values(editor.errors)[0];
  return (
    <div className={styles.offer}>
      <p>{words.off}</p>
      <Button
        size="small"
        title={words.turnOnHelp}
        busy={editor.saving}
        onClick={() => editor.change({ capture: { mode: 'on' } })}
      >
        {words.turnOn}
      </Button>
      {problem === undefined ? null : <p role="alert">{problem}</p>}
    </div>
  );
}

function Filters(props: {
  readonly filter: SessionFilter;
  readonly rows: SessionRows;
  readonly onChange: (filter: SessionFilter) => void;
}) {
  const { filter, rows, onChange } = props;
  const sums = rows.page?.sums;
  if (sums === undefined || sums.total + sums.runs === 0) return null;
  const { text = '', agents } = filter;
  const show = filter.atRisk === true ? 'lost' : filter.dueWithin === undefined ? 'all' : 'soon';
  const change = (next: {
    readonly text?: string;
    readonly agent?: AgentId | null;
    readonly show?: 'all' | 'soon' | 'lost';
  }): void => {
    const chosen = next.agent === undefined ? (agents?.[0] ?? null) : next.agent;
    const said = next.text ?? text;
    const shown = next.show ?? show;
    onChange({
      ...(said === '' ? {} : { text: said }),
      ...(chosen === null ? {} : { agents: [chosen] }),
      ...(shown === 'soon' ? { dueWithin: WEEK_DAYS } : {}),
      ...(shown === 'lost' ? { atRisk: true } : {}),
    });
  };
  return (
    <div className={styles.filters}>
      <TextField
        label={words.words}
        type="search"
        placeholder={words.wordsHint}
        maxLength={500}
        value={text}
        onChange={(event) => change({ text: event.target.value })}
      />
      <SelectField
        label={words.agent}
        value={agents?.[0] ?? 'all'}
        options={[
          { value: 'all', label: words.everyAgent },
          ...sums.agents.map(({ agent }) => ({ value: agent, label: AGENT_NAMES[agent] })),
        ]}
        onChange={(value) => change({ agent: value === 'all' ? null : value })}
      />
      <SelectField
        label={words.show}
        value={show}
        options={[
          { value: 'all', label: words.showOptions.all },
          { value: 'soon', label: words.showOptions.soon },
          { value: 'lost', label: words.showOptions.lost(AT_RISK_DAYS) },
        ]}
        onChange={(next) => change({ show: next })}
      />
    </div>
  );
}

function Rows(
  props: SessionsViewProps & {
    readonly rows: SessionRows;
    readonly filter: SessionFilter;
    readonly onShowAll: () => void;
    readonly onOpen: (session: SessionKey) => void;
  },
) {
  const { rows, filter } = props;
  const { page, error } = rows;
  if (page === undefined)
    return error === null ? (
      <div className={styles.loading}>
        <Skeleton lines={10} />
      </div>
    ) : (
      <ProblemState
        error={error.error}
        actions={<Button onClick={rows.retry}>{en.common.tryAgain}</Button>}
      />
    );
  if (page.total === 0)
    return Object.keys(filter).length > 0 ? (
      <EmptyState
        icon="search"
        title={words.noMatchTitle}
        actions={<Button onClick={props.onShowAll}>{words.showAll}</Button>}
      >
        {words.noMatchBody}
      </EmptyState>
    ) : (
      <EmptyState
        icon="raw"
        title={words.emptyTitle}
        actions={<Button onClick={rows.retry}>{en.common.tryAgain}</Button>}
      >
        {words.emptyBody}
      </EmptyState>
    );
  return <SessionList {...props} total={page.total} scrollKey={JSON.stringify(filter)} />;
}
