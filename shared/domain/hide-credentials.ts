/**
 * `scheme://user:secret@`: everything up to the last `@` before the path, because a secret may hold an `@` itself. No scheme is
 * longer than that, and a long line of words with dashes would otherwise be read again from each of them.
 */
const URL_USER = /\b([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/'"<>]*@/gi;
const BEARER = /\b(authorization:\s*\S+|bearer|private-token:|x-access-token:)\s*[^\s'"]+/gi;
/** Parameters that carry a secret in the address itself. */
const URL_TOKEN = /([?&](?:access_token|private_token|token|key|sig|signature|password)=)[^\s&'"]+/gi;
/** Forms that the large hosts give their tokens, wherever they stand. */
const KNOWN_TOKEN =
  /\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|ATATT[\w=-]{16,}|ya29\.[\w-]{16,})/g;

/** Takes credentials out of a text that quotes addresses, such as a message of git or a setting that names a remote. */
export function hideCredentials(text: string): string {
  return text
    .replaceAll(URL_USER, '$1***@')
    .replaceAll(URL_TOKEN, '$1***')
    .replaceAll(BEARER, '***')
    .replaceAll(KNOWN_TOKEN, '***');
}
