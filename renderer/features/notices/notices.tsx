import { useRef } from 'react';
import { en } from '../../../shared/i18n/en.ts';
import type { FinishedOperation } from '../../../shared/ipc/operation.ts';
import { parseHash, type Route } from '../../../shared/ipc/route.ts';
import type { StatusSnapshot } from '../../../shared/ipc/status.ts';
import { useAppInfo } from '../../data/use-status.ts';
import { useEvent } from '../../data/use-event.ts';
import { useCloseToasts, useToast, type Toast } from '../../ui/toaster.tsx';
import { isOfStore, isOverAfter, toastOf } from './run-toast.ts';

export interface NoticesProps {
  readonly onGo: (route: Route) => void;
  /** True when the page itself shows how the run ended. */
  readonly isDrawn?: (operation: FinishedOperation) => boolean;
  /** True when the page already shows what a notice leads to. */
  readonly isOpen?: (route: Route) => boolean;
  /** The button beside a run that did not end well; none if there is nothing to do. */
  readonly remedyOf: (operation: FinishedOperation) => Toast['action'] | undefined;
}

/** Reports how requested work ended, and shows notifications the system refused. */
export function Notices({ onGo, isDrawn, isOpen, remedyOf }: NoticesProps) {
  const toast = useToast();
  const timeZone = useAppInfo()?.timeZone ?? 'UTC';
  const close = useCloseToasts();
  useEvent('operation.done', (operation) => {
    if (operation.outcome === 'done') close((cause) => isOverAfter(operation, cause));
    const words = isDrawn?.(operation) === true ? null : toastOf(operation, timeZone);
    if (words === null) return;
    const isBad = words.tone === 'error' || words.tone === 'warning';
    const action = isBad ? remedyOf(operation) : undefined;
    toast(action === undefined ? words : { ...words, action });
  });
  const storeWasWell = useRef(true);
  useEvent('status.changed', (status) => {
    const isWell = isStoreWell(status);
    if (isWell && !storeWasWell.current) close(isOfStore);
    storeWasWell.current = isWell;
  });
  useEvent('notice.show', (notice) => {
    const target = notice.route === null ? null : parseHash(notice.route);
    if (target !== null && isOpen?.(target) === true) return;
    toast({
      tone: notice.tone,
      title: notice.title,
      body: notice.body,
      ...(target === null ? {} : { action: { label: en.panel.show, run: () => onGo(target) } }),
    });
  });
  return null;
}

function isStoreWell({ stores }: StatusSnapshot): boolean {
  return stores.every((store) => store.lastError === null && store.reachable !== false);
}
