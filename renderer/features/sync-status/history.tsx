import { formatCount } from '../../../shared/format/amount.ts';
import { ago, dateTime, span } from '../../../shared/format/time.ts';
import { visibleLine, visibleText } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { FinishedOperation, GitReceipt, OperationOutcome } from '../../../shared/ipc/operation.ts';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon-paths.ts';
import { Badge, type Tone } from '../../ui/indicator.tsx';
import { endWords } from '../../ui/operation-words.ts';
import { useShownFailure } from '../../ui/remedy.tsx';
import { Problem } from '../../ui/state.tsx';
import styles from './history.module.css';

const LOOKS: Readonly<Record<OperationOutcome, { readonly tone: Tone; readonly icon: IconName }>> = {
  done: { tone: 'good', icon: 'check' },
  partial: { tone: 'wait', icon: 'alert' },
  deferred: { tone: 'wait', icon: 'clock' },
  failed: { tone: 'bad', icon: 'alert' },
  cancelled: { tone: 'plain', icon: 'close' },
};
const SHOWN = 40;

export interface HistoryProps {
  readonly finished: readonly FinishedOperation[];
  readonly timeZone: string;
  readonly now: number;
}

/** Past operations, newest first; each expands to what it did. */
export function History(props: HistoryProps) {
  return (
    <section className={styles.history} aria-label={en.sync.history}>
      <h3>{en.sync.history}</h3>
      {props.finished.length === 0 ? <p className={styles.none}>{en.sync.noHistory}</p> : null}
      {props.finished.slice(0, SHOWN).map((operation) => (
        <details key={operation.id} className={styles.entry}>
          <summary>
            <Icon name="chevron-right" />
            <strong>{en.sync.kinds[operation.kind]}</strong>
            <Badge {...LOOKS[operation.outcome]}>{en.sync.outcomes[operation.outcome]}</Badge>
            <span className={styles.words}>
              {endWords(operation.kind, operation.outcome, operation.summary)}
            </span>
            <time title={dateTime(operation.finishedAt, props.timeZone)}>
              {ago(operation.finishedAt, props.now)}
            </time>
          </summary>
          <Details operation={operation} timeZone={props.timeZone} />
        </details>
      ))}
    </section>
  );
}

function Details(props: { readonly operation: FinishedOperation; readonly timeZone: string }) {
  const { operation } = props;
  const { summary } = operation;
  const more = summary.failedTotal - summary.failed.length;
  const shown = useShownFailure();
  return (
    <div className={styles.details}>
      <p>
        {[
          dateTime(operation.startedAt, props.timeZone),
          span(operation.finishedAt - operation.startedAt),
          en.sync.causes[operation.cause],
          operation.subject === null ? '' : visibleLine(operation.subject),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {operation.error === null ? null : <Problem error={operation.error} />}
      {summary.failed.length === 0 ? null : (
        <div>
          <h4>{en.sync.failedLogs}</h4>
          <ul>
            {summary.failed.map(({ path, error }) => (
              <li key={path}>
                <code>{visibleLine(path)}</code> {visibleText(shown(error).message)}
              </li>
            ))}
          </ul>
          {more > 0 ? <p>{en.sync.andMore(formatCount(more))}</p> : null}
        </div>
      )}
      {summary.receipts.map((receipt) => (
        <Receipt key={receipt.workspace} receipt={receipt} />
      ))}
    </div>
  );
}

/** What a git sync did in one workspace. */
function Receipt(props: { readonly receipt: GitReceipt }) {
  const { receipt } = props;
  const { commit, pushed } = receipt;
  const facts: readonly (readonly [string, string | null])[] = [
    [en.sync.receiptCommit, commit === null ? null : `${commit.sha.slice(0, 9)} ${commit.subject}`],
    [en.sync.receiptAuthor, receipt.author],
    [
      en.sync.receiptPush,
      pushed === null
        ? null
        : `${pushed.from.slice(0, 9)}..${pushed.to.slice(0, 9)} ${pushed.branch} (${pushed.remote})`,
    ],
    [
      en.sync.receiptWiki,
      receipt.wikiArticles === 0 ? null : en.sync.receiptArticles(formatCount(receipt.wikiArticles)),
    ],
    [en.sync.receiptLeft, receipt.leftAlone.length === 0 ? null : receipt.leftAlone.join(', ')],
  ];
  return (
    <div className={styles.receipt}>
      <h4>
        {en.sync.receipt}: {visibleLine(receipt.workspace)}
      </h4>
      <dl>
        {facts.map(([name, value]) =>
          value === null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{visibleLine(value)}</dd>
            </div>
          ),
        )}
        {receipt.files.map((file) => (
          <div key={file.path}>
            <dt>{en.sync.receiptFiles}</dt>
            <dd>
              <code>{visibleLine(file.path)}</code>{' '}
              {en.sync.receiptLines(en.sync.receiptKinds[file.kind], formatCount(file.linesAdded))}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
