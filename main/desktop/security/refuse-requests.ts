import type { Session } from 'electron';
import { isAppUrl } from '../pages/app-origin.ts';

/**
 * What the policy of the page forbids already is refused once more below it: no request of a page leaves the machine. Developer tools load
 * their own files.
 * @param developmentServer the one other address that they may reach; undefined in the product
 */
export function refuseRequests(session: Session, developmentServer: string | undefined): void {
  const changes = developmentServer?.replace(/^http/, 'ws');
  session.webRequest.onBeforeRequest((request, answer) => {
    const isChange = changes !== undefined && request.url.startsWith(`${changes}/`);
    answer({ cancel: !isAppUrl(request.url) && !request.url.startsWith('devtools://') && !isChange });
  });
}
