import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Settings } from '../../../shared/domain/settings.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { StoreTest } from '../../../shared/ipc/payloads.ts';
import { useAction } from '../../data/call.ts';
import { ruleAtField } from '../../data/use-settings.ts';
import { Button } from '../../ui/button.tsx';
import { Choice, SelectField, SwitchField } from '../../ui/field.tsx';
import { draftOf, isComplete, storeOf, type StoreDraft } from '../../ui/store-draft.ts';
import { StoreForm } from '../../ui/store-form.tsx';
import { StoreTestReport } from '../../ui/store-test-report.tsx';
import { Problem } from '../../ui/state.tsx';
import { Confirm } from '../../ui/confirm.tsx';
import type { PageProps } from './page-props.ts';
import { SavedField } from './saved-field.tsx';
import styles from './settings-view.module.css';

/** Where logs are stored: chosen, tested, then saved, in this order, because a wrong store is otherwise noticed late. */
export function StorePage(props: PageProps) {
  const { settings, editor, info } = props;
  const saved = draftOf(settings.store);
  const [draft, setDraft] = useKeptDraft(settings.store);
  const change = (next: StoreDraft): void => {
    editor.forget();
    setDraft(next);
  };
  const [report, setReport] = useState<{ readonly store: string; readonly test: StoreTest } | null>(null);
  const [asking, setAsking] = useState(false);
  const test = useAction('settings.testStore', {
    onDone: (found, { store }) => setReport({ store: JSON.stringify(store), test: found }),
  });
  const onPick = usePicker(info, setDraft);
  const store = storeOf(draft);
  const key = JSON.stringify(store);
  const dirty = key !== JSON.stringify(settings.store);
  const moved = store.url !== settings.store.url || store.tenant !== settings.store.tenant;
  const refused =
    test.error === null || JSON.stringify(test.variables?.store) !== key ? null : test.error.error;
  const save = (): void => editor.change({ store });
  return (
    <>
      <p className={styles.intro}>{en.settings.store.intro}</p>
      <Choice
        label={en.settings.store.kind}
        value={draft.kind}
        options={(['gcs', 'folder', 'embedded'] as const).map((kind) => ({
          value: kind,
          label: en.settings.store.kinds[kind],
        }))}
        onChange={(kind) => change({ ...draft, kind })}
      />
      <StoreForm
        draft={draft}
        onChange={change}
        errors={refused === null ? editor.errors : { ...editor.errors, ...ruleAtField(refused) }}
        onPick={onPick}
      />
      <div className={styles.buttons}>
        <Button
          busy={test.isPending}
          icon="check"
          disabled={!isComplete(draft)}
          onClick={() => test.mutate({ store })}
        >
          {test.isPending ? en.settings.store.testing : en.settings.store.test}
        </Button>
        <Button
          tone="primary"
          disabled={!dirty || !isComplete(draft)}
          busy={editor.saving}
          onClick={() => (moved ? setAsking(true) : save())}
        >
          {en.settings.save}
        </Button>
        {dirty ? (
          <Button tone="quiet" onClick={() => change(saved)}>
            {en.settings.discard}
          </Button>
        ) : null}
      </div>
      {refused === null || ruleAtField(refused) !== null ? null : <Problem error={refused} />}
      {report !== null && report.store === key && !test.isPending ? (
        <Tested test={report.test} folder={draft.folder.trim()} onMade={() => test.mutate({ store })} />
      ) : null}
      <SecretsField settings={settings} editor={editor} />
      {asking ? (
        <Confirm
          title={en.settings.store.changeTitle}
          body={en.settings.store.changeBody}
          action={en.settings.save}
          onClose={() => setAsking(false)}
          onConfirm={save}
        />
      ) : null}
    </>
  );
}

/** What happens to secrets in what is pushed there. */
function SecretsField({ settings, editor }: Pick<PageProps, 'settings' | 'editor'>) {
  return (
    <>
      <SelectField
        label={en.settings.secrets.withhold}
        hint={en.settings.secrets.withholdHint}
        value={settings.secrets.withhold}
        options={(['plain-store', 'always', 'never'] as const).map((value) => ({
          value,
          label: en.settings.secrets.withholdOptions[value],
        }))}
        onChange={(withhold) => editor.change({ secrets: { withhold } })}
      />
      <SavedField
        label={en.settings.secrets.stayHere}
        hint={en.settings.secrets.stayHereHint}
        mono
        value={settings.sync.stayHere.join(', ')}
        error={editor.errors['sync.stayHere'] ?? null}
        onSave={(text) =>
          editor.change({
            sync: {
              stayHere: text
                .split(',')
                .map((glob) => glob.trim())
                .filter((glob) => glob !== ''),
            },
          })
        }
      />
      <SwitchField
        label={en.settings.secrets.sealedNames}
        hint={en.settings.secrets.sealedNamesHint}
        checked={settings.store.sealedNames}
        onChange={(sealedNames) => editor.change({ store: { sealedNames } })}
      />
      <SelectField
        label={en.settings.secrets.copies}
        hint={en.settings.secrets.copiesHint}
        value={settings.capture.copiesToStore}
        options={(['sealed', 'always', 'never'] as const).map((value) => ({
          value,
          label: en.settings.secrets.copiesOptions[value],
        }))}
        onChange={(copiesToStore) => editor.change({ capture: { copiesToStore } })}
      />
    </>
  );
}

/** The result of a test; a missing folder can be created. */
function Tested(props: { readonly test: StoreTest; readonly folder: string; readonly onMade: () => void }) {
  const make = useAction('setup.makeFolder', { onDone: props.onMade });
  const isMissing = props.test.steps.some(({ error }) => error?.details?.['missing'] === 'folder');
  return (
    <>
      <StoreTestReport test={props.test} />
      {isMissing ? (
        <Button icon="folder" busy={make.isPending} onClick={() => make.mutate({ path: props.folder })}>
          {en.welcome.createFolder}
        </Button>
      ) : null}
      {make.error === null ? null : <Problem error={make.error.error} />}
    </>
  );
}

/** Keeps typed values while the page is open, whatever else is viewed meanwhile; saving another store ends it. */
function useKeptDraft(store: Settings['store']) {
  const client = useQueryClient();
  const key = ['draft', 'store', JSON.stringify(store)];
  const [draft, setDraft] = useState(() => client.getQueryData<StoreDraft>(key) ?? draftOf(store));
  useEffect(() => {
    client.setQueryDefaults(['draft'], { gcTime: Infinity });
    client.setQueryData(['draft', 'store', JSON.stringify(store)], draft);
  }, [client, draft, store]);
  return [draft, setDraft] as const;
}

/** Fills in a path from the system's dialog; null if the shell has none. */
function usePicker(info: PageProps['info'], onDraft: (update: (now: StoreDraft) => StoreDraft) => void) {
  const { mutate } = useAction('paths.pick');
  if (!info.capabilities.pickPaths) return null;
  return (purpose: 'store-folder' | 'credentials'): void =>
    mutate(
      { purpose },
      {
        onSuccess: ({ path }) => {
          if (path !== null)
            onDraft((now) =>
              purpose === 'credentials' ? { ...now, credentials: path } : { ...now, folder: path },
            );
        },
      },
    );
}
