import { parseTenantId } from './ids.ts';

/** What a colleague needs to come into the same store. Holds no secret. */
export interface Invitation {
  /** `gs://…` or `file:///…`. */
  readonly url: string;
  readonly tenant: string;
  /** Of a server that is not Google's; empty for Google's. */
  readonly endpoint: string;
}

/** Characters of a link; what is longer is none. */
const LONGEST = 5_000;
const LINK = /session-log:\/\/join\?[A-Za-z0-9%=&._~-]{1,5000}/;

/** Writes an invitation as a link, which stands unchanged in a terminal, a chat and an e-mail. */
export function invitationLink({ url, tenant, endpoint }: Invitation): string {
  const parts = [['store', url], ['tenant', tenant], ...(endpoint === '' ? [] : [['endpoint', endpoint]])];
  return `session-log://join?${parts.map(([name = '', value = '']) => `${name}=${encoded(value)}`).join('&')}`;
}

/**
 * Reads an invitation out of what a person pasted: the link, or the words around it.
 * @returns null when there is none in it, or when it names no store that others can use. Settings check it again when they are saved.
 */
export function readInvitation(text: string): Invitation | null {
  // A full stop behind it ends a sentence.
  const link = LINK.exec(text.slice(0, 4 * LONGEST))?.[0].replace(/\.+$/, '');
  if (link === undefined || link.length > LONGEST) return null;
  const query = new URLSearchParams(link.slice(link.indexOf('?') + 1));
  const [url, tenant, endpoint] = [
    query.get('store') ?? '',
    query.get('tenant') ?? '',
    query.get('endpoint') ?? '',
  ];
  const isStore = /^gs:\/\/[a-z0-9]|^file:\/\/\/?[^/]/.test(url) && isPlain(url);
  const isEndpoint = endpoint === '' || (/^https?:\/\/[^/]/.test(endpoint) && isPlain(endpoint));
  return isStore && isEndpoint && parseTenantId(tenant).ok ? { url, tenant, endpoint } : null;
}

/** True for an address without an account in it and without what no address holds. */
function isPlain(url: string): boolean {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  return !/[\u0000-\u0020\u007f-\u009f@"'`<>\\]/.test(url);
}

/** As in an address, with the marks too that a shell or a chat takes for its own. */
function encoded(value: string): string {
  return encodeURIComponent(value).replaceAll(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
