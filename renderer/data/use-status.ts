import type { AppInfo } from '../../shared/ipc/payloads.ts';
import type { StatusSnapshot } from '../../shared/ipc/status.ts';
import { useCall } from './call.ts';

/** The state of everything; null until it is known. */
export function useStatus(): StatusSnapshot | null {
  return useCall('status.get', {}).data ?? null;
}

/** The app around the page; null until it is known. */
export function useAppInfo(): AppInfo | null {
  return useCall('app.info', {}).data ?? null;
}
