/** The header in which a page of the browser view sends its key; no form and no page of another origin can send it. */
export const KEY_HEADER = 'x-session-log';
/** The response header that says a person must first allow the call; the body follows once they have. */
export const CONFIRM_HEADER = 'x-session-log-confirm';
