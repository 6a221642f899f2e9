import { useCallback } from 'react';
import { useApi } from './api-context.tsx';

/** Copies text; false when refused. The desktop app uses its own clipboard, a browser the page's. The app removes a secret again. */
export function useCopy(): (text: string, how?: { readonly secret: boolean }) => Promise<boolean> {
  const api = useApi();
  return useCallback(
    async (text, { secret } = { secret: false }) => {
      if (window.api !== undefined)
        return (await api.invoke('clipboard.copy', secret ? { text, secret } : { text })).ok;
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
