import { useEffect } from 'react';
import type { Settings } from '../../../shared/domain/settings.ts';
import { en } from '../../../shared/i18n/en.ts';
import { useAction } from '../../data/call.ts';
import { Button } from '../../ui/button.tsx';
import { ProgressBar } from '../../ui/indicator.tsx';
import { storeOf, type StoreDraft } from '../../ui/store-draft.ts';
import { StoreTestReport } from '../../ui/store-test-report.tsx';
import { Problem } from '../../ui/state.tsx';
import styles from './welcome-view.module.css';

/** Tests the chosen store before anything depends on it. */
export function CheckStep(props: {
  readonly draft: StoreDraft;
  readonly saving: boolean;
  readonly errors: Readonly<Record<string, string>>;
  readonly onBack: () => void;
  readonly onNext: (store: Settings['store']) => void;
}) {
  const { draft } = props;
  const test = useAction('settings.testStore');
  const { mutate } = test;
  useEffect(() => mutate({ store: storeOf(draft) }), [mutate, draft]);
  const works = test.data?.ok === true;
  const make = useAction('setup.makeFolder', { onDone: () => mutate({ store: storeOf(draft) }) });
  const isMissing =
    draft.kind === 'folder' &&
    test.data?.steps.some(({ error }) => error?.details?.['missing'] === 'folder') === true;
  const refused = Object.values(props.errors)[0];
  return (
    <section className={styles.form}>
      <h3>{en.welcome.checkTitle}</h3>
      <p>{en.welcome.checkBody}</p>
      {test.isPending ? <ProgressBar label={en.settings.store.testing} value={null} /> : null}
      {test.data === undefined ? null : <StoreTestReport test={test.data} />}
      {test.error === null ? null : <Problem error={test.error.error} />}
      {make.error === null ? null : <Problem error={make.error.error} />}
      {refused === undefined ? null : <p role="alert">{refused}</p>}
      <div className={styles.buttons}>
        <Button onClick={props.onBack}>{en.welcome.back}</Button>
        {isMissing && !test.isPending ? (
          <Button
            icon="folder"
            busy={make.isPending}
            onClick={() => make.mutate({ path: draft.folder.trim() })}
          >
            {en.welcome.createFolder}
          </Button>
        ) : null}
        {works || test.isPending ? null : (
          <Button icon="refresh" onClick={() => mutate({ store: storeOf(draft) })}>
            {en.common.tryAgain}
          </Button>
        )}
        <Button
          tone="primary"
          disabled={!works}
          busy={props.saving}
          onClick={() => props.onNext(storeOf(draft))}
        >
          {en.welcome.next}
        </Button>
      </div>
    </section>
  );
}
