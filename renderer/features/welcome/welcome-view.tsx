import { useState } from 'react';
import type { Settings } from '../../../shared/domain/settings.ts';
import { en } from '../../../shared/i18n/en.ts';
import { hashOf, WELCOME_STEPS, type WelcomeStep } from '../../../shared/ipc/route.ts';
import type { SetupView } from '../../../shared/ipc/setup.ts';
import { useCall } from '../../data/call.ts';
import { useGo } from '../../data/use-route.ts';
import { useSettings } from '../../data/use-settings.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemState, Skeleton } from '../../ui/state.tsx';
import { draftOf, type StoreDraft } from '../../ui/store-draft.ts';
import { AgentsStep } from './agents-step.tsx';
import { CheckStep } from './check-step.tsx';
import { LogsStep } from './logs-step.tsx';
import { PushStep } from './push-step.tsx';
import { SessionsFirst, SessionsStep } from './sessions-step.tsx';
import { invitedDraft, WhereStep } from './where-step.tsx';
import { WhoStep } from './who-step.tsx';
import styles from './welcome-view.module.css';

/** Steps shown in the row; the test of the store belongs to its choice. */
const SHOWN = ['where', 'who', 'agents', 'logs', 'sessions', 'push'] as const;

interface WelcomeProps {
  /** Null for the first step not done. */
  readonly step: WelcomeStep | null;
  /** A link that led here; null if none. */
  readonly invitation: string | null;
  readonly onStep: (step: WelcomeStep) => void;
  readonly onDone: () => void;
}

/**
 * From nothing to useful: where logs are stored, the author, the existing agents, logs and sessions, the first push. Each step has its own
 * address, saves by itself and may be skipped, so that it can be resumed later.
 */
export function WelcomeView(props: WelcomeProps) {
  const editor = useSettings();
  const setup = useCall('setup.look', {});
  const settings = editor.view?.settings;
  if (setup.error !== null)
    return (
      <div className={styles.view}>
        <ProblemState error={setup.error.error} />
      </div>
    );
  if (settings === undefined || setup.data === undefined)
    return (
      <div className={styles.view}>
        <Skeleton lines={8} />
      </div>
    );
  const step = props.step ?? firstOpen(settings, setup.data);
  return (
    <Steps
      {...props}
      {...{ settings, editor, step }}
      setup={setup.data}
      onLook={() => void setup.refetch()}
    />
  );
}

function firstOpen({ app }: Settings, { author, agents }: SetupView): WelcomeStep {
  if (!app.firstRunDone) return 'where';
  if (author === null) return 'who';
  return agents.every(({ state }) => state === 'connected') ? 'logs' : 'agents';
}

interface StepsProps extends Omit<WelcomeProps, 'step'> {
  readonly settings: Settings;
  readonly editor: ReturnType<typeof useSettings>;
  readonly setup: SetupView;
  readonly step: WelcomeStep;
  readonly onLook: () => void;
}

function Steps(props: StepsProps) {
  const { editor, step } = props;
  const finish = (): void => editor.change({ app: { firstRunDone: true } }, props.onDone);
  return (
    <div className={styles.view}>
      <div className={styles.column}>
        <header className={styles.header}>
          <h2>{en.welcome.title}</h2>
          <p>{en.welcome.intro}</p>
          <StepRow step={step} />
        </header>
        {step === 'where' ? <SessionsFirst onOpen={props.onDone} /> : null}
        <Step {...props} onFinish={finish} />
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

function StepRow(props: { readonly step: WelcomeStep }) {
  const at = SHOWN.findIndex((one) => one === (props.step === 'check' ? 'where' : props.step));
  const now = SHOWN[at] ?? 'where';
  return (
    <ol className={styles.steps} aria-label={en.welcome.step(at + 1, SHOWN.length, en.welcome.steps[now])}>
      {SHOWN.map((one, index) => (
        <li key={one} data-done={index < at || undefined}>
          <a href={hashOf({ view: 'welcome', step: one })} aria-current={one === now ? 'step' : undefined}>
            <span>{index + 1}</span>
            {en.welcome.steps[one]}
          </a>
        </li>
      ))}
    </ol>
  );
}

function Step(props: StepsProps & { readonly onFinish: () => void }) {
  const { editor, setup, settings, step } = props;
  const go = useGo();
  const [draft, setDraft] = useState<StoreDraft>(() => draftOf(settings.store));
  const [taken, setTaken] = useState<string | null>(null);
  // A link may lead here while the page is open. Applied once each: later changes by the person are kept.
  if (props.invitation !== null && props.invitation !== taken) {
    setTaken(props.invitation);
    setDraft(invitedDraft(props.invitation) ?? draft);
  }
  const to = (by: 1 | -1) => (): void => {
    const next = WELCOME_STEPS[WELCOME_STEPS.indexOf(step) + by] ?? step;
    // Back from the second question leads to the first, not to its test.
    props.onStep(by === -1 && next === 'check' ? 'where' : next);
  };
  switch (step) {
    case 'where':
      return (
        <WhereStep
          draft={draft}
          onChange={setDraft}
          errors={editor.errors}
          tenant={settings.store.tenant}
          invitation={props.invitation}
          onNext={to(1)}
        />
      );
    case 'check':
      return (
        <CheckStep
          draft={draft}
          saving={editor.saving}
          errors={editor.errors}
          onBack={to(-1)}
          onNext={(store) => editor.change({ store }, to(1))}
        />
      );
    case 'who':
      return (
        <WhoStep
          setup={setup}
          onBack={to(-1)}
          onNext={() => {
            props.onLook();
            to(1)();
          }}
        />
      );
    case 'agents':
      return <AgentsStep agents={setup.agents} onChanged={props.onLook} onBack={to(-1)} onNext={to(1)} />;
    case 'logs':
      return <LogsStep isNamed={setup.author !== null} onBack={to(-1)} onNext={to(1)} />;
    case 'sessions':
      return <SessionsStep onBack={to(-1)} onNext={to(1)} />;
    case 'push':
      return (
        <PushStep
          local={settings.store.url === ''}
          isConnected={setup.agents.some(({ state }) => state === 'connected')}
          onFinish={props.onFinish}
          onReaders={() =>
            editor.change({ app: { firstRunDone: true } }, () => go({ view: 'settings', page: 'readers' }))
          }
        />
      );
  }
}
