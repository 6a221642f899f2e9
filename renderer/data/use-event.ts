import { useEffect, useEffectEvent } from 'react';
import type { EventName } from '../../shared/ipc/channels.ts';
import type { EventPayloads } from '../../shared/ipc/contract.ts';
import { useApi } from './api-context.tsx';

/** Runs `listener` for each of the core's events while the component is mounted. */
export function useEvent<N extends EventName>(event: N, listener: (payload: EventPayloads[N]) => void): void {
  const api = useApi();
  const onEvent = useEffectEvent(listener);
  useEffect(() => api.on(event, (payload) => onEvent(payload)), [api, event]);
}
