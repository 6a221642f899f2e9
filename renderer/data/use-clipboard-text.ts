import { useCallback } from 'react';
import { useApi } from './api-context.tsx';

/** Reads the text of the clipboard, empty when it holds none; null where it may not be read. The desktop app asks its own clipboard. */
export function useClipboardText(): () => Promise<string | null> {
  const api = useApi();
  return useCallback(async () => {
    if (window.api !== undefined) {
      const envelope = await api.invoke('clipboard.read', {});
      return envelope.ok ? (envelope.value.text ?? '') : null;
    }
    try {
      return await navigator.clipboard.readText();
    } catch {
      return null;
    }
  }, [api]);
}
