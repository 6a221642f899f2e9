import { useEffect, useId, useRef, type ReactNode } from 'react';
import { IconButton } from './button.tsx';
import styles from './dialog.module.css';
import { cx } from './icon.tsx';
import { en } from '../../shared/i18n/en.ts';

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons, the main one last. */
  readonly footer?: ReactNode;
  readonly width?: 'normal' | 'wide';
}

/**
 * A modal dialog: the platform's `<dialog>`, which traps focus, makes the rest inert, closes on Escape and restores the focus. Mount it to
 * open it.
 */
export function Dialog(props: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const title = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null || dialog.open) return undefined;
    dialog.showModal();
    // The platform would focus the close button first.
    dialog.querySelector<HTMLElement>('[data-dialog] :is(input, select, textarea)')?.focus();
    return () => dialog.close();
  }, []);
  return (
    // Escape closes it by `onCancel`; the click is only for the backdrop.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={ref}
      className={cx(styles.dialog, props.width === 'wide' && styles.wide)}
      aria-labelledby={title}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
      onClick={(event) => {
        // Only the backdrop has the dialog itself as its target: the content fills the rest.
        if (event.target === ref.current) props.onClose();
      }}
    >
      <div className={styles.content}>
        <div className={styles.header}>
          <h2 id={title}>{props.title}</h2>
          <IconButton icon="close" label={en.common.close} onClick={props.onClose} />
        </div>
        <div className={styles.body} data-dialog="">
          {props.children}
        </div>
        {props.footer === undefined ? null : <div className={styles.footer}>{props.footer}</div>}
      </div>
    </dialog>
  );
}
