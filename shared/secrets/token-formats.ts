/**
 * Tokens whose first characters identify their vendor. The formats are published by the vendors; many were collected by gitleaks
 * (https://github.com/gitleaks/gitleaks, MIT, Copyright (c) 2019 Zachary Rice).
 */
export interface TokenFormat {
  readonly kind: string;
  /** Exactly as it begins. */
  readonly prefix: string;
  /** What follows the prefix, at one position only (sticky). */
  readonly rest: RegExp;
}

/** What must not follow a token: it would be part of something longer. */
const END = '(?![0-9A-Za-z_])';
const WORD = '[0-9A-Za-z_-]';
const ALNUM = '[0-9A-Za-z]';
const HEX = '[0-9a-f]';
const BASE64 = '[0-9A-Za-z+/]';

/** Kind, then prefixes, then what follows them. */
const TABLE: readonly (readonly [kind: string, prefixes: string, rest: string])[] = [
  ['aws access key', 'AKIA ASIA ABIA ACCA', '[A-Z2-7]{16}'],
  ['aws bedrock key', 'ABSK', `${BASE64}{109,269}={0,2}`],
  ['github token', 'ghp_ gho_ ghu_ ghs_ ghr_', `${ALNUM}{36,255}`],
  ['github token', 'github_pat_', '[0-9A-Za-z_]{70,100}'],
  [
    'gitlab token',
    'glpat- gldt- glrt- glft- glsoat- glffct- glcbt- gloas- glimt- glagent- glptt-',
    `[0-9A-Za-z_.-]{20,320}`,
  ],
  ['gitlab runner token', 'GR1348941', `${WORD}{20}`],
  ['bitbucket token', 'ATBB ATCTT3xFfG', `[0-9A-Za-z_=-]{24,300}`],
  ['atlassian token', 'ATATT3xFfG', `[0-9A-Za-z_=-]{100,300}`],
  [
    'slack token',
    'xoxb- xoxp- xoxa- xoxr- xoxs- xoxo- xoxe- xoxe.xoxb- xoxe.xoxp- xoxc- xoxd-',
    `[0-9A-Za-z%-]{20,260}`,
  ],
  ['slack app token', 'xapp-', `[0-9]-[0-9A-Za-z]+-[0-9]+-[0-9a-zA-Z]{20,80}`],
  [
    'slack webhook',
    'hooks.slack.com/services/ hooks.slack.com/workflows/ hooks.slack.com/triggers/',
    `[0-9A-Za-z+/]{30,80}`,
  ],
  [
    'discord webhook',
    'discord.com/api/webhooks/ discordapp.com/api/webhooks/',
    `[0-9]{15,22}/${WORD}{50,80}`,
  ],
  ['stripe key', 'sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_', `${ALNUM}{16,240}`],
  ['stripe webhook secret', 'whsec_', `[0-9A-Za-z+/]{24,80}={0,2}`],
  ['openai key', 'sk-proj- sk-svcacct- sk-admin- sk-None-', `${WORD}{40,220}`],
  ['openai key', 'sk-', `${ALNUM}{32,64}`],
  ['anthropic key', 'sk-ant-', `${WORD}{60,140}`],
  ['openrouter key', 'sk-or-v1-', `${HEX}{64}`],
  ['google api key', 'AIza', `${WORD}{35}`],
  ['google client secret', 'GOCSPX-', `${WORD}{28}`],
  ['google oauth token', 'ya29.', `${WORD}{30,900}`],
  ['google refresh token', '1//0', `${WORD}{35,140}`],
  ['npm token', 'npm_', `${ALNUM}{36}`],
  ['pypi token', 'pypi-AgEI', `${WORD}{50,1000}`],
  ['docker token', 'dckr_pat_ dckr_oat_', `${WORD}{24,64}`],
  ['huggingface token', 'hf_ api_org_', `[A-Za-z]{34}`],
  ['replicate token', 'r8_', `${ALNUM}{37}`],
  ['groq key', 'gsk_', `${ALNUM}{52}`],
  ['perplexity key', 'pplx-', `${ALNUM}{48}`],
  ['xai key', 'xai-', `${ALNUM}{80}`],
  ['sendgrid key', 'SG.', `${WORD}{20,24}\\.${WORD}{39,50}`],
  ['brevo key', 'xkeysib-', `${HEX}{64}-${ALNUM}{16}`],
  ['mailgun key', 'key-', `${HEX}{32}`],
  ['twilio key', 'SK', `${HEX}{32}`],
  ['digitalocean token', 'dop_v1_ doo_v1_ dor_v1_', `${HEX}{64}`],
  ['vault token', 'hvs. hvb. hvr.', `${WORD}{24,400}`],
  ['databricks token', 'dapi', `${HEX}{32}(?:-[0-9])?`],
  ['shopify token', 'shpat_ shpca_ shppa_ shpss_', `[0-9A-Fa-f]{32}`],
  ['linear key', 'lin_api_ lin_oauth_', `${ALNUM}{40,64}`],
  ['notion token', 'ntn_', `${ALNUM}{40,60}`],
  ['notion token', 'secret_', `${ALNUM}{43}`],
  ['postman key', 'PMAK-', `${HEX}{24}-${HEX}{34}`],
  ['grafana token', 'glsa_', `${ALNUM}{32}_[0-9A-Fa-f]{8}`],
  ['grafana token', 'glc_', `${BASE64}{32,400}={0,3}`],
  ['new relic key', 'NRAK- NRJS- NRII-', `[0-9A-Za-z_-]{19,32}`],
  ['sentry token', 'sntryu_ sntrys_', `[0-9A-Za-z+/=_]{60,500}`],
  ['figma token', 'figd_ figo_', `${WORD}{40,64}`],
  ['airtable token', 'pat', `${ALNUM}{14}\\.${HEX}{64}`],
  ['doppler token', 'dp.pt. dp.st. dp.ct. dp.sa. dp.scim. dp.audit.', `[0-9A-Za-z._-]{40,64}`],
  ['dynatrace token', 'dt0c01. dt0s01. dt0s16.', `[0-9A-Z]{8,24}\\.[0-9A-Z]{64}`],
  ['planetscale token', 'pscale_tkn_ pscale_pw_ pscale_oauth_', `[0-9A-Za-z_.=-]{32,64}`],
  ['fly token', 'fo1_', `${WORD}{43}`],
  ['fly token', 'fm1a_ fm1r_ fm2_', `${BASE64}{100,2000}={0,3}`],
  ['pulumi token', 'pul-', `${HEX}{40}`],
  ['prefect token', 'pnu_', `${ALNUM}{36}`],
  ['readme token', 'rdme_', `[0-9a-z]{70}`],
  ['rubygems key', 'rubygems_', `${HEX}{48}`],
  ['scalingo token', 'tk-us-', `${WORD}{48}`],
  ['shippo token', 'shippo_live_ shippo_test_', `[0-9a-fA-F]{40}`],
  ['square token', 'sq0atp- sq0csp- sq0idp-', `${WORD}{22,60}`],
  ['square token', 'EAAA', `${WORD}{60}`],
  ['facebook token', 'EAAC EAAM', `${ALNUM}{100,400}`],
  ['sonar token', 'squ_ sqp_ sqa_', `${HEX}{40}`],
  ['sourcegraph token', 'sgp_', `(?:[0-9a-fA-F]{16}_|local_)?[0-9a-fA-F]{40}`],
  ['heroku key', 'HRKU-AA', `${WORD}{58}`],
  ['supabase token', 'sbp_', `${HEX}{40}`],
  ['supabase key', 'sb_secret_', `${WORD}{30,60}`],
  ['openshift token', 'sha256~', `${WORD}{43}`],
  ['artifactory key', 'AKCp', `${ALNUM}{69}`],
  ['artifactory token', 'cmVmd', `${ALNUM}{59}`],
  ['age key', 'AGE-SECRET-KEY-1 AGE-SECRET-KEY-PQ-1', `[0-9A-Z]{58,90}`],
  ['1password key', 'A3-', `[0-9A-Z]{6}-(?:[0-9A-Z]{11}|[0-9A-Z]{6}-[0-9A-Z]{5})(?:-[0-9A-Z]{5}){3}`],
  ['1password token', 'ops_eyJ', `${WORD}{200,2000}={0,3}`],
  ['duffel token', 'duffel_test_ duffel_live_', `[0-9A-Za-z_=-]{43}`],
  ['easypost key', 'EZAK EZTK', `${ALNUM}{54}`],
  ['frame.io token', 'fio-u-', `[0-9A-Za-z_=-]{64}`],
  ['infracost key', 'ico-', `${ALNUM}{32}`],
  ['alibaba access key', 'LTAI', `${ALNUM}{12,20}`],
  ['tencent secret id', 'AKID', `${ALNUM}{32}`],
  ['octopus key', 'API-', `[0-9A-Z]{26,32}`],
  ['adobe secret', 'p8e-', `[0-9A-Za-z]{32}`],
  ['clojars token', 'CLOJARS_', `${HEX}{60}`],
  ['flutterwave key', 'FLWSECK_TEST- FLWSECK-', `[0-9a-zA-Z]{12,40}(?:-X)?`],
  ['json web token', 'eyJ', `[0-9A-Za-z_-]{10,4000}\\.eyJ[0-9A-Za-z_-]{10,8000}\\.[0-9A-Za-z_-]{10,2000}`],
];

