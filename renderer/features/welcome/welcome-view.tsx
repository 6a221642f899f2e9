import { useState } from 'react';
import { en } from '../../../shared/i18n/en.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { useSettings } from '../../data/use-settings.ts';
import { Button } from '../../ui/button.tsx';
import { Skeleton } from '../../ui/state.tsx';
import { draftOf, type StoreDraft } from '../../ui/store-draft.ts';
import { CheckStep } from './check-step.tsx';
import { PushStep } from './push-step.tsx';
import { WhereStep } from './where-step.tsx';
import styles from './welcome-view.module.css';

type Step = 'where' | 'check' | 'push';
const STEPS: readonly Step[] = ['where', 'check', 'push'];

/** The first run: choose where logs are kept, see that it works, push what is here. Ends with the logs. */
export function WelcomeView(props: { readonly onDone: () => void }) {
  const editor = useSettings();
  const settings = editor.view?.settings;
  if (settings === undefined)
    return (
      <div className={styles.view}>
        <Skeleton lines={8} />
      </div>
    );
  return <Steps settings={settings} editor={editor} onDone={props.onDone} />;
}

function Steps(props: {
  readonly settings: Settings;
  readonly editor: ReturnType<typeof useSettings>;
  readonly onDone: () => void;
}) {
  const { editor } = props;
  const [step, setStep] = useState<Step>('where');
  const [draft, setDraft] = useState<StoreDraft>(() => draftOf(props.settings.store));
  const number = STEPS.indexOf(step) + 1;
  const finish = (): void => editor.change({ app: { firstRunDone: true } }, props.onDone);
  return (
    <div className={styles.view}>
      <div className={styles.column}>
        <header className={styles.header}>
          <h2>{en.welcome.title}</h2>
          <p>{en.welcome.intro}</p>
          <ol
            className={styles.steps}
            aria-label={en.welcome.step(number, STEPS.length, en.welcome.steps[step])}
          >
            {STEPS.map((one, index) => (
              <li
                key={one}
                aria-current={one === step ? 'step' : undefined}
                data-done={index + 1 < number || undefined}
              >
                <span>{index + 1}</span>
                {en.welcome.steps[one]}
              </li>
            ))}
          </ol>
        </header>
        {step === 'where' ? (
          <WhereStep
            draft={draft}
            onChange={setDraft}
            errors={editor.errors}
            onNext={() => setStep('check')}
          />
        ) : null}
        {step === 'check' ? (
          <CheckStep
            draft={draft}
            saving={editor.saving}
            errors={editor.errors}
            onBack={() => setStep('where')}
            onNext={(store) => editor.change({ store }, () => setStep('push'))}
          />
        ) : null}
        {step === 'push' ? <PushStep local={draft.kind === 'embedded'} onFinish={finish} /> : null}
        {step === 'push' ? null : (
          <div className={styles.skip}>
            <Button tone="quiet" onClick={finish}>
              {en.welcome.skip}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}
