import { useCallback } from 'react';
import { useApi } from './api-context.tsx';

/** Reads the clipboard's text, empty when it contains none; null if reading is not permitted. The desktop app uses its own clipboard. */
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
