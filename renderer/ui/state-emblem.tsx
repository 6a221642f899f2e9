import { cx, Icon } from './icon.tsx';
import styles from './state-emblem.module.css';
import type { StateLook } from './state-words.ts';

/** The icon of the app's state, in its colour, shown beside the word for it. */
export function StateEmblem(props: { readonly look: StateLook; readonly size: 'panel' | 'page' }) {
  const { look, size } = props;
  return (
    <span className={cx(styles.emblem, styles[size], styles[look.tone], look.busy && styles.busy)}>
      <Icon name={look.icon} />
    </span>
  );
}
