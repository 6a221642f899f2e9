import { useState } from 'react';
import type { AppError } from '../../../shared/app-error.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { SaveReceipt } from '../../../shared/ipc/saving.ts';
import type { StatusSnapshot } from '../../../shared/ipc/status.ts';
import { useAction } from '../../data/call.ts';
import { useGo } from '../../data/use-route.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SaveForm, type Draft } from './save-form.tsx';
import { SavedReceipt } from './saved-receipt.tsx';

const words = en.save;

export interface SaveDialogProps {
  readonly status: StatusSnapshot | null;
  /** The unsaved draft, kept by the component that shows the dialog: closing it loses nothing. Null for none. */
  readonly draft: Draft | null;
  readonly onDraft: (draft: Draft | null) => void;
  readonly onClose: () => void;
}

/** Saves a session by hand: typed, pasted or from a file. */
export function SaveDialog(props: SaveDialogProps) {
  const { status, onDraft, onClose } = props;
  const go = useGo();
  const workspaces = (status?.workspaces ?? []).filter(({ role }) => role === 'workspace');
  const draft = props.draft ?? {
    workspace: workspaces[0]?.path ?? null,
    topic: '',
    scope: null,
    text: '',
  };
  const [receipt, setReceipt] = useState<SaveReceipt | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const save = useAction('save.session', {
    onDone(done) {
      setReceipt(done);
      onDraft(null);
    },
    onFailed: setError,
  });
  const change = (part: Partial<Draft>): void => {
    setError(null);
    onDraft({ ...draft, ...part });
  };
  if (receipt !== null)
    return (
      <Dialog
        title={words.saved[receipt.action]}
        width="wide"
        onClose={onClose}
        footer={
          <>
            <Button onClick={() => setReceipt(null)}>{words.another}</Button>
            {receipt.log === null ? null : (
              <Button
                tone="primary"
                icon="logs"
                onClick={() => go({ view: 'logs', ...(receipt.log === null ? {} : { log: receipt.log }) })}
              >
                {words.openLog}
              </Button>
            )}
          </>
        }
      >
        <SavedReceipt receipt={receipt} onNotes={() => go({ view: 'notes' })} />
      </Dialog>
    );
  return (
    <Dialog
      title={words.title}
      width="wide"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{en.common.cancel}</Button>
          <Button
            tone="primary"
            icon="check"
            busy={save.isPending}
            disabled={draft.text.trim() === ''}
            onClick={() => save.mutate(draft)}
          >
            {save.isPending ? words.saving : words.save}
          </Button>
        </>
      }
    >
      <SaveForm
        draft={draft}
        workspaces={workspaces.map(({ path }) => path)}
        error={error}
        onChange={change}
        onAuthor={() => go({ view: 'welcome', step: 'who' })}
      />
    </Dialog>
  );
}
