import { en } from '../../shared/i18n/en.ts';
import { Button } from './button.tsx';
import { TextField } from './field.tsx';
import type { StoreDraft } from './store-draft.ts';
import styles from './store-form.module.css';

export interface StoreFormProps {
  readonly draft: StoreDraft;
  readonly onChange: (draft: StoreDraft) => void;
  /** The core's messages about fields, by name in the settings (`store.url`). */
  readonly errors: Readonly<Record<string, string>>;
  /** Replaces the usual hint for the team name. */
  readonly tenantHint?: string;
  /** Opens the system's dialog; null if there is none and the path is typed. */
  readonly onPick: ((purpose: 'store-folder' | 'credentials') => void) | null;
}

/** The fields of a store, by its kind. */
export function StoreForm(props: StoreFormProps) {
  const { draft, onChange, errors } = props;
  const words = en.settings.store;
  if (draft.kind === 'embedded') return <p className={styles.words}>{words.embeddedHint}</p>;
  return (
    <div className={styles.form}>
      {draft.kind === 'gcs' ? (
        <TextField
          label={words.bucket}
          hint={words.bucketHint}
          error={errors['store.url'] ?? null}
          mono
          value={draft.bucket}
          onChange={(event) => onChange({ ...draft, bucket: event.target.value })}
        />
      ) : (
        <TextField
          label={words.folder}
          hint={words.folderHint}
          error={errors['store.url'] ?? null}
          mono
          value={draft.folder}
          onChange={(event) => onChange({ ...draft, folder: event.target.value })}
          action={<Pick onPick={props.onPick} purpose="store-folder" />}
        />
      )}
      <TextField
        label={words.tenant}
        hint={props.tenantHint ?? words.tenantHint}
        error={errors['store.tenant'] ?? null}
        mono
        value={draft.tenant}
        onChange={(event) => onChange({ ...draft, tenant: event.target.value })}
      />
      {draft.kind === 'gcs' ? <Credentials {...props} /> : null}
    </div>
  );
}

function Credentials(props: StoreFormProps) {
  const { draft, onChange, errors } = props;
  const words = en.settings.store;
  return (
    <>
      <TextField
        label={words.credentials}
        hint={words.credentialsHint}
        error={errors['store.credentials'] ?? null}
        mono
        value={draft.credentials}
        onChange={(event) => onChange({ ...draft, credentials: event.target.value })}
        action={<Pick onPick={props.onPick} purpose="credentials" />}
      />
      <details
        className={styles.advanced}
        open={draft.impersonate !== '' || draft.endpoint !== '' ? true : undefined}
      >
        <summary>{words.advanced}</summary>
        <div className={styles.form}>
          <TextField
            label={words.impersonate}
            hint={words.impersonateHint}
            error={errors['store.impersonate'] ?? null}
            mono
            value={draft.impersonate}
            onChange={(event) => onChange({ ...draft, impersonate: event.target.value })}
          />
          <TextField
            label={words.endpoint}
            hint={words.endpointHint}
            error={errors['store.endpoint'] ?? null}
            mono
            value={draft.endpoint}
            onChange={(event) => onChange({ ...draft, endpoint: event.target.value })}
          />
        </div>
      </details>
    </>
  );
}

function Pick(props: {
  readonly onPick: StoreFormProps['onPick'];
  readonly purpose: 'store-folder' | 'credentials';
}) {
  const { onPick, purpose } = props;
  return onPick === null ? null : <Button onClick={() => onPick(purpose)}>{en.settings.choose}</Button>;
}
