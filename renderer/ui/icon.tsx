import styles from './icon.module.css';
import { ICON_PATHS, type IconName } from './icon-paths.ts';

/** One of our icons. Decorative unless it has a `label`: there is always text beside it or in its button's label. */
export function Icon(props: {
  readonly name: IconName;
  readonly label?: string;
  readonly className?: string;
}) {
  const named =
    props.label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': props.label };
  return (
    <svg className={cx(styles.icon, props.className)} viewBox="0 0 16 16" {...named}>
      <path d={ICON_PATHS[props.name]} />
    </svg>
  );
}

/** Joins class names, omitting absent ones. */
export function cx(...names: readonly (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(' ');
}
