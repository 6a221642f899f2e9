import type { AppError, ErrorCode } from '../../../shared/app-error.ts';

const OF_THE_STORE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'offline',
  'denied',
  'throttled',
  'server',
  'timeout',
  'not-configured',
  'clone-alarm',
  'cancelled',
  'disk-full',
]);

/** Whether a failure would affect every further transfer. */
export function stopsTransfers({ code }: AppError): boolean {
  return OF_THE_STORE.has(code);
}
