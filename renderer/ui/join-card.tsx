import type { ReactNode } from 'react';
import type { AppError } from '../../shared/app-error.ts';
import { visibleLine } from '../../shared/format/visible-text.ts';
import { en } from '../../shared/i18n/en.ts';
import type { AdmissionRequest } from '../../shared/ipc/sealing.ts';
import { Button } from './button.tsx';
import styles from './join-card.module.css';
import { Callout, Problem } from './state.tsx';

const words = en.readers;

/** A fingerprint as two people read it to each other. */
export function Words(props: { readonly words: readonly string[] }) {
  return (
    <ol className={styles.words}>
      {props.words.map((word, at) => (
        // A word may occur twice.
        <li key={`${at} ${word}`}>{word}</li>
      ))}
    </ol>
  );
}

/** A machine that asks to join, with its words. */
export function JoinCard(props: {
  readonly request: AdmissionRequest;
  readonly busy: boolean;
  /** Why it was not admitted; null for none. */
  readonly error: AppError | null;
  readonly onAdmit: (admission: { readonly machine: string; readonly words: string[] }) => void;
  /** Further answers. */
  readonly actions?: ReactNode;
}) {
  const { machine, name, words: own, nameIsTaken } = props.request;
  return (
    <Callout
      tone={nameIsTaken ? 'wait' : 'note'}
      icon="key"
      title={words.asks(visibleLine(name))}
      actions={
        <>
          <Button
            tone="primary"
            busy={props.busy}
            onClick={() => props.onAdmit({ machine, words: [...own] })}
          >
            {words.same}
          </Button>
          {props.actions}
        </>
      }
    >
      {nameIsTaken ? <p>{words.nameIsTaken}</p> : null}
      <p>{words.asksBody}</p>
      <Words words={own} />
      {props.error === null ? null : <Problem error={props.error} />}
    </Callout>
  );
}
