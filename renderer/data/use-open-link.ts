import { useCallback } from 'react';
import type { AppError } from '../../shared/app-error.ts';
import { useApi } from './api-context.tsx';

/** Opens a link after the core has checked it; returns the error when it was refused. */
export function useOpenLink(): (url: string) => Promise<AppError | null> {
  const api = useApi();
  return useCallback(
    async (url) => {
      const envelope = await api.invoke('shell.openLink', { url });
      if (!envelope.ok) return envelope.error;
      if (envelope.value.openedBy === 'page')
        window.open(envelope.value.url, '_blank', 'noopener,noreferrer');
      return null;
    },
    [api],
  );
}
