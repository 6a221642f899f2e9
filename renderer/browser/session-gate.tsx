import type { ReactNode } from 'react';
import { en } from '../../shared/i18n/en.ts';
import { useConfirmation, useSessionRefused } from '../data/api-context.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { EmptyState } from '../ui/state.tsx';
import styles from './browser-app.module.css';

/** Shows the app to a tab the server knows, and instructions to one it does not. */
export function SessionGate(props: { readonly children: ReactNode }) {
  const refused = useSessionRefused();
  const takeBack = useConfirmation();
  if (refused)
    return (
      <main className={styles.refused}>
        <EmptyState icon="lock" title={en.problems.noSession}>
          <p>{en.problems.noSessionRemedy}</p>
        </EmptyState>
      </main>
    );
  return (
    <>
      {props.children}
      {takeBack === null ? null : (
        <Dialog
          title={en.common.confirmTitle}
          onClose={takeBack}
          footer={<Button onClick={takeBack}>{en.common.cancel}</Button>}
        >
          <p role="status">{en.common.confirmBody}</p>
        </Dialog>
      )}
    </>
  );
}
