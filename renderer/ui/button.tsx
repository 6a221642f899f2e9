import type { ComponentProps, ReactNode } from 'react';
import styles from './button.module.css';
import { cx, Icon } from './icon.tsx';
import type { IconName } from './icon-paths.ts';

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'className'> {
  readonly tone?: 'plain' | 'primary' | 'quiet' | 'danger';
  readonly size?: 'small' | 'normal';
  readonly icon?: IconName;
  /** Shows work in progress; it stays focusable but does nothing. */
  readonly busy?: boolean;
  readonly children: ReactNode;
}

/** A button with text. */
export function Button(props: ButtonProps) {
  const { tone = 'plain', size = 'normal', icon, busy = false, children, onClick, ...rest } = props;
  return (
    <button
      type="button"
      {...rest}
      className={cx(styles.button, styles[tone], size === 'small' && styles.small)}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={busy ? undefined : onClick}
    >
      {icon === undefined ? null : <Icon name={busy ? 'refresh' : icon} />}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<
  ComponentProps<'button'>,
  'className' | 'children' | 'aria-label'
> {
  readonly icon: IconName;
  /** What it does: its accessible name and its tooltip. */
  readonly label: string;
  /** Shown after the label in the tooltip, e.g. `Ctrl+F`. */
  readonly shortcut?: string;
  readonly pressed?: boolean;
}

/** An icon-only button; its text is in the tooltip and for assistive technology. */
export function IconButton(props: IconButtonProps) {
  const { icon, label, shortcut, pressed, ...rest } = props;
  return (
    <button
      type="button"
      title={shortcut === undefined ? label : `${label} (${shortcut})`}
      {...rest}
      className={cx(styles.button, styles.quiet, styles.icon)}
      aria-label={label}
      aria-pressed={pressed}
    >
      <Icon name={icon} />
    </button>
  );
}
