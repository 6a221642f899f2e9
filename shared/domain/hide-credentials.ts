/**
 * `scheme://user:secret@`: everything up to the last `@` before the path, because a secret may contain `@`. The scheme is
 * bounded; otherwise a long line of dashed words would be rescanned from each of them.
 */
const URL_USER = /:\/\/(?<=\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/'"<>]*@/gi;
const BEARER = /\b(authorization:\s*\S+|bearer|private-token:|x-access-token:)\s*[^\s'"]+/gi;
/** Query parameters that carry a secret. */
const URL_TOKEN = /([?&](?:access_token|private_token|token|key|sig|signature|password)=)[^\s&'"]+/gi;
/** Token formats of the large hosts, anywhere in the text. */
const KNOWN_TOKEN =
  /\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|ATATT[\w=-]{16,}|ya29\.[\w-]{16,})/g;

/** Removes credentials from a text that quotes addresses, such as a git message or a setting that names a remote. */
export function hideCredentials(text: string): string {
  return text
    .replaceAll(URL_USER, '://***@')
    .replaceAll(URL_TOKEN, '$1***')
    .replaceAll(BEARER, '***')
    .replaceAll(KNOWN_TOKEN, '***');
}
