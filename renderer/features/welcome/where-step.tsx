import { en } from '../../../shared/i18n/en.ts';
import { useAction } from '../../data/call.ts';
import { useAppInfo } from '../../data/use-status.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { IconName } from '../../ui/icon-paths.ts';
import { isComplete, type StoreDraft } from '../../ui/store-draft.ts';
import { StoreForm } from '../../ui/store-form.tsx';
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
  readonly onNext: () => void;
}) {
  const { draft, onChange } = props;
  const canPick = useAppInfo()?.capabilities.pickPaths === true;
  const pick = useAction('paths.pick');
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete(draft)) props.onNext();
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
      {draft.kind === 'embedded' ? null : (
        <StoreForm
          draft={draft}
          onChange={onChange}
          errors={props.errors}
          onPick={
            canPick
              ? (purpose) =>
                  pick.mutate(
                    { purpose },
                    {
                      onSuccess: ({ path }) => {
                        if (path === null) return;
                        onChange(
                          purpose === 'credentials'
                            ? { ...draft, credentials: path }
                            : { ...draft, folder: path },
                        );
                      },
                    },
                  )
              : null
          }
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
