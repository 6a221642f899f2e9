/** The header in which a page of the browser view sends its key; no form and no page of another origin can send it. */
export const KEY_HEADER = 'x-session-log';
/** The header by which an answer says that a person must allow the call first; its body comes when they have. */
export const CONFIRM_HEADER = 'x-session-log-confirm';
