import { useRef, type KeyboardEvent } from 'react';
import { Button } from './button.tsx';
import type { IconName } from './icon-paths.ts';
import styles from './menu.module.css';
import { Popover, type PopoverProps } from './popover.tsx';

/** One action of a menu. */
export interface MenuItem {
  readonly label: string;
  readonly icon?: IconName;
  readonly run: () => void;
}

/** A button with a menu of actions: arrow keys, Home, End and first letters move in it; Tab and Escape leave it. */
export function Menu(
  props: Omit<PopoverProps, 'children' | 'role'> & { readonly items: readonly (MenuItem | null)[] },
) {
  const { items, ...popover } = props;
  return (
    <Popover {...popover} role="menu">
      {(close) => <MenuItems items={items.filter((item) => item !== null)} close={close} />}
    </Popover>
  );
}

function MenuItems(props: { readonly items: readonly MenuItem[]; readonly close: () => void }) {
  const { items, close } = props;
  const onLetter = useFirstLetters();
  return (
    // The keys are those of its items.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className={styles.menu}
      onKeyDown={(event) => {
        // The focus goes on from the button that opened it.
        if (event.key === 'Tab') close();
        else onLetter(event);
      }}
    >
      {items.map((item) => (
        <Button
          key={item.label}
          role="menuitem"
          tabIndex={-1}
          tone="quiet"
          {...(item.icon === undefined ? {} : { icon: item.icon })}
          onClick={() => {
            close();
            item.run();
          }}
        >
          {item.label}
        </Button>
      ))}
    </div>
  );
}

/** Letters further apart than this begin another word. */
const PAUSE_MS = 700;

/** Letters move to the next item that begins with them; the same one again to the item after that. */
function useFirstLetters(): (event: KeyboardEvent<HTMLDivElement>) => void {
  const typed = useRef({ letters: '', at: 0 });
  return (event) => {
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
    const before = event.timeStamp - typed.current.at < PAUSE_MS ? typed.current.letters : '';
    // A space within a word is a letter; otherwise it chooses.
    if (event.key === ' ' && before === '') return;
    event.preventDefault();
    const letters = before + event.key.toLowerCase();
    typed.current = { letters, at: event.timeStamp };
    const isOneLetter = new Set(letters).size === 1;
    const wanted = isOneLetter ? letters.slice(0, 1) : letters;
    const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="menuitem"]')];
    const at = items.findIndex((item) => item === document.activeElement);
    const from = isOneLetter ? at + 1 : Math.max(0, at);
    const order = [...items.slice(from), ...items.slice(0, from)];
    order.find((item) => (item.textContent ?? '').toLowerCase().startsWith(wanted))?.focus();
  };
}