/** Tokens recognizable by characters inside them. */
export interface MarkedFormat {
  readonly kind: string;
  readonly mark: string;
  /** The whole token from its beginning, at one position only (sticky). */
  readonly whole: RegExp;
  /** Minimum and maximum characters before the mark. */
  readonly before: readonly [number, number];
}

export const MARKED_FORMATS: readonly MarkedFormat[] = [
  marked('telegram token', ':AA', [8, 10], `[0-9]{8,10}:AA${WORD}{33}`),
  marked('azure client secret', 'Q~', [4, 4], `[0-9A-Za-z_~.]{3}[0-9]Q~[0-9A-Za-z_~.-]{31,34}`),
  marked('terraform token', '.atlasv1.', [14, 14], `${ALNUM}{14}\\.atlasv1\\.[0-9A-Za-z_=-]{60,70}`),
  marked('mailchimp key', '-us', [32, 32], `${HEX}{32}-us[0-9]{1,2}`),
  marked('maxmind key', '_mmk', [36, 36], `${ALNUM}{6}_${ALNUM}{29}_mmk`),
];

/** A token in three parts, the first a number in base64, at one position only (sticky). */
export const DISCORD_TOKEN = new RegExp(`[MNO]${ALNUM}{23,27}\\.${WORD}{6}\\.${WORD}{27,40}${END}`, 'y');

