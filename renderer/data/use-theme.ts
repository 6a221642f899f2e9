import { useEffect } from 'react';
import { useCall } from './call.ts';

/** Sets the theme from the settings on the root element; "system" leaves it to the platform. */
export function useTheme(): void {
  const theme = useCall('settings.get', {}).data?.settings.app.theme ?? 'system';
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }, [theme]);
}
