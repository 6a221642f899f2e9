import { type AppError, fail } from '../../../shared/app-error.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { isAppUrl, type PageName } from '../pages/app-origin.ts';

/** What is known about a message's sender. */
export interface Sender {
  /** Which of our pages the window shows; null for any other window. */
  readonly page: PageName | null;
  /** Address of the frame; null when it is already gone. */
  readonly frameUrl: string | null;
  /** True for the window's own frame, false for a nested one. */
  readonly isMainFrame: boolean;
}

/**
 * Checks whether a sender may call: our window, its main frame, our origin.
 * @returns its page, else `denied`
 */
export function checkSender({ page, frameUrl, isMainFrame }: Sender): Result<PageName, AppError> {
  if (page === null) return refuse('it comes from a window that is not Session Log’s');
  if (frameUrl === null) return refuse('its sender is gone');
  if (!isMainFrame) return refuse('it comes from a frame inside a page');
  if (!isAppUrl(frameUrl)) return refuse('it comes from another origin');
  return ok(page);
}

function refuse(why: string): Result<never, AppError> {
  return fail('denied', `The call was refused: ${why}.`, 'Only pages of Session Log may call it.');
}
