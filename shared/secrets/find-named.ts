import type { CountTokens, Finding } from './finding.ts';
import { charactersPerToken, classesOf, isCode, isHex, isPlaceholder, isUuid } from './judge-value.ts';

/** A name that may precede a value. */
const NAME =
  /passw(?:or)?[dt]|passphrase|passcode|\bpass\b|_pass\b|pwd|\bpw\b|secret|token|api[_-]?key|access[_-]?key|account[_-]?key|auth[_-]?key|app[_-]?key|shared[_-]?access|private[_-]?key|preshared[_-]?key|signing[_-]?key|encryption[_-]?key|master[_-]?key|service[_-]?key|service[_-]?role|license[_-]?key|storage[_-]?key|[a-z]_key\b|auth(?:orization)?\b|bearer\b|credential|cookie|session[_-]?(?:key|id)\b|[?&](?:sig|[\w-]{0,20}signature)\b|\bx-api\b|\bsas\b/gi;
/** The rest of the name: `_ACCESS_KEY`, `-for-staging`. */
const TAIL = /[\w-]{0,40}(?:\.[\w-]{1,30}){0,3}/y;
/** Between a name and its value. */
const BETWEEN =
  /(?:\\?["'`]|\*\*|\])?\s{0,4}(?::=|=>|===?|!==?|[:=]|\bis\b|\|)(?:\*\*)?\s{0,4}(?:>-?|\|-?)?\s{0,12}|<\/key>\s{0,20}<string>|>|(?:\\?["'`])?\s{0,2},\s{0,2}(?=\\?["'`])|["']?\s{1,3}value\s{0,2}=\s{0,2}(?=["'])|[ \t]{1,4}/y;
const QUOTED = /(\\?["'`])((?:(?!\1)[^\r\n\\]|\\(?!["'`nrt])[^\r\n]){1,400})\1/y;
/** A continued line: the break has no meaning. */
const GOES_ON = /\\\r?\n/y;
const NEXT_LINE = /\\\r?\n[ \t]{0,40}/y;
const MORE = /[^\s"'`<>,;()\\|]{1,400}/y;
const BARE = /[^\s"'`<>,;()\\|]{6,400}/y;
const REST_OF_LINE = /[^\s"'`\\]{6,400}/y;
/** Names related to secrets that are not secrets themselves. */
const ABOUT =
  /(?:count|counts|s|url|uri|type|types|name|names|_?id|ids|file|path|paths|length|len|size|limit|limits|budget|usage|used|expir\w*|ttl|at|version|field|prefix|label|policy|rule|rules|mode|format|header|headers|index|pattern|regex|hint|ref|store|manager|arn|provider|callback|scope|scopes|endpoint|issuer|kind|status|state|error|ed|izer|ize|ization|less|hash|reset|here|max|min|total|input|output|cost|per|rate)$/i;

/** A key of at least 32 bytes in base64, which may start like a path. */
const BASE64_KEY = /^[0-9A-Za-z+/]{42,}={1,2}$/;

/** `cookie: session=…`, whose inner name is examined separately, and digests. */
const OTHER = /^[A-Za-z_-]{3,30}=.|^(?:sha\d{1,3}|md5)[:-]/;

interface Place {
  readonly kind: 'password' | 'key';
  /** True for `NAME=value` on its own line, where even a word is a password. */
  readonly isSetting: boolean;
}

/**
 * Finds values by the names before them: `DB_PASSWORD=…`, `"api_key": "…"`, `--token …`, `Authorization: Bearer …`.
 * @param countTokens distinguishes words from random strings
 */
export function findNamed(text: string, countTokens: CountTokens): Finding[] {
  const found: Finding[] = [];
  NAME.lastIndex = 0;
  for (let match = NAME.exec(text); match !== null; match = NAME.exec(text)) {
    const finding = valueBehind(text, match.index, match[0], countTokens);
    if (finding === null) continue;
    found.push(finding);
    NAME.lastIndex = finding.end;
  }
  return found;
}

function valueBehind(text: string, at: number, word: string, countTokens: CountTokens): Finding | null {
  TAIL.lastIndex = at + word.length;
  TAIL.test(text);
  const nameEnd = TAIL.lastIndex;
  const tail = text.slice(at + word.length, nameEnd);
  if (tail !== '' && ABOUT.test(tail)) return null;
  BETWEEN.lastIndex = nameEnd;
  const between = BETWEEN.exec(text);
  if (between === null) return null;
  const byBlank = /^[ \t]+$/.test(between[0]);
  if (byBlank && !takesBlank(text, at, word)) return null;
  const value = valueAt(text, BETWEEN.lastIndex, text.slice(Math.max(0, at - 60), at));
  if (value === null) return null;
  const place: Place = {
    kind: /pass|pwd|^pw$/i.test(word) ? 'password' : 'key',
    isSetting: between[0].trim() === '=' && !value.isQuoted && isLine(text, at, value.start, value.end),
  };
  if (!isSecretValue(value.text, place, countTokens)) return null;
  return { start: value.start, end: value.end, kind: kindName(text, at, word, tail), rule: 'named' };
}

/** A value follows a space only in command lines, netrc files, and headers. */
function takesBlank(text: string, at: number, word: string): boolean {
  if (/^(?:bearer|basic)$/i.test(word)) return true;
  const before = text.slice(Math.max(0, at - 120), at);
  const sinceBreak = before.slice(before.lastIndexOf('\n') + 1);
  if (sinceBreak.includes('-') && /(?:^|\s)--?[\w-]{0,40}$/.test(sinceBreak)) return true;
  return (
    (sinceBreak.includes('machine') || sinceBreak.includes('login')) &&
    /\b(?:machine|login)\s\S+\s/.test(sinceBreak)
  );
}

interface Value {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly isQuoted: boolean;
}

function valueAt(text: string, from: number, before: string): Value | null {
  NEXT_LINE.lastIndex = from;
  const at = behindScheme(text, NEXT_LINE.test(text) ? NEXT_LINE.lastIndex : from);
  QUOTED.lastIndex = at;
  const quoted = QUOTED.exec(text);
  if (quoted !== null) {
    const start = behindScheme(text, at + (quoted[1] ?? '').length);
    const end = QUOTED.lastIndex - (quoted[1] ?? '').length;
    return { text: text.slice(start, end), start, end, isQuoted: true };
  }
  // In an address query, the next parameter is not part of it.
  const isQuery = /[?&][\w.%-]{0,40}$/.test(before);
  const whole = isQuery ? undefined : restOfLine(text, at);
  BARE.lastIndex = at;
  const bare = whole ?? BARE.exec(text)?.[0].replace(/[\]}*]+$/, '');
  if (bare === undefined) return null;
  const own = isQuery ? (bare.split(/[&#]/, 1)[0] ?? '') : bare;
  return goneOn(text, { text: own, start: at, end: at + own.length, isQuoted: false });
}

/** A value continued on the next line by a backslash includes both parts: never half of it. */
function goneOn(text: string, value: Value): Value {
  let { text: joined, end } = value;
  for (;;) {
    GOES_ON.lastIndex = end;
    if (!GOES_ON.test(text)) break;
    MORE.lastIndex = GOES_ON.lastIndex;
    const more = MORE.exec(text)?.[0];
    if (more === undefined) break;
    joined += more;
    end = MORE.lastIndex;
  }
  return end === value.end ? value : { ...value, text: joined, end };
}

/** A value that ends its line is taken up to there: passwords contain brackets and commas too. */
function restOfLine(text: string, at: number): string | undefined {
  REST_OF_LINE.lastIndex = at;
  const rest = REST_OF_LINE.exec(text)?.[0];
  if (rest === undefined || /[;,&][\w-]+=/.test(rest)) return undefined;
  return /[\r\n]|^$/.test(text[at + rest.length] ?? '') ? rest.replace(/[,;]+$/, '') : undefined;
}

/** `Authorization: Bearer x`: the value is x. */
function behindScheme(text: string, at: number): number {
  const scheme = /^(?:\\?["'`])?(?:Bearer|Basic|Token|token|bearer|basic|ApiKey|SSWS|GenieKey)[ \t]+/.exec(
    text.slice(at, at + 16),
  );
  return scheme === null ? at : at + scheme[0].length;
}

/** True when name and value fill the line, as in a settings file. */
function isLine(text: string, at: number, start: number, end: number): boolean {
  if (start - at > 100) return false;
  const before = text.slice(Math.max(0, at - 62), at);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  return (
    line.length < 62 &&
    /^[\s>+-]{0,12}(?:export\s|set\s|ENV\s|- )?["'\w.-]{0,60}$/.test(line) &&
    /^["'`,;]{0,2}\s{0,3}(?:\r?\n|$)/.test(text.slice(end, end + 6))
  );
}

function isSecretValue(value: string, place: Place, countTokens: CountTokens): boolean {
  if (value.length < 8 || /\s/.test(value) || OTHER.test(value) || isPlaceholder(value)) return false;
  if (isUuid(value)) return place.kind === 'key';
  if (value.length < 16 || (place.kind === 'password' && value.length < 24))
    return place.kind === 'password' && isPassword(value, place, countTokens);
  if (isHex(value)) return value.length >= 20;
  if (isCode(value) && !BASE64_KEY.test(value)) return false;
  const { lower, upper, digits, foreign } = classesOf(value);
  if (foreign > value.length / 4) return false;
  if (digits === 0 && (lower === 0 || upper === 0)) return false;
  return charactersPerToken(value, countTokens) < (digits === 0 ? 2.1 : 2.6);
}

function isPassword(value: string, { isSetting }: Place, countTokens: CountTokens): boolean {
  const { lower, upper, digits, others, foreign } = classesOf(value);
  if ((lower + upper === 0 && digits < 8) || foreign > value.length / 3) return false;
  if (digits === 0 && others === 0) return isSetting && charactersPerToken(value, countTokens) < 2.9;
  if (isCode(value)) return false;
  // `max-age`, `two_words`: joined letters count as words unless they are not language.
  const isJoined = digits === 0 && /^[A-Za-z]+(?:[-_./:][A-Za-z]+)*$/.test(value);
  return charactersPerToken(value, countTokens) < (isJoined ? 2.3 : 3.1);
}

/** Derives the kind from the name before the value. */
function kindName(text: string, at: number, word: string, tail: string): string {
  const before = /[\w.-]{0,40}$/.exec(text.slice(Math.max(0, at - 40), at))?.[0] ?? '';
  const name = `${before}${word}${tail}`.toLowerCase();
  const what = /pass|pwd|\bpw$/.test(name)
    ? 'password'
    : /token|bearer|auth/.test(name)
      ? 'token'
      : /cookie|session/.test(name)
        ? 'session'
        : /sig|sas/.test(name)
          ? 'signature'
          : /key/.test(name)
            ? 'key'
            : 'secret';
  const owner = OWNERS.find((one) => name.includes(one));
  return owner === undefined ? what : `${owner} ${what}`;
}

const OWNERS = [
  'aws',
  'azure',
  'gcp',
  'google',
  'cloudflare',
  'datadog',
  'twilio',
  'heroku',
  'algolia',
  'github',
  'gitlab',
  'slack',
  'stripe',
  'openai',
  'docker',
  'npm',
  'postgres',
  'mysql',
  'redis',
  'mongo',
  'jwt',
  'smtp',
  'okta',
  'auth0',
  'sentry',
  'snyk',
  'wireguard',
];
