import { en } from '../../shared/i18n/en.ts';
import styles from './brief-field.module.css';
import { SwitchField } from './field.tsx';

const words = en.settings.schedule;

/** Whether agent sessions begin with the last ones of their project, with a preview before anybody turns it on. */
export function BriefField(props: { readonly checked: boolean; readonly onChange: (on: boolean) => void }) {
  return (
    <div className={styles.field}>
      <SwitchField
        label={words.brief}
        hint={words.briefHint}
        checked={props.checked}
        onChange={props.onChange}
      />
      <details className={styles.example}>
        <summary>{words.briefShow}</summary>
        <pre tabIndex={0}>{words.briefExample}</pre>
      </details>
    </div>
  );
}
