import { until } from '../../../shared/format/time.ts';
import { failureWords } from '../../../shared/format/window-remedy.ts';
import { visibleLine } from '../../../shared/format/visible-text.ts';
import { en } from '../../../shared/i18n/en.ts';
import type { FinishedOperation } from '../../../shared/ipc/operation.ts';
import { summaryWords } from '../../ui/operation-words.ts';
import type { Toast } from '../../ui/toaster.tsx';

/** Prefix of the cause of every toast about a run that did not end well. */
const RUN = 'run ';
/** Failures of the store or the connection to it, whichever run met them. */
const STORE: readonly string[] = ['offline', 'server', 'throttled', 'timeout', 'denied'];

/** Whether a toast is about the store or the connection to it. */
export function isOfStore(cause: string): boolean {
  return STORE.some((code) => cause === `${RUN}${code} store`);
}

/** A successful run clears its own earlier failure, and one that used the store clears those about the store. */
export function isOverAfter({ kind }: FinishedOperation, cause: string): boolean {
  return cause.startsWith(RUN) && (cause.endsWith(` ${kind}`) || (kind !== 'git-sync' && isOfStore(cause)));
}

/** Work the app started automatically is not reported here: the tray and Sync do that. Requested work always gets an answer. */
export function toastOf(operation: FinishedOperation, timeZone: string): Toast | null {
  const { kind, outcome, error } = operation;
  if (operation.cause !== 'person') return null;
  const body = error === null ? {} : { body: failureWords(error, timeZone) };
  // Two runs that fail for one reason are one failure.
  const code = error?.code ?? outcome;
  const cause = `${RUN}${code} ${kind !== 'git-sync' && STORE.includes(code) ? 'store' : kind}`;
  switch (outcome) {
    case 'failed':
      return { tone: 'error', title: en.sync.toastFailed[kind], cause, ...body };
    case 'partial':
      return { tone: 'warning', title: `${en.sync.kinds[kind]}: ${en.sync.toastPartial}`, cause, ...body };
    case 'deferred':
      return { tone: 'warning', cause, ...deferredWords(operation, body) };
    case 'cancelled':
      return { tone: 'info', title: `${en.sync.kinds[kind]}: ${en.sync.toastCancelled}` };
    case 'done':
      // A pulled log shows itself.
      if (kind === 'pull' && operation.total === 1) return null;
      return { tone: 'success', title: en.sync.toastDone[kind], body: summaryWords(kind, operation.summary) };
  }
}

function deferredWords(
  { kind, deferral, finishedAt }: FinishedOperation,
  body: Pick<Toast, 'body'>,
): Pick<Toast, 'title' | 'body'> {
  const title = (words: string): string => `${en.sync.kinds[kind]}: ${words}`;
  if (deferral === null) return { title: title(en.sync.toastRetried), ...body };
  return {
    title: title(en.sync.toastDeferredBy(visibleLine(deferral.who), visibleLine(deferral.host))),
    ...(deferral.retryAt === null
      ? {}
      : { body: en.sync.deferredRetry(until(deferral.retryAt, finishedAt)) }),
  };
}
