import type { Session } from 'electron';
import { isAppUrl } from '../pages/app-origin.ts';

/**
 * Enforces below the page what its policy already forbids: no request of a page leaves the machine. Developer tools load their own files.
 * @param developmentServer the only other address they may reach; undefined in the product
 */
export function refuseRequests(session: Session, developmentServer: string | undefined): void {
  const changes = developmentServer?.replace(/^http/, 'ws');
  session.webRequest.onBeforeRequest((request, answer) => {
    const isChange = changes !== undefined && request.url.startsWith(`${changes}/`);
    answer({ cancel: !isAppUrl(request.url) && !request.url.startsWith('devtools://') && !isChange });
  });
}
