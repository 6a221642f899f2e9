import { useState } from 'react';
import { readInvitation } from '../../../shared/domain/invitation.ts';
import { proposeTenant } from '../../../shared/domain/propose-tenant.ts';
import { en } from '../../../shared/i18n/en.ts';
import { useAction } from '../../data/call.ts';
import { useAppInfo } from '../../data/use-status.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon-paths.ts';
import { TextField } from '../../ui/field.tsx';
import { draftOf, isComplete, type StoreDraft } from '../../ui/store-draft.ts';
import { StoreForm, type StoreFormProps } from '../../ui/store-form.tsx';
import styles from './welcome-view.module.css';

const CHOICES: readonly { readonly kind: StoreDraft['kind']; readonly icon: IconName }[] = [
  { kind: 'gcs', icon: 'store' },
  { kind: 'folder', icon: 'folder' },
  { kind: 'embedded', icon: 'machine' },
];

/** A bucket, a folder, or this machine. */
export function WhereStep(props: {
  readonly draft: StoreDraft;
  readonly onChange: (draft: StoreDraft) => void;
  readonly errors: Readonly<Record<string, string>>;
  /** The saved team name. */
  readonly tenant: string;
  /** A link that led here; null if none. */
  readonly invitation: string | null;
  readonly onNext: () => void;
}) {
  const { draft, onChange } = props;
  const [isRefused, setRefused] = useState(false);
  const slug = proposeTenant(draft.tenant);
  const submit = (): void => {
    // The field is hidden when logs stay here: its content must not prevent that.
    const tenant = draft.kind === 'embedded' ? props.tenant : slug;
    setRefused(tenant === '');
    if (tenant === '' || !isComplete(draft)) return;
    onChange({ ...draft, tenant });
    props.onNext();
  };
  const onPick = usePicker(draft, onChange);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <fieldset className={styles.choices}>
        <legend>{en.welcome.whereTitle}</legend>
        {CHOICES.map(({ kind, icon }) => (
          <label key={kind} className={styles.choice}>
            <input
              type="radio"
              name="where"
              checked={draft.kind === kind}
              onChange={() => onChange({ ...draft, kind })}
            />
            <Icon name={icon} />
            <strong>{en.welcome.choices[kind].title}</strong>
            <span>{en.welcome.choices[kind].body}</span>
          </label>
        ))}
      </fieldset>
      <InvitationField key={props.invitation} sent={props.invitation} onRead={onChange} />
      {draft.kind === 'embedded' ? null : (
        <StoreForm
          draft={draft}
          onChange={onChange}
          errors={
            isRefused && slug === ''
              ? { ...props.errors, 'store.tenant': en.welcome.tenantEmpty }
              : props.errors
          }
          {...(slug === '' || slug === draft.tenant ? {} : { tenantHint: en.welcome.tenantBecomes(slug) })}
          onPick={onPick}
        />
      )}
      <div className={styles.buttons}>
        <Button type="submit" tone="primary" disabled={!isComplete(draft)}>
          {en.welcome.next}
        </Button>
      </div>
    </form>
  );
}

/** The store described by the invitation in a text; null when it contains none. */
export function invitedDraft(text: string): StoreDraft | null {
  const found = readInvitation(text);
  return found === null ? null : draftOf({ ...found, credentials: '', impersonate: '', sealedNames: false });
}

/** Fills everything in from a colleague's invitation. */
function InvitationField(props: {
  readonly sent: string | null;
  readonly onRead: (draft: StoreDraft) => void;
}) {
  const [text, setText] = useState(props.sent ?? '');
  const invitation = readInvitation(text);
  const error = text.trim() === '' || invitation !== null ? null : en.welcome.invitationWrong;
  return (
    <TextField
      label={en.welcome.invitation}
      hint={invitation === null ? en.welcome.invitationHint : en.welcome.invitationRead(invitation.tenant)}
      error={error}
      mono
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        const draft = invitedDraft(event.target.value);
        if (draft !== null) props.onRead(draft);
      }}
    />
  );
}

/** Fills in a path from the system's dialog; null if the shell has none. */
function usePicker(draft: StoreDraft, onChange: (draft: StoreDraft) => void): StoreFormProps['onPick'] {
  const canPick = useAppInfo()?.capabilities.pickPaths === true;
  const { mutate } = useAction('paths.pick');
  if (!canPick) return null;
  return (purpose) =>
    mutate(
      { purpose },
      {
        onSuccess: ({ path }) => {
          if (path === null) return;
          onChange(purpose === 'credentials' ? { ...draft, credentials: path } : { ...draft, folder: path });
        },
      },
    );
}
