import type { FinishedOperation } from '../../../shared/ipc/operation.ts';
import { en } from '../../../shared/i18n/en.ts';
import { parseHash } from '../../../shared/ipc/route.ts';
import { useEvent } from '../../data/use-event.ts';
import { useGo } from '../../data/use-route.ts';
import { summaryWords } from '../../ui/operation-words.ts';
import { useToast, type Toast } from '../../ui/toaster.tsx';

/** Says how work ended, and shows what the system refused to notify. */
export function Notices() {
  const toast = useToast();
  const go = useGo();
  useEvent('operation.done', (operation) => {
    const words = wordsFor(operation);
    if (words === null) return;
    const isBad = words.tone === 'error' || words.tone === 'warning';
    toast(
      isBad ? { ...words, action: { label: en.sync.seeDetails, run: () => go({ view: 'sync' }) } } : words,
    );
  });
  useEvent('notice.show', (notice) => {
    const route = notice.route === null ? null : parseHash(notice.route);
    toast({
      tone: notice.tone,
      title: notice.title,
      body: notice.body,
      ...(route === null ? {} : { action: { label: en.panel.show, run: () => go(route) } }),
    });
  });
  return null;
}

/** Work that the app started by itself speaks up only when something is wrong; what a person asked for always gets its answer. */
function wordsFor(operation: FinishedOperation): Toast | null {
  const { kind, outcome, error } = operation;
  const body = error === null ? undefined : `${error.message} ${error.remedy}`;
  const withBody = (toast: Toast): Toast => (body === undefined ? toast : { ...toast, body });
  if (outcome === 'failed') return withBody({ tone: 'error', title: en.sync.toastFailed[kind] });
  if (outcome === 'partial')
    return withBody({ tone: 'warning', title: `${en.sync.kinds[kind]}: ${en.sync.toastPartial}` });
  if (operation.cause !== 'person') return null;
  if (outcome === 'deferred') return withBody({ tone: 'warning', title: en.sync.toastDeferred });
  if (outcome === 'cancelled')
    return { tone: 'info', title: `${en.sync.kinds[kind]}: ${en.sync.toastCancelled}` };
  // A log that was pulled shows itself.
  if (kind === 'pull' && operation.total === 1) return null;
  return { tone: 'success', title: en.sync.toastDone[kind], body: summaryWords(operation.summary) };
}
