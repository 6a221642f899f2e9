import { type AppError, fail } from '../app-error.ts';
import { quote } from '../domain/ids.ts';
import { ok, type Result } from '../result.ts';

const MOST = 2_000;

/**
 * Checks whether a link from a log may be opened: absolute, https or mailto, and no user name before the host
 * (`https://bank.example@evil.example` reads as another place than it is). Checked by the page before it renders a link, and again by the
 * main process before it opens one.
 * @returns the normalized address (international host names in ASCII), for display and opening; else `denied`
 */
export function checkLink(href: string): Result<string, AppError> {
  const problem = (why: string): Result<never, AppError> =>
    fail('denied', `The link ${quote(href)} was not opened: ${why}.`, 'Copy the address if you trust it.');
  if (href.length > MOST) return problem(`it is longer than ${MOST} characters`);
  // The URL parser drops tabs and line breaks and trims controls, so `java\nscript:` would be disguised.
  if (/[\u0000-\u0020\u007f]/.test(href)) return problem('it has spaces or control characters');
  let url: URL;
  try {
    url = new URL(href);
  } catch {
    return problem('it is no complete address');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'mailto:')
    return problem('only https and mailto links are opened');
  if (url.username !== '' || url.password !== '') return problem('it carries a user name');
  return ok(url.href);
}
