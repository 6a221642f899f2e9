import type { ReactNode } from 'react';
import styles from './indicator.module.css';
import { cx, Icon } from './icon.tsx';
import type { IconName } from './icon-paths.ts';

export type Tone = 'plain' | 'accent' | 'good' | 'wait' | 'bad' | 'note';

/** A few words in a small frame: a place, a state. */
export function Badge(props: {
  readonly tone?: Tone;
  readonly icon?: IconName;
  readonly children: ReactNode;
  readonly title?: string;
}) {
  return (
    <span className={cx(styles.badge, styles[props.tone ?? 'plain'])} title={props.title}>
      {props.icon === undefined ? null : <Icon name={props.icon} />}
      {props.children}
    </span>
  );
}

/** A key or chord, as labelled. */
export function Keys(props: { readonly keys: readonly string[] }) {
  return (
    <span className={styles.keys}>
      {props.keys.map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}

/** Work in progress. `value` from 0 to 1; null while its size is unknown. */
export function ProgressBar(props: { readonly value: number | null; readonly label: string }) {
  const percent = props.value === null ? undefined : Math.round(Math.min(1, Math.max(0, props.value)) * 100);
  return (
    <div
      className={styles.progress}
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <span
        className={percent === undefined ? styles.unknown : undefined}
        style={percent === undefined ? undefined : { inlineSize: `${percent}%` }}
      />
    </div>
  );
}

/** A coloured dot; there is always a word for the state beside it. */
export function StateDot(props: { readonly tone: Tone; readonly busy?: boolean }) {
  return <span aria-hidden className={cx(styles.dot, styles[props.tone], props.busy && styles.busy)} />;
}
