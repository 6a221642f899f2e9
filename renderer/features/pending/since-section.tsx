import { useMemo, useState } from 'react';
import type { NewsLog, NewsReport } from '../../../shared/domain/news.ts';
import { hitTitle } from '../../../shared/format/log-title.ts';
import { isNothingNew, lookedWhen, newsCounts } from '../../../shared/format/news-words.ts';
import { shortDay } from '../../../shared/format/time.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import { hashOf } from '../../../shared/ipc/route.ts';
import { groupBy } from '../../../shared/group-by.ts';
import { useAction, useCall } from '../../data/call.ts';
import { Button } from '../../ui/button.tsx';
import { useToastFailure } from '../../ui/remedy.tsx';
import { Problem, Skeleton } from '../../ui/state.tsx';
import { useToast } from '../../ui/toaster.tsx';
import styles from './pending.module.css';

/** Logs of one project drawn before a person requests all. */
const SHOWN = 20;
/** Projects listed before a person requests all: the tasks below must not be far away. */
const PROJECTS = 6;

interface SinceProps {
  readonly today: string;
  readonly timeZone: string;
}

/** What arrived since the reader last looked, by project and person. Only the button marks it as seen. */
export function SinceSection(props: SinceProps) {
  const news = useCall('news.list', {}, { keepPrevious: true });
  if (news.data === undefined)
    return news.error === null ? (
      <Skeleton lines={3} />
    ) : (
      <Problem
        error={news.error.error}
        actions={<Button onClick={() => void news.refetch()}>{en.common.tryAgain}</Button>}
      />
    );
  return <Report {...props} report={news.data} />;
}

function Report(props: SinceProps & { readonly report: NewsReport }) {
  const { report, today, timeZone } = props;
  const projects = useMemo(
    () => [...groupBy(report.logs, ({ project, client }) => project ?? client ?? en.pending.noProject)],
    [report.logs],
  );
  const [all, setAll] = useState(false);
  const shown = all ? projects : projects.slice(0, PROJECTS);
  const nothing = isNothingNew(report);
  return (
    <section className={styles.since} aria-labelledby="since">
      <header>
        <div>
          <h3 id="since">
            {report.since === null
              ? en.news.firstWeek
              : en.news.since(lookedWhen(report.since, today, timeZone))}
          </h3>
          <p role="status">{nothing ? en.news.nothing : newsCounts(report)}</p>
          {report.since === null && !nothing ? <p>{en.news.never}</p> : null}
        </div>
        {nothing ? null : <Looked report={report} />}
      </header>
      {report.notes + report.tasks === 0 ? null : (
        <p className={styles.facts}>
          {report.notes === 0 ? null : (
            <a href={hashOf({ view: 'notes' })}>{en.news.notesLink(report.notes)}</a>
          )}
          {report.notes > 0 && report.tasks > 0 ? ' · ' : ''}
          {report.tasks === 0 ? '' : en.news.newTasks(report.tasks)}
        </p>
      )}
      {shown.map(([name, logs]) => (
        <ProjectNews key={name} name={name} items={logs} today={today} />
      ))}
      {shown.length === projects.length ? null : (
        <div>
          <Button size="small" tone="quiet" onClick={() => setAll(true)}>
            {en.news.otherProjects(projects.length - shown.length)}
          </Button>
        </div>
      )}
    </section>
  );
}

/** Marks what is shown as seen, and undoes that. */
function Looked(props: { readonly report: NewsReport }) {
  const { report } = props;
  const toast = useToast();
  const failed = useToastFailure();
  const back = useAction('news.looked', { onFailed: failed });
  const looked = useAction('news.looked', {
    onFailed: failed,
    onDone: (before) =>
      toast({
        tone: 'success',
        cause: 'looked',
        title: en.news.lookedDone,
        // A reader who never looked before is reset to where the report began.
        action: { label: en.news.undo, run: () => back.mutate(before ?? { upTo: report.from, seen: {} }) },
      }),
  });
  return (
    <Button icon="eye" busy={looked.isPending} onClick={() => looked.mutate(report.look)}>
      {en.news.looked}
    </Button>
  );
}

function ProjectNews(props: {
  readonly name: string;
  readonly items: readonly NewsLog[];
  readonly today: string;
}) {
  const { name, items } = props;
  const [all, setAll] = useState(false);
  const people = groupBy(items, ({ user, author }) => author ?? user ?? en.pending.nobody);
  const shown = all ? items : items.slice(0, SHOWN);
  return (
    <details className={styles.news}>
      <summary>
        <strong>{visibleLine(name)}</strong> <span>{en.news.logCount(items.length)}</span>{' '}
        <small>
          {[...people].map(([person, own]) => en.news.person(visibleLine(person), own.length)).join(', ')}
        </small>
      </summary>
      <ul>
        {shown.map((log) => (
          <li key={log.id}>
            <a href={hashOf({ view: 'logs', log: log.id })} dir="auto">
              {visibleLine(hitTitle({ ...log, day: log.date }))}
            </a>
            <span className={styles.facts}>
              {visibleLine([log.author ?? log.user, log.host].filter((part) => part !== null).join(' · '))} ·{' '}
              <time dateTime={log.date}>{shortDay(log.date, props.today)}</time>
              {log.grown ? ` · ${en.news.grown}` : ''}
            </span>
          </li>
        ))}
      </ul>
      {shown.length === items.length ? null : (
        <Button size="small" tone="quiet" onClick={() => setAll(true)}>
          {en.news.showAll(items.length)}
        </Button>
      )}
    </details>
  );
}
