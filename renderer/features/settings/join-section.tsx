import { useState } from 'react';
import { en } from '../../../shared/i18n/en.ts';
import { useAction } from '../../data/call.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Words } from '../../ui/join-card.tsx';
import { Problem } from '../../ui/state.tsx';
import { useToast } from '../../ui/toaster.tsx';
import styles from './readers-page.module.css';

const words = en.readers;

/** How a machine without a key gets one: it asks to join, or somebody has the recovery key. */
export function JoinSection(props: { readonly onIn: () => void }) {
  const toast = useToast();
  const arrived = (): void => {
    toast({ tone: 'success', title: words.isIn });
    props.onIn();
  };
  const join = useAction('sealing.join', {
    onDone: ({ isMember }) => {
      if (isMember) arrived();
    },
  });
  return (
    <>
      <section className={styles.section}>
        {join.data === undefined || join.data.isMember ? null : (
          <>
            <h3>{words.joinWords}</h3>
            <Words words={join.data.words} />
            <p>{words.joinBody}</p>
          </>
        )}
        {join.error === null ? null : (
          <Problem error={join.error.error} except={[en.remedies.pages.readers]} />
        )}
        <div className={styles.actions}>
          {join.data === undefined ? (
            <Button tone="primary" icon="key" busy={join.isPending} onClick={() => join.mutate({})}>
              {words.join}
            </Button>
          ) : (
            <Button icon="refresh" onClick={props.onIn}>
              {words.lookAgain}
            </Button>
          )}
        </div>
      </section>
      <Recover onIn={arrived} />
    </>
  );
}

function Recover(props: { readonly onIn: () => void }) {
  const [text, setText] = useState('');
  const recover = useAction('sealing.recover', {
    onDone() {
      setText('');
      props.onIn();
    },
  });
  return (
    <details className={styles.section}>
      <summary>{words.haveRecovery}</summary>
      <form
        className={styles.section}
        onSubmit={(event) => {
          event.preventDefault();
          recover.mutate({ text });
        }}
      >
        <TextField
          label={words.recoveryField}
          hint={words.recoveryHint}
          type="password"
          mono
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        {recover.error === null ? null : <Problem error={recover.error.error} />}
        <div className={styles.actions}>
          <Button type="submit" disabled={text.trim() === ''} busy={recover.isPending}>
            {words.recover}
          </Button>
        </div>
      </form>
    </details>
  );
}
