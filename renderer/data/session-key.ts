/** Storage key of a tab's session key: gone with the tab, and unreadable for pages of another port. */
const PLACE = 'session-log-key';
/** How long another tab has to hand over its key, in milliseconds. */
const TAB_MS = 400;

/**
 * The key of this tab's session: from its initial address, from before a reload, or from another tab of the same origin. Removes
 * token and key from the address, so that no history and no copied address contains them.
 * @returns the key; empty if there is none
 */
export async function takeSessionKey(): Promise<string> {
  const { location, history, sessionStorage } = window;
  const given = /^#key=([\w-]+)$/.exec(location.hash)?.[1];
  if (given !== undefined) {
    sessionStorage.setItem(PLACE, given);
    history.replaceState(history.state, '', location.pathname);
  }
  const key = given ?? sessionStorage.getItem(PLACE) ?? (await keyOfAnotherTab());
  if (key !== '') {
    sessionStorage.setItem(PLACE, key);
    shareKey(key);
  }
  return key;
}

function keyOfAnotherTab(): Promise<string> {
  return new Promise((resolve) => {
    const channel = new BroadcastChannel(PLACE);
    const end = (key: string): void => {
      clearTimeout(timer);
      channel.close();
      resolve(key);
    };
    const timer = setTimeout(() => end(''), TAB_MS);
    channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string' && data !== '') end(data);
    });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has one origin.
    channel.postMessage('');
  });
}

/** Answers requests of other tabs while this one is open; browsers deliver them only to pages of the same origin. */
function shareKey(key: string): void {
  const channel = new BroadcastChannel(PLACE);
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has one origin.
    if (data === '') channel.postMessage(key);
  });
}