/** Keyed by the first two characters, as one number; see {@link formatsAt}. Longer prefixes first. */
const TOKEN_FORMATS: ReadonlyMap<number, readonly TokenFormat[]> = byPrefix();
/** Which character pairs begin a format, by the number of their row in {@link THIRD}; 0 for none. Tested for every character of a text. */
const BEGINS = new Uint8Array(128 * 128);
/** Which characters may follow such a pair: words begin like formats, but few go on like one. */
const THIRD = new Uint8Array(128 * (TOKEN_FORMATS.size + 1));
for (const [row, [key, formats]] of [...TOKEN_FORMATS].entries()) {
  const start = 128 * (row + 1);
  BEGINS[key] = row + 1;
  for (const { prefix } of formats)
    if (prefix.length > 2) THIRD[start + prefix.charCodeAt(2)] = 1;
    else THIRD.fill(1, start, start + 128);
}

/** Returns the next position of a text, from a given one, with three characters that begin a format; the text's end when there is none. */
export function nextFormat(text: string, from: number): number {
  // Not beyond its end, where `charCodeAt` gives no integer: the loop would take five times as long.
  const last = text.length - 1;
  if (from >= last) return text.length;
  let code = text.charCodeAt(from);
  for (let at = from; at < last; at++) {
    const next = text.charCodeAt(at + 1);
    if ((code | next) < 128) {
      const row = BEGINS[(code << 7) | next] as number;
      if (row !== 0 && isThird(row, text.charCodeAt(at + 2))) return at;
    }
    code = next;
  }
  return text.length;
}

function isThird(row: number, code: number): boolean {
  return code < 128 && THIRD[128 * row + code] === 1;
}

/** Returns the formats that begin with the two characters at a position of a text. */
export function formatsAt(text: string, at: number): readonly TokenFormat[] {
  return TOKEN_FORMATS.get((text.charCodeAt(at) << 7) | text.charCodeAt(at + 1)) ?? [];
}

function marked(kind: string, mark: string, before: MarkedFormat['before'], whole: string): MarkedFormat {
  return { kind, mark, before, whole: new RegExp(`${whole}${END}`, 'y') };
}

function byPrefix(): ReadonlyMap<number, readonly TokenFormat[]> {
  const formats = new Map<number, TokenFormat[]>();
  for (const [kind, prefixes, rest] of TABLE) {
    for (const prefix of prefixes.split(' ')) {
      const key = (prefix.charCodeAt(0) << 7) | prefix.charCodeAt(1);
      const list = formats.get(key) ?? [];
      list.push({ kind, prefix, rest: new RegExp(`${rest}${END}`, 'y') });
      formats.set(key, list);
    }
  }
  for (const list of formats.values()) list.sort((a, b) => b.prefix.length - a.prefix.length);
  return formats;
}
