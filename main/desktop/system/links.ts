import { app } from 'electron';
import { LINK_SCHEME } from '../../../shared/ipc/deep-link.ts';

/**
 * Receives links that the system passes to the app, from the start. On Windows the app registers itself for them; elsewhere its package
 * does.
 */
export function hearLinks(): { follow(open: (link: string) => void): void } {
  const early: string[] = [];
  let open = (link: string): void => void early.push(link);
  app.on('open-url', (event, url) => {
    event.preventDefault();
    open(url);
  });
  if (process.platform === 'win32' && app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
  return {
    follow(follower) {
      open = follower;
      for (const link of early) follower(link);
    },
  };
}
