import { useCallback } from 'react';
import { useApi } from './api-context.tsx';

/** Copies text; false when it was refused. The desktop app asks its own clipboard, a browser the page's. */
export function useCopy(): (text: string) => Promise<boolean> {
  const api = useApi();
  return useCallback(
    async (text) => {
      if (window.api !== undefined) return (await api.invoke('clipboard.copy', { text })).ok;
      try {
        await navigator.clipboard.writeText(text);
        return true;
      } catch {
        return false;
      }
    },
    [api],
  );
}
