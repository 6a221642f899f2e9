import { useCallback, useId, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { Button, IconButton } from './button.tsx';
import type { IconName } from './icon-paths.ts';
import styles from './popover.module.css';

export interface PopoverProps {
  /** Name of what it shows, and of its button where that is only a sign. */
  readonly label: string;
  readonly icon: IconName;
  /** Words on the button; a sign alone without them. */
  readonly words?: string;
  /** What it shows; gets a function that closes it. */
  readonly children: (close: () => void) => ReactNode;
  readonly align?: 'start' | 'end';
}

const GAP = 6;

/** A light popover: the platform's, in the top layer, closed by Escape or a click elsewhere. Its content is mounted only while it is open. */
export function Popover(props: PopoverProps) {
  const id = useId();
  const panel = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const close = useCallback(() => {
    panel.current?.hidePopover();
    button.current?.focus();
  }, []);

  useLayoutEffect(() => {
    if (!open || panel.current === null || button.current === null) return;
    place(panel.current, button.current, props.align ?? 'start');
    panel.current.querySelector<HTMLElement>('input, button, select, [tabindex="0"]')?.focus();
  }, [open, props.align]);

  const trigger = {
    ref: button,
    onClick: () => panel.current?.togglePopover(),
    'aria-expanded': open,
    'aria-haspopup': 'dialog',
    'aria-controls': id,
  } as const;
  return (
    <>
      {props.words === undefined ? (
        <IconButton icon={props.icon} label={props.label} {...trigger} />
      ) : (
        <Button icon={props.icon} {...trigger}>
          {props.words}
        </Button>
      )}
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={props.label}
        className={styles.popover}
        onToggle={(event) => setOpen(event.newState === 'open')}
      >
        {open ? props.children(close) : null}
      </div>
    </>
  );
}

/** Puts the panel under its button, or above it where there is no room, and keeps it inside the window. */
function place(panel: HTMLElement, button: HTMLElement, align: 'start' | 'end'): void {
  const at = button.getBoundingClientRect();
  const size = panel.getBoundingClientRect();
  const wanted = align === 'start' ? at.left : at.right - size.width;
  const left = Math.max(8, Math.min(wanted, window.innerWidth - size.width - 8));
  const below = at.bottom + GAP;
  const top = below + size.height <= window.innerHeight - 8 ? below : Math.max(8, at.top - GAP - size.height);
  panel.style.left = `${left}px`;
  panel.style.top = `${top}px`;
}
