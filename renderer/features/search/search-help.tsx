import { en } from '../../../shared/i18n/en.ts';
import { Popover } from '../../ui/popover.tsx';
import styles from './search.module.css';

/** The search syntax. */
export function SearchHelp() {
  return (
    <Popover icon="help" label={en.search.help} align="end">
      {() => (
        // A panel without controls takes the focus itself, so that it is read and Escape closes it.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className={styles.help} tabIndex={0}>
          <p>{en.search.helpIntro}</p>
          <dl>
            {en.search.language.map(([typed, means]) => (
              <div key={typed}>
                <dt>{typed}</dt>
                <dd>{means}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </Popover>
  );
}
