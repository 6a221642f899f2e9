import { parseTenantId } from './ids.ts';

/** What a colleague needs to join the same store. Contains no secret. */
export interface Invitation {
  /** `gs://…` or `file:///…`. */
  readonly url: string;
  readonly tenant: string;
  /** Of a non-Google server; empty for Google's. */
  readonly endpoint: string;
}

/** In characters; longer links are rejected. */
const LONGEST = 5_000;
const LINK = /session-log:\/\/join\?[A-Za-z0-9%=&._~-]{1,5000}/;

/** Formats an invitation as a link that survives a terminal, a chat and an e-mail unchanged. */
export function invitationLink({ url, tenant, endpoint }: Invitation): string {
  const parts = [['store', url], ['tenant', tenant], ...(endpoint === '' ? [] : [['endpoint', endpoint]])];
  return `session-log://join?${parts.map(([name = '', value = '']) => `${name}=${encoded(value)}`).join('&')}`;
}

/**
 * Finds an invitation in pasted text: the link alone or with words around it.
 * @returns null when there is none, or when it names no store others can use. Settings are validated again on save.
 */
export function readInvitation(text: string): Invitation | null {
  // A trailing full stop ends the sentence.
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

/** True for an address without an account and without characters that no address contains. */
function isPlain(url: string): boolean {
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  return !/[\u0000-\u0020\u007f-\u009f@"'`<>\\]/.test(url);
}

/** URL-encoded, including characters that a shell or a chat would interpret. */
function encoded(value: string): string {
  return encodeURIComponent(value).replaceAll(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
