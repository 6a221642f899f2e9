import { useRef } from 'react';
import type { FinishedOperation } from '../../../shared/ipc/operation.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { until } from '../../../shared/format/time.ts';
import { en } from '../../../shared/i18n/en.ts';
import { parseHash, type Route } from '../../../shared/ipc/route.ts';
import type { StatusSnapshot } from '../../../shared/ipc/status.ts';
import { useEvent } from '../../data/use-event.ts';
import { useGo, useRoute } from '../../data/use-route.ts';
import { summaryWords } from '../../ui/operation-words.ts';
import { useCloseToasts, useToast, type Toast } from '../../ui/toaster.tsx';

/** Begins the cause of every toast about a run that did not end well. */
const RUN = 'run ';

/** Says how work ended that a person asked for, and shows what the system refused to notify. */
export function Notices() {
  const toast = useToast();
  const close = useCloseToasts();
  const go = useGo();
  const route = useRoute();
  useEvent('operation.done', (operation) => {
    if (operation.outcome === 'done') close((cause) => isOverAfter(operation, cause));
    const words = isDrawn(operation, route) ? null : wordsFor(operation);
    if (words === null) return;
    const isBad = words.tone === 'error' || words.tone === 'warning';
    toast(
      isBad ? { ...words, action: { label: en.sync.seeDetails, run: () => go({ view: 'sync' }) } } : words,
    );
  });
  const storeWasWell = useRef(true);
  useEvent('status.changed', (status) => {
    const isWell = isStoreWell(status);
    if (isWell && !storeWasWell.current) close(isOfStore);
    storeWasWell.current = isWell;
  });
  useEvent('notice.show', (notice) => {
    const target = notice.route === null ? null : parseHash(notice.route);
    toast({
      tone: notice.tone,
      title: notice.title,
      body: notice.body,
      ...(target === null ? {} : { action: { label: en.panel.show, run: () => go(target) } }),
    });
  });
  return null;
}

/** True when the view that is open says itself how the run ended. */
function isDrawn(operation: FinishedOperation, route: Route): boolean {
  if (operation.outcome !== 'failed' && operation.outcome !== 'partial') return false;
  if (route.view === 'sync' || route.view === 'welcome') return true;
  return (
    operation.kind === 'pull' &&
    operation.subject !== null &&
    route.view === 'logs' &&
    route.log?.endsWith(operation.subject) === true
  );
}

/** Failures of the store or the way to it, whichever run met them. */
const STORE: readonly string[] = ['offline', 'server', 'throttled', 'timeout', 'denied'];

function isOfStore(cause: string): boolean {
  return STORE.some((code) => cause === `${RUN}${code} store`);
}

/** A run that went well shows that its own trouble is over, and one with the store that the store answers. */
function isOverAfter({ kind }: FinishedOperation, cause: string): boolean {
  return cause.startsWith(RUN) && (cause.endsWith(` ${kind}`) || (kind !== 'git-sync' && isOfStore(cause)));
}

function isStoreWell({ stores }: StatusSnapshot): boolean {
  return stores.every((store) => store.lastError === null && store.reachable !== false);
}

/** Work that the app started by itself says nothing here: the tray and Sync do. What a person asked for always gets its answer. */
function wordsFor(operation: FinishedOperation): Toast | null {
  const { kind, outcome, error } = operation;
  if (operation.cause !== 'person') return null;
  const body = error === null ? {} : { body: `${error.message} ${error.remedy}` };
  // Two runs that fail for one reason are one trouble.
  const code = error?.code ?? outcome;
  const cause = `${RUN}${code} ${kind !== 'git-sync' && STORE.includes(code) ? 'store' : kind}`;
  switch (outcome) {
    case 'failed':
      return { tone: 'error', title: en.sync.toastFailed[kind], cause, ...body };
    case 'partial':
      return { tone: 'warning', title: `${en.sync.kinds[kind]}: ${en.sync.toastPartial}`, cause, ...body };
    case 'deferred':
      return { tone: 'warning', cause, ...deferredWords(operation) };
    case 'cancelled':
      return { tone: 'info', title: `${en.sync.kinds[kind]}: ${en.sync.toastCancelled}` };
    case 'done':
      // A log that was pulled shows itself.
      if (kind === 'pull' && operation.total === 1) return null;
      return { tone: 'success', title: en.sync.toastDone[kind], body: summaryWords(operation.summary) };
  }
}

function deferredWords({ kind, deferral, finishedAt }: FinishedOperation): Pick<Toast, 'title' | 'body'> {
  if (deferral === null) return { title: en.sync.toastDeferred };
  const by = en.sync.toastDeferredBy(visibleLine(deferral.who), visibleLine(deferral.host));
  return {
    title: `${en.sync.kinds[kind]}: ${by}`,
    ...(deferral.retryAt === null
      ? {}
      : { body: en.sync.deferredRetry(until(deferral.retryAt, finishedAt)) }),
  };
}
