import type { CountTokens, Finding } from './finding.ts';
import { charactersPerToken, classesOf, isHex, isPlaceholder, isUuid } from './judge-value.ts';

/** Before `://`: the scheme. */
const SCHEME = /[a-z][a-z0-9+.-]{1,24}$/i;
/** After it: user and password. */
const USER = /([^\s:/@"'`<>\\]{0,100}):([^\s"'`<>\\]{3,200})/y;
const DATABASES =
  /^(?:postgres|mysql|maria|mongo|redis|amqp|mssql|sqlserver|jdbc|clickhouse|cockroach|couch|neo4j|bolt|oracle|snowflake|nats|mqtt|ldap)/i;
/** Shorter ones are examples: `user:pass@`. */
const SHORTEST = 6;
const VARIABLE = /^[$%{<([*]|\$\{|\{\{|^\\?\$|^:/;

/** A token in place of the account, as git accepts it: `https://<token>@github.com/…`. */
const ACCOUNT = /([0-9A-Za-z_-]{14,200})@[\w.-]{3,}/y;
/** Account names have more characters per language token. */
const RANDOM = 2.2;

/**
 * Finds passwords in addresses: `postgres://app:secret@db/app`, `https://user:token@github.com/…`, `https://token@github.com/…`.
 * @param countTokens distinguishes an account name from a token
 */
export function findUrls(text: string, countTokens: CountTokens): Finding[] {
  const found: Finding[] = [];
  for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', at + 3)) {
    const scheme = SCHEME.exec(text.slice(Math.max(0, at - 25), at))?.[0];
    if (scheme === undefined) continue;
    const password = passwordAt(text, at + 3);
    const account = password === null ? accountAt(text, at + 3, countTokens) : null;
    if (account !== null) found.push({ ...account, kind: 'token in an address', rule: 'url' });
    if (password === null) continue;
    found.push({
      ...password,
      kind: DATABASES.test(scheme) ? 'database password' : 'password in an address',
      rule: 'url',
    });
  }
  return found;
}

function passwordAt(text: string, at: number): { start: number; end: number } | null {
  USER.lastIndex = at;
  const match = USER.exec(text);
  if (match === null) return null;
  const rest = match[2] ?? '';
  const start = at + (match[1] ?? '').length + 1;
  // The last @ before the path: both a password and a path may contain one.
  const slash = rest.indexOf('/');
  const sign = rest.slice(0, slash === -1 ? rest.length : slash).lastIndexOf('@');
  if (sign < SHORTEST) return null;
  const value = rest.slice(0, sign);
  if (VARIABLE.test(value) || isPlaceholder(value) || /^\d{1,5}$/.test(value)) return null;
  return { start, end: start + sign };
}

function accountAt(
  text: string,
  at: number,
  countTokens: CountTokens,
): { start: number; end: number } | null {
  ACCOUNT.lastIndex = at;
  const value = ACCOUNT.exec(text)?.[1];
  if (value === undefined || isPlaceholder(value) || isUuid(value) || isHex(value)) return null;
  const { lower, upper, digits } = classesOf(value);
  if (digits === 0 || lower + upper === 0 || charactersPerToken(value, countTokens) > RANDOM) return null;
  return { start: at, end: at + value.length };
}
