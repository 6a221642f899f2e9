import type { CountTokens } from './finding.ts';

/** Maximum characters of a value that are judged; the rest is ignored. */
const JUDGED = 160;

/** Words by which documentation marks a placeholder. */
const PLACEHOLDER =
  /example|sample|placeholder|change[-_]?me|change[-_]?this|your[-_ ]|[-_]your|yourself|redacted|removed|masked|hidden|dummy|fake|insert|replace|x{4,}|\.{3}|\*{3}|…|\xe2\x80\xa6|<[^>]*>|lorem|foo_?bar|foobar|12345678|87654321|abcdefg|0123456|deadbeef|cafebabe|aaaaaa|000000/i;

/** Commonplace account names and values. */
const COMMON =
  /^(?:(?:my|the|db|test|some|new|old|user|super|top|app)?[-_ ]?(?:pass(?:wd|word|code|phrase|wort)?|pwd|secret|token|key|user|username|admin|root|guest|test|tester|postgres|mysql|redis|rabbitmq|mongo|mongodb|default|none|null|true|false|undefined|string|number|boolean|required|optional|value|login|pw|hunter2|letmein|qwerty|welcome|info|server|client|demo)[-_]?(?:\d{1,4}|here|value|text)?!?)$/i;

/** Code that refers to a value instead of being one. */
const CODE =
  /^(?:[$%@&#{[(<!*~^|]|\\\(|\.{1,2}\/|\/|~\/|[A-Za-z]:\\|[a-z][a-z0-9+.-]*:\/\/|process\.|os\.|env\.|ENV\b|import\.|this\.|self\.|secrets?\.|config\.|settings\.|var\.|req\.|await\b|new\b|return\b|function\b|async\b|null\b|typeof\b|\[secret: )/;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Names of variables, members and calls: `user.passwordHash`, `get_token()`, `Map<string>`. */
const IDENTIFIER = /^[A-Za-z_$][A-Za-z_$]*(?:(?:\.|\?\.|::|->|-|\/)[A-Za-z_$][\w$]*)*(?:[([{<].*)?$/;
/** The same with digits, where a dot shows that they are names: `asn1js.OctetString`. */
const MEMBER = /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+$/;
const FILE = /^[\w@./-]+\.(?:[a-z]{1,5}|mp[34]|sh256|sha256|md5|p12|7z|woff2)(?::\d+)*$/i;
const ADDRESS = /^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$|^[\w.-]+:\d{2,5}(?:\/.*)?$|^\d{1,3}(?:\.\d{1,3}){3}/;
const TIME_OR_VERSION = /^v?\d+(?:[._:/-]\d+)+(?:[-+.Tt]?[\w.:+-]*)?$/;

/** True for a placeholder: `<your key>`, `xxxx`, `AKIAIOSFODNN7EXAMPLE`. */
export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value) || COMMON.test(value) || variety(value) < Math.min(6, value.length / 2);
}

/** True for code, a path, an address or a time rather than a value. */
export function isCode(value: string): boolean {
  return (
    CODE.test(value) ||
    IDENTIFIER.test(value) ||
    (value.length < 40 && MEMBER.test(value)) ||
    FILE.test(value) ||
    ADDRESS.test(value) ||
    TIME_OR_VERSION.test(value) ||
    /\$\{|\{\{|\}\}|\$\(|=>|\(\)|&&|\|\||==[^=]/.test(value)
  );
}

export function isUuid(value: string): boolean {
  return UUID.test(value);
}

/** True for hexadecimal digits only, like digests and commits. */
export function isHex(value: string): boolean {
  return /^(?:0x)?[0-9a-f]+$/i.test(value);
}

/** Characters per language token: about 4 for words, 1.2 to 2 for random strings. */
export function charactersPerToken(value: string, countTokens: CountTokens): number {
  const judged = value.slice(0, JUDGED);
  return judged.length / Math.max(1, countTokens(judged));
}

/** Number of distinct characters in a value. */
function variety(value: string): number {
  return new Set(value.slice(0, JUDGED)).size;
}

/** Which of lower case, upper case, digits and others a value contains. */
export function classesOf(value: string): {
  readonly lower: number;
  readonly upper: number;
  readonly digits: number;
  readonly others: number;
  /** Of `others`: bytes of non-English letters. */
  readonly foreign: number;
} {
  let [lower, upper, digits, others, foreign] = [0, 0, 0, 0, 0];
  for (let at = 0; at < value.length && at < JUDGED; at++) {
    const code = value.charCodeAt(at);
    if (code >= 97 && code <= 122) lower++;
    else if (code >= 65 && code <= 90) upper++;
    else if (code >= 48 && code <= 57) digits++;
    else others++;
    if (code > 127) foreign++;
  }
  return { lower, upper, digits, others, foreign };
}
