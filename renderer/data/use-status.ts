import type { AppInfo } from '../../shared/ipc/payloads.ts';
import type { StatusSnapshot } from '../../shared/ipc/status.ts';
import { useCall } from './call.ts';

/** The overall state; null until it is loaded. */
export function useStatus(): StatusSnapshot | null {
  return useCall('status.get', {}).data ?? null;
}

/** The app around the page; null until it is loaded. */
export function useAppInfo(): AppInfo | null {
  return useCall('app.info', {}).data ?? null;
}
