import {
  useCallback,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import { Button, IconButton } from './button.tsx';
import type { IconName } from './icon-paths.ts';
import styles from './popover.module.css';

export interface PopoverProps {
  /** Name of its content, and of its button if that is only an icon. */
  readonly label: string;
  readonly icon: IconName;
  /** Text on the button; only an icon without it. */
  readonly words?: string;
  /** Of the button with text. */
  readonly size?: 'small' | 'normal';
  /** Its content; receives a function that closes it. */
  readonly children: (close: () => void) => ReactNode;
  readonly align?: 'start' | 'end';
  /** What it is for assistive technology; a menu also opens by the arrow key downwards. */
  readonly role?: 'dialog' | 'menu';
}

const GAP = 6;

/** A light popover: the platform's, in the top layer, closed by Escape or a click elsewhere. Its content is mounted only while it is open. */
export function Popover(props: PopoverProps) {
  const { role = 'dialog' } = props;
  const id = useId();
  const panel = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [opening, setOpening] = useState<object | null>(null);
  const open = opening !== null;
  const close = useCallback(() => {
    panel.current?.hidePopover();
    button.current?.focus();
  }, []);
  const onKeyDown = usePlaced(panel, () => button.current, opening, props.align ?? 'start');

  const trigger = {
    ref: button,
    onClick: () => panel.current?.togglePopover(),
    onKeyDown: (event: KeyboardEvent) => {
      if (role !== 'menu' || event.key !== 'ArrowDown' || open) return;
      event.preventDefault();
      panel.current?.showPopover();
    },
    'aria-expanded': open,
    'aria-haspopup': role,
    'aria-controls': id,
  } as const;
  return (
    <>
      {props.words === undefined ? (
        <IconButton icon={props.icon} label={props.label} {...trigger} />
      ) : (
        <Button icon={props.icon} size={props.size ?? 'normal'} {...trigger}>
          {props.words}
        </Button>
      )}
      {/* The keys are those of its buttons. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div
        ref={panel}
        id={id}
        popover="auto"
        role={role}
        aria-label={props.label}
        tabIndex={-1}
        className={styles.popover}
        onKeyDown={onKeyDown}
        onBeforeToggle={(event) => {
          if (event.newState === 'open') setOpening({});
        }}
        onToggle={(event) => {
          if (event.newState === 'closed') setOpening(null);
        }}
      >
        {open ? props.children(close) : null}
      </div>
    </>
  );
}

export interface AnchoredPopoverProps {
  readonly label: string;
  /** The element it is placed at, which gets the focus back. */
  readonly anchor: HTMLElement;
  /** What it was opened by, another object each time: a quick person opens it again before `onClose` was called. */
  readonly opening: object;
  readonly align?: 'start' | 'end';
  readonly onClose: () => void;
  readonly children: (close: () => void) => ReactNode;
}

/** A popover at an element with its own lifetime, like a row of a long list. It is open while mounted. */
export function AnchoredPopover(props: AnchoredPopoverProps) {
  const { anchor, opening, onClose } = props;
  const panel = useRef<HTMLDivElement>(null);
  const onKeyDown = usePlaced(panel, () => anchor, opening, props.align ?? 'start');
  const close = useCallback(() => {
    panel.current?.hidePopover();
    anchor.focus();
  }, [anchor]);
  return (
    // The keys are those of its buttons.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={panel}
      popover="auto"
      role="dialog"
      aria-label={props.label}
      tabIndex={-1}
      className={styles.popover}
      onKeyDown={onKeyDown}
      onToggle={(event) => {
        if (event.newState === 'closed') onClose();
      }}
    >
      {props.children(close)}
    </div>
  );
}

/** In a panel with only buttons the arrow keys move, as in a menu; so does Tab. */
function moveInMenu(event: KeyboardEvent<HTMLDivElement>): void {
  const panel = event.currentTarget;
  if (panel.querySelector('input, select, textarea') !== null) return;
  const buttons = [...panel.querySelectorAll<HTMLElement>('button:not(:disabled)')];
  const at = buttons.findIndex((button) => button === document.activeElement);
  const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (target === undefined || buttons.length === 0) return;
  event.preventDefault();
  buttons[(target + buttons.length) % buttons.length]?.focus();
}

/**
 * Shows a panel and places it at its anchor, again whenever its size changes, and moves the focus into it: at once, so that the keys of a quick
 * person are not the anchor's.
 * @param opening another object each time that it is opened; null while it is closed
 * @returns handles the panel's keys
 */
function usePlaced(
  panel: { readonly current: HTMLDivElement | null },
  anchorOf: () => HTMLElement | null,
  opening: object | null,
  align: 'start' | 'end',
): (event: KeyboardEvent<HTMLDivElement>) => void {
  const anchor = useRef(anchorOf);
  const entered = useRef(false);
  useLayoutEffect(() => {
    anchor.current = anchorOf;
  });
  useLayoutEffect(() => {
    const [element, at] = [panel.current, anchor.current()];
    entered.current = false;
    if (opening === null || element === null || at === null) return undefined;
    element.togglePopover(true);
    const settle = (): void => {
      place(element, at, align);
      const { activeElement } = document;
      // Content still loading takes the focus on arrival, unless a person has moved on.
      if (activeElement !== at && activeElement !== document.body && activeElement !== element) return;
      const first = element.querySelector<HTMLElement>('input, button, select, [tabindex="0"]');
      (first ?? element).focus();
      if (entered.current) first?.click();
    };
    settle();
    const sizes = new ResizeObserver(settle);
    sizes.observe(element);
    return () => sizes.disconnect();
  }, [panel, opening, align]);
  return (event) => {
    // Enter before there is anything to enter is for what comes.
    if (event.key === 'Enter' && !event.repeat && event.target === panel.current) entered.current = true;
    moveInMenu(event);
  };
}

/** Places the panel under its button, or above it if there is no room, and keeps it inside the window. */
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
