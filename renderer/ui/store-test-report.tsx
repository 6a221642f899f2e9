import { en } from '../../shared/i18n/en.ts';
import { visibleLine } from '../../shared/format/visible-text.ts';
import type { StoreTest } from '../../shared/ipc/payloads.ts';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-paths.ts';
import { Problem } from './state.tsx';
import styles from './store-form.module.css';

const SIGNS: Readonly<Record<StoreTest['steps'][number]['state'], IconName>> = {
  ok: 'check',
  failed: 'close',
  skipped: 'dot',
};

/** What was tried, and no more: a step that was not tried proves nothing. */
function verdictOf({ ok, steps }: StoreTest): string {
  const words = en.settings.store;
  const isSkipped = (step: string): boolean =>
    steps.some((one) => one.step === step && one.state === 'skipped');
  if (!ok) return words.testFailed;
  if (isSkipped('list')) return words.testNew;
  return isSkipped('write') ? words.testPartly : words.testOk;
}

/** What the test of a store found, step by step, with the remedy of the first failure. */
export function StoreTestReport(props: { readonly test: StoreTest }) {
  const { test } = props;
  const words = en.settings.store;
  const failure = test.steps.find((step) => step.error !== null)?.error ?? null;
  return (
    <div className={styles.report} role="status">
      <h3 className={test.ok ? styles.ok : styles.failed}>
        <Icon name={test.ok ? 'check' : 'alert'} />
        {verdictOf(test)}
      </h3>
      <ol>
        {test.steps.map(({ step, state, ms }) => (
          <li key={step}>
            <Icon name={SIGNS[state]} label={words.stepStates[state]} className={styles[state] ?? ''} />
            {words.steps[step]}
            {state === 'skipped' ? null : <span>{ms} ms</span>}
          </li>
        ))}
      </ol>
      {failure === null ? null : <Problem error={failure} />}
      {test.account === null && test.machines === null ? null : (
        <p>
          {[
            test.account === null ? '' : words.testAccount(visibleLine(test.account)),
            test.machines === null ? '' : words.testMachines(test.machines),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      )}
      {test.sameDisk ? <p>{words.testSameDisk}</p> : null}
    </div>
  );
}
