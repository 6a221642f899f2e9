import { visibleLine, visibleText } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { SavePart, SaveReceipt } from '../../../shared/ipc/saving.ts';
import { Button } from '../../ui/button.tsx';
import { StateDot } from '../../ui/indicator.tsx';
import { Callout } from '../../ui/state.tsx';
import styles from './save-dialog.module.css';
import { FailureLine } from '../../ui/remedy.tsx';

type Tone = 'good' | 'wait' | 'bad';

const words = en.save;

/** The result of a save: the log, and honestly what else is done, will be retried, or needs a person. */
export function SavedReceipt(props: { readonly receipt: SaveReceipt; readonly onNotes: () => void }) {
  const { receipt } = props;
  return (
    <div className={styles.receipt}>
      <p>
        <code>{visibleLine(receipt.file)}</code>
        {receipt.action === 'unchanged' ? '' : `, ${words.lines(receipt.lines)}`}
      </p>
      <p>{words.signedBy(visibleLine(receipt.author.name), visibleLine(receipt.author.user))}</p>
      <ul className={styles.parts}>
        {(['daily', 'git', 'vault', 'store'] as const).map((part) => (
          <Part key={part} name={part} part={receipt[part]} />
        ))}
      </ul>
      {receipt.warnings.map((warning) => (
        <Callout key={warning} tone="wait" icon="alert" title={visibleText(warning)} />
      ))}
      {receipt.notes === 0 ? null : (
        <Callout
          tone="note"
          icon="notes"
          title={words.notes(receipt.notes)}
          actions={<Button onClick={props.onNotes}>{words.readNotes}</Button>}
        />
      )}
    </div>
  );
}

function Part({ name, part }: { readonly name: keyof typeof words.endings; readonly part: SavePart }) {
  if (part.ending === 'none') return null;
  const { error } = part;
  return (
    <li>
      <StateDot tone={toneOf(part)} />
      <div>
        <p>
          <strong>{words.parts[name]}</strong> <span>{endingText(name, part)}</span>
        </p>
        {error === null ? null : (
          <div className={styles.quiet}>
            <FailureLine error={error} />
          </div>
        )}
      </div>
    </li>
  );
}

function endingText(name: keyof typeof words.endings, { ending }: SavePart): string {
  const texts: Readonly<Record<string, string>> & { readonly other: string } = words.endings[name];
  return texts[ending === 'cancelled' ? 'deferred' : ending] ?? texts.other;
}

function toneOf({ ending }: SavePart): Tone {
  if (ending === 'done' || ending === 'local') return 'good';
  return ending === 'attention' || ending === 'failed' ? 'bad' : 'wait';
}
