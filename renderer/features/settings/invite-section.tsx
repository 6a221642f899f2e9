import { useState } from 'react';
import { en } from '../../../shared/i18n/en.ts';
import { useAction } from '../../data/call.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useMarkdownActions } from '../../ui/markdown/markdown-actions.ts';
import { FailureLine } from '../../ui/remedy.tsx';
import styles from './readers-page.module.css';

const words = en.readers;

/** What a colleague needs to join the same store, as text to send. */
export function InviteSection() {
  const [isOpen, setOpen] = useState(false);
  const { onCopy } = useMarkdownActions();
  const invite = useAction('sealing.invite', { onDone: () => setOpen(true) });
  const text =
    invite.data === undefined ? '' : words.invitation(invite.data.link, invite.data.lines.join('\n'));
  return (
    <section className={styles.section}>
      <h3>{words.invite}</h3>
      <p className={styles.quiet}>{words.inviteBody}</p>
      {invite.error === null ? null : <FailureLine error={invite.error.error} />}
      <div className={styles.actions}>
        <Button icon="link" busy={invite.isPending} onClick={() => invite.mutate({})}>
          {words.inviteAction}
        </Button>
      </div>
      {isOpen ? (
        <Dialog
          title={words.inviteTitle}
          onClose={() => setOpen(false)}
          footer={
            <>
              <Button onClick={() => setOpen(false)}>{words.keptDone}</Button>
              <Button tone="primary" icon="copy" onClick={() => onCopy(text, words.inviteWhat)}>
                {words.copy}
              </Button>
            </>
          }
        >
          <p>{words.inviteHint}</p>
          <pre className={styles.invitation}>{text}</pre>
        </Dialog>
      ) : null}
    </section>
  );
}
