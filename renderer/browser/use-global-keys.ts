import { useEffect, useEffectEvent } from 'react';
import type { Route } from '../../shared/ipc/route.ts';
import { hasCommand } from '../ui/state-words.ts';

export interface GlobalKeys {
  /** False disables the keys without a modifier, for speech input users. */
  readonly singleKeys: boolean;
  readonly onPalette: () => void;
  readonly onHelp: () => void;
  readonly onSearch: () => void;
  readonly onFind: () => void;
  readonly onView: (view: Route['view']) => void;
}

const VIEWS: Readonly<Record<string, Route['view']>> = {
  '1': 'logs',
  '2': 'notes',
  '3': 'pending',
  '4': 'sessions',
  '5': 'sync',
  '6': 'settings',
};

/** Keys that work anywhere in the window. */
export function useGlobalKeys(keys: GlobalKeys): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const key = event.key.toLowerCase();
    if (hasCommand(event) && key === 'k') run(event, keys.onPalette);
    else if (hasCommand(event) && key === 'f') run(event, keys.onFind);
    else if (event.ctrlKey || event.metaKey || event.altKey || !keys.singleKeys || isTyping(event.target))
      return;
    else if (event.key === '?') run(event, keys.onHelp);
    else if (event.key === '/') run(event, keys.onSearch);
    else {
      const view = VIEWS[event.key];
      if (view !== undefined) run(event, () => keys.onView(view));
    }
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKeyDown(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}

function run(event: KeyboardEvent, action: () => void): void {
  event.preventDefault();
  action();
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('dialog[open]') !== null) return true;
  // A check box takes no letters.
  if (target instanceof HTMLInputElement && /^(?:checkbox|radio|button)$/.test(target.type)) return false;
  return target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
