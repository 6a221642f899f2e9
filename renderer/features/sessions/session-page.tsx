import { useState } from 'react';
import type { AppError } from '../../../shared/app-error.ts';
import { formatBytes } from '../../../shared/format/amount.ts';
import { dateTime } from '../../../shared/format/time.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { SessionRestored } from '../../../shared/ipc/sessions.ts';
import { AGENT_NAMES } from '../../../shared/transcripts/agents.ts';
import type { SessionKey, SessionRow } from '../../../shared/transcripts/session-list.ts';
import { useAction, useCall } from '../../data/call.ts';
import type { KeepSessions } from '../../data/use-keep-sessions.ts';
import { useNow } from '../../data/use-now.ts';
import { useGo } from '../../data/use-route.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState, Problem, ProblemState, Skeleton } from '../../ui/state.tsx';
import { Conversation } from './conversation.tsx';
import { State } from './session-line.tsx';
import { dueWords, lasted, logWords, safeWords } from './session-words.ts';
import styles from './sessions.module.css';

const words = en.sessions;
/** Sessions of one agent that may share an id: manually copied files. */
const SAME_ID = 20;

/** A session written to within these milliseconds may continue at any moment. */
const GOING_MS = 30 * 60_000;

/** One session: what is stored of it, and the actions on it. */
export function SessionPage(props: {
  readonly session: SessionKey;
  readonly keep: KeepSessions;
  readonly timeZone: string;
}) {
  const { session } = props;
  const go = useGo();
  const found = useCall('sessions.list', {
    agents: [session.agent],
    text: session.id,
    offset: 0,
    limit: SAME_ID,
  });
  if (found.data === undefined)
    return found.error === null ? (
      <div className={styles.loading}>
        <Skeleton lines={6} label={words.loading} />
      </div>
    ) : (
      <ProblemState
        error={found.error.error}
        actions={<Button onClick={() => void found.refetch()}>{en.common.tryAgain}</Button>}
      />
    );
  const row = found.data.rows.find(({ id }) => id === session.id);
  if (row === undefined)
    return (
      <EmptyState
        icon="raw"
        title={words.missingTitle}
        actions={<Button onClick={() => go({ view: 'sessions' })}>{words.allSessions}</Button>}
      >
        {words.missingBody}
      </EmptyState>
    );
  return <Page {...props} row={row} />;
}

function Page(props: { readonly row: SessionRow; readonly keep: KeepSessions; readonly timeZone: string }) {
  const { row, keep, timeZone } = props;
  const now = useNow();
  return (
    <article className={styles.page} aria-labelledby="session-title">
      <header>
        <h2 id="session-title" dir="auto">
          {visibleLine(row.title ?? words.untitled)}
        </h2>
        <div className={styles.states}>
          <State words={logWords(row)} />
          <State words={safeWords(row)} />
          <State words={dueWords(row, now)} />
        </div>
        <Actions row={row} keep={keep} />
      </header>
      <Facts row={row} timeZone={timeZone} />
      {row.isUnderstood && row.runs === 1 ? (
        <Conversation
          session={{ agent: row.agent, id: row.id }}
          title={visibleLine(row.title ?? words.untitled)}
          timeZone={timeZone}
          isGoing={now - row.lastAt < GOING_MS}
        />
      ) : null}
    </article>
  );
}

function Actions(props: { readonly row: SessionRow; readonly keep: KeepSessions }) {
  const { row, keep } = props;
  const go = useGo();
  const [problem, setProblem] = useState<AppError | null>(null);
  const [back, setBack] = useState<SessionRestored | null>(null);
  const restore = useAction('sessions.restore', {
    onDone: (restored) => {
      setProblem(null);
      setBack(restored);
    },
    onFailed: setProblem,
  });
  const { agent, id, logId, copy } = row;
  const isWanted = copy !== 'whole' || row.log === 'forgotten';
  const canKeep = isWanted && row.log !== 'never' && row.countdown.state !== 'gone';
  return (
    <>
      <div className={styles.buttons}>
        {logId === null ? null : (
          <Button icon="logs" onClick={() => go({ view: 'logs', log: logId })}>
            {words.openLog}
          </Button>
        )}
        {canKeep ? (
          <Button icon="download" busy={keep.busy} onClick={() => keep.start([{ agent, id }])}>
            {words.keepOne}
          </Button>
        ) : null}
        {row.countdown.state === 'gone' && copy !== 'none' ? (
          <Button icon="refresh" busy={restore.isPending} onClick={() => restore.mutate({ agent, id })}>
            {words.restore}
          </Button>
        ) : null}
      </div>
      {problem === null ? null : <Problem error={problem} title={words.restoreFailed} />}
      {back === null ? null : <Restored restored={back} />}
    </>
  );
}

function Restored(props: { readonly restored: SessionRestored }) {
  const { files } = props.restored;
  return (
    <div role="status" className={styles.restored}>
      <p>{files.some(({ action }) => action === 'restored') ? words.restored : words.restoredThere}</p>
      {files.map(({ path, command }) => (
        <p key={path}>
          <code>{visibleLine(path)}</code>
          {command === null ? null : <> {visibleLine(words.restoreCommand(command))}</>}
        </p>
      ))}
    </div>
  );
}

function Facts(props: { readonly row: SessionRow; readonly timeZone: string }) {
  const { row, timeZone } = props;
  const names = words.factNames;
  const { prompts, changedFiles, commands, commits } = row;
  const did = [
    prompts === null ? '' : words.prompts(prompts),
    changedFiles === null || changedFiles === 0 ? '' : words.files(changedFiles),
    commands === null || commands === 0 ? '' : words.commands(commands),
    commits === null || commits === 0 ? '' : words.commits(commits),
  ];
  const when = dateTime(row.startedAt ?? row.lastAt, timeZone);
  const length = lasted(row);
  const facts: readonly (readonly [string, string])[] = [
    [words.agent, AGENT_NAMES[row.agent]],
    [names.when, length === null ? when : words.when(when, length)],
    [names.folder, row.folder ?? ''],
    [names.model, row.models.join(', ')],
    [names.did, did.filter((part) => part !== '').join(', ')],
    [names.size, formatBytes(row.size)],
    [names.id, row.id],
  ];
  return (
    <dl className={styles.details} aria-label={words.facts}>
      {facts
        .filter(([, value]) => value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{visibleLine(value)}</dd>
          </div>
        ))}
    </dl>
  );
}
