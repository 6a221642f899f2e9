import type { Session } from 'electron';
import { isAppUrl } from '../pages/app-origin.ts';

/**
 * What the policy of the page forbids already is refused once more below it: no request of a page leaves the machine. Developer tools load
 * their own files.
 */
export function refuseRequests(session: Session): void {
  session.webRequest.onBeforeRequest((request, answer) => {
    answer({ cancel: !isAppUrl(request.url) && !request.url.startsWith('devtools://') });
  });
}
