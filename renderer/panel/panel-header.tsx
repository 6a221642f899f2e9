import { pendingWords, stateTitle } from '../../shared/format/state-title.ts';
import { ago, clockTime } from '../../shared/format/time.ts';
import { en } from '../../shared/i18n/en.ts';
import type { Route } from '../../shared/ipc/route.ts';
import type { AttentionItem, StatusSnapshot } from '../../shared/ipc/status.ts';
import { useAction } from '../data/call.ts';
import { useNow } from '../data/use-now.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { FailureLine } from '../ui/remedy.tsx';
import { Problem } from '../ui/state.tsx';
import { StateEmblem } from '../ui/state-emblem.tsx';
import { isAskedAgain, isQuestion, lookOf } from '../ui/state-words.ts';
import styles from './panel-app.module.css';

/** Answers that preserve what they replace; if one is irreversible, all are given where there is room to confirm. */
function Answers({ item }: { readonly item: AttentionItem }) {
  const answer = useAction('attention.answer');
  if (item.answers.some(isAskedAgain)) return null;
  return (
    <>
      {item.answers.map((one) => (
        <Button
          key={one}
          size="small"
          title={one in en.sync.answerHelp ? en.sync.answerHelp[one as keyof typeof en.sync.answerHelp] : ''}
          busy={answer.isPending && answer.variables.answer === one}
          onClick={() => answer.mutate({ item: item.id, answer: one })}
        >
          {en.sync.answers[one]}
        </Button>
      ))}
      {answer.error === null ? null : <FailureLine error={answer.error.error} />}
    </>
  );
}

/** The state in one word, what is pending, and what needs a decision. */
export function PanelHeader(props: {
  readonly status: StatusSnapshot;
  readonly timeZone: string;
  readonly onGo: (route: Route) => void;
}) {
  const { status, onGo } = props;
  const now = useNow();
  const { paused } = status;
  const [first] = status.attention;
  return (
    <header className={styles.header}>
      <h1 className="visually-hidden">{en.panel.title}</h1>
      <div className={styles.state} role="status">
        <StateEmblem look={lookOf(status)} size="panel" />
        <div>
          <h2>{stateTitle(status)}</h2>
          <p>
            {status.lastSuccess === null
              ? en.sync.noSuccess
              : en.sync.lastSuccess(ago(status.lastSuccess, now))}
            {status.pending.logs === 0 || pendingWords(status) === '' ? '' : ` · ${pendingWords(status)}`}
          </p>
          {paused === null ? null : (
            <p className={styles.paused}>
              {paused.until === null
                ? en.sync.pausedWhy[paused.reason]
                : en.sync.pausedUntil(clockTime(paused.until, props.timeZone))}
            </p>
          )}
        </div>
        {status.unread === 0 ? null : (
          <button type="button" className={styles.unread} onClick={() => onGo({ view: 'notes' })}>
            <Icon name="notes" />
            {en.common.unread(status.unread)}
          </button>
        )}
      </div>
      {status.firstRun ? (
        <div className={styles.setUp}>
          <p>{en.panel.setUpBody}</p>
          <Button tone="primary" size="small" onClick={() => onGo({ view: 'welcome' })}>
            {en.panel.setUp}
          </Button>
        </div>
      ) : null}
      {first === undefined ? null : (
        <Problem
          error={first.error}
          calm={isQuestion(first.kind)}
          title={
            status.attention.length === 1
              ? en.sync.attentionKinds[first.kind]
              : en.panel.attention(status.attention.length)
          }
          actions={
            <>
              <Answers key={first.id} item={first} />
              <Button size="small" onClick={() => onGo({ view: 'sync' })}>
                {en.panel.show}
              </Button>
            </>
          }
        />
      )}
    </header>
  );
}
