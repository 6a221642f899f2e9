import { useId, useState, type SyntheticEvent } from 'react';
import type { AppError } from '../../shared/app-error.ts';
import { visibleLine } from '../../shared/format/visible-text.ts';
import { en } from '../../shared/i18n/en.ts';
import type { SharedWith } from '../../shared/ipc/payloads.ts';
import { Button } from './button.tsx';
import { TextField } from './field.tsx';
import { Icon } from './icon.tsx';
import { FailureLine } from './remedy.tsx';
import styles from './share-values.module.css';
import { Skeleton } from './state.tsx';
import { useToast } from './toaster.tsx';

const words = en.sharing;

/** Says that a machine can now read the values, or no longer, with a way back. */
export function useSharingToast(): (how: 'share' | 'end', undo: () => void) => void {
  const toast = useToast();
  return (how, undo) =>
    toast({
      tone: 'success',
      cause: 'sharing',
      title: how === 'share' ? words.shared : words.ended,
      body: how === 'share' ? words.sharedBody : words.endedBody,
      action: { label: words.undo, run: undo },
    });
}

/** Lets other machines of this person read the values behind labels, by their keys, and shows this machine's own. */
export function ShareValues(props: {
  readonly sharing: {
    readonly shared: SharedWith | undefined;
    readonly busy: boolean;
    readonly error: AppError | null;
    readonly change: (key: string, how: 'share' | 'end') => void;
  };
  /** Names of machines by their keys, as far as they are known. */
  readonly names?: ReadonlyMap<string, string>;
  readonly onCopy: (text: string, what: string) => void;
}) {
  const { shared, busy, error, change } = props.sharing;
  const [typed, setTyped] = useState('');
  const key = typed.trim();
  // What was shared is in the list now.
  if (shared?.with.includes(key) === true) setTyped('');
  const add = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (key !== '') change(key, 'share');
  };
  return (
    <div className={styles.sharing}>
      <p className={styles.quiet}>{words.body}</p>
      {shared === undefined ? (
        error === null ? (
          <Skeleton lines={3} />
        ) : null
      ) : (
        <Readers keys={shared.with} names={props.names} busy={busy} onEnd={(one) => change(one, 'end')} />
      )}
      <form onSubmit={add}>
        <TextField
          label={words.field}
          hint={words.hint}
          mono
          maxLength={200}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          action={
            <Button type="submit" busy={busy} disabled={key === ''}>
              {words.share}
            </Button>
          }
        />
        <p className={styles.quiet}>{words.warning}</p>
      </form>
      {error === null ? null : <FailureLine error={error} />}
      {shared === undefined ? null : <OwnKey value={shared.key} onCopy={props.onCopy} />}
    </div>
  );
}

/** The machines that can read the values. */
function Readers(props: {
  readonly keys: readonly string[];
  readonly names: ReadonlyMap<string, string> | undefined;
  readonly busy: boolean;
  readonly onEnd: (key: string) => void;
}) {
  const list = useId();
  if (props.keys.length === 0) return <p>{words.none}</p>;
  return (
    <>
      <strong id={list}>{words.list}</strong>
      <ul aria-labelledby={list}>
        {props.keys.map((key) => {
          const name = visibleLine(props.names?.get(key) ?? key);
          return (
            <li key={key}>
              <Icon name="machine" />
              <code>
                {name === key ? null : <strong>{name} </strong>}
                {key}
              </code>
              <Button
                size="small"
                tone="quiet"
                disabled={props.busy}
                aria-label={words.endWith(name)}
                onClick={() => props.onEnd(key)}
              >
                {words.end}
              </Button>
            </li>
          );
        })}
      </ul>
    </>
  );
}

function OwnKey(props: { readonly value: string; readonly onCopy: (text: string, what: string) => void }) {
  return (
    <div className={styles.own}>
      <strong>{words.own}</strong>
      <code>{props.value}</code>
      <Button size="small" icon="copy" onClick={() => props.onCopy(props.value, words.ownWhat)}>
        {words.copy}
      </Button>
      <p className={styles.quiet}>{words.ownHint}</p>
    </div>
  );
}
