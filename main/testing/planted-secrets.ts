import { createSeededRandom, type SeededRandom } from './seeded-random.ts';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const DIGITS = '0123456789';
const ALNUM = LOWER + UPPER + DIGITS;
const HEX = `${DIGITS}abcdef`;
const BASE64 = `${ALNUM}+/`;
const WEB = `${ALNUM}-_`;

/** One made-up secret in the text that it stands in. */
export interface PlantedSecret {
  readonly kind: string;
  /** The value: all of it must be found. */
  readonly value: string;
  readonly text: string;
}

/** A kind of secret: how its value looks, and where it stands besides the {@link CARRIERS}. */
interface Kind {
  readonly kind: string;
  readonly value: (random: SeededRandom) => string;
  /** The text around it, where the kind is told by what stands before it; `%` is the value. */
  readonly within?: readonly string[];
}

/** So many values of each kind. */
export const PLANTED_OF_EACH = 25;

/** Made anew at each run from the seed, so that no file holds what looks like a secret. */
const KINDS: readonly Kind[] = [
  kind('aws access key id', (r) => `AKIA${pick(r, `${UPPER}234567`, 16)}`),
  kind('aws secret access key', (r) => pick(r, BASE64, 40), [
    'aws_secret_access_key = %',
    'AWS_SECRET_ACCESS_KEY=%',
    '"SecretAccessKey": "%"',
    'export AWS_SECRET_ACCESS_KEY="%"',
  ]),
  kind('github classic token', (r) => `ghp_${pick(r, ALNUM, 36)}`),
  kind('github fine-grained token', (r) => `github_pat_${pick(r, ALNUM, 22)}_${pick(r, ALNUM, 59)}`),
  kind('gitlab token', (r) => `glpat-${pick(r, WEB, 20)}`),
  kind('slack bot token', (r) => `xoxb-${pick(r, DIGITS, 12)}-${pick(r, DIGITS, 13)}-${pick(r, ALNUM, 24)}`),
  kind(
    'slack webhook',
    (r) =>
      `https://hooks.slack.com/services/T${pick(r, UPPER + DIGITS, 10)}/B${pick(r, UPPER + DIGITS, 10)}/${pick(r, ALNUM, 24)}`,
  ),
  kind('stripe live key', (r) => `sk_live_${pick(r, ALNUM, 24)}`),
  kind('openai project key', (r) => `sk-proj-${pick(r, WEB, 74)}T3BlbkFJ${pick(r, WEB, 74)}`),
  kind('openai key', (r) => `sk-${pick(r, ALNUM, 20)}T3BlbkFJ${pick(r, ALNUM, 20)}`),
  kind('anthropic key', (r) => `sk-ant-api03-${pick(r, WEB, 93)}AA`),
  kind('google api key', (r) => `AIza${pick(r, WEB, 35)}`),
  kind('google client secret', (r) => `GOCSPX-${pick(r, WEB, 28)}`),
  kind('npm token', (r) => `npm_${pick(r, ALNUM, 36)}`),
  kind('pypi token', (r) => `pypi-AgEIcHlwaS5vcmc${pick(r, WEB, 120)}`),
  kind('docker token', (r) => `dckr_pat_${pick(r, WEB, 27)}`),
  kind('huggingface token', (r) => `hf_${pick(r, LOWER + UPPER, 34)}`),
  kind('sendgrid key', (r) => `SG.${pick(r, WEB, 22)}.${pick(r, WEB, 43)}`),
  kind('mailgun key', (r) => `key-${pick(r, HEX, 32)}`),
  kind('twilio auth token', (r) => pick(r, HEX, 32), [
    'TWILIO_AUTH_TOKEN=%',
    'twilio_auth_token: %',
    '"authToken": "%"',
    "const authToken = '%';",
  ]),
  kind('telegram bot token', (r) => `${pick(r, '123456789', 1)}${pick(r, DIGITS, 9)}:AA${pick(r, WEB, 33)}`),
  kind('discord bot token', (r) => `M${pick(r, ALNUM, 25)}.${pick(r, ALNUM, 6)}.${pick(r, WEB, 38)}`),
  kind('azure storage key', (r) => `${pick(r, BASE64, 86)}==`, [
    'DefaultEndpointsProtocol=https;AccountName=mara;AccountKey=%;EndpointSuffix=core.windows.net',
    '"AccountKey": "%"',
    'AZURE_STORAGE_KEY=%',
  ]),
  kind('azure client secret', (r) => `${pick(r, ALNUM, 3)}8Q~${pick(r, WEB, 34)}`),
  kind('digitalocean token', (r) => `dop_v1_${pick(r, HEX, 64)}`),
  kind('heroku key', (r) => uuid(r), ['HEROKU_API_KEY=%', 'heroku_api_key: %', '"api_key": "%"']),
  kind('cloudflare token', (r) => pick(r, WEB, 40), [
    'CLOUDFLARE_API_TOKEN=%',
    'cloudflare_api_token = "%"',
    'cf_api_token: %',
    'curl -H "Authorization: Bearer %" https://api.cloudflare.com/client/v4/zones',
  ]),
  kind('vault token', (r) => `hvs.${pick(r, WEB, 95)}`),
  kind('databricks token', (r) => `dapi${pick(r, HEX, 32)}`),
  kind('shopify token', (r) => `shpat_${pick(r, HEX, 32)}`),
  kind('grafana token', (r) => `glsa_${pick(r, ALNUM, 32)}_${pick(r, HEX, 8)}`),
  kind('datadog key', (r) => pick(r, HEX, 32), [
    'DD_API_KEY=%',
    'datadog_api_key: "%"',
    'DATADOG_API_KEY=%',
    '-H "DD-API-KEY: %"',
  ]),
  kind(
    'json web token',
    (r) =>
      `${base64url(`{"alg":"HS256","typ":"JWT","kid":"${pick(r, HEX, 8)}"}`)}.${base64url(`{"sub":"${pick(r, DIGITS, 10)}","exp":17${pick(r, DIGITS, 8)}}`)}.${pick(r, WEB, 43)}`,
  ),
  kind('private key', (r) => pem(r, 'RSA '), ['%']),
  kind('openssh private key', (r) => pem(r, 'OPENSSH '), ['%']),
  kind('postgres password', password, [
    'postgres://app:%@db.internal:5432/app',
    'DATABASE_URL=postgresql://mara:%@10.0.3.7/orders?sslmode=require',
    'psql "postgres://admin:%@localhost/app"',
  ]),
  kind('mongodb password', (r) => pick(r, ALNUM, 16), [
    'mongodb+srv://mara:%@cluster0.ab1cd.mongodb.net/app',
    'MONGO_URL="mongodb://root:%@mongo:27017"',
  ]),
  kind('password in a git remote', (r) => pick(r, ALNUM, 20), [
    'origin\thttps://mara:%@git.internal/team/app.git (fetch)',
    'git clone https://deploy:%@git.internal/team/app.git',
  ]),
  kind('password', password, [
    'DB_PASSWORD=%',
    'password: %',
    '"password": "%"',
    "  password = '%'",
    'mysql --password=% -u root',
    'The password is %',
    'smtp_pass: "%"',
    'redis-cli --pass %',
    'POSTGRES_PASSWORD: "%"',
  ]),
  kind('token of a service nobody knows', (r) => pick(r, ALNUM, 40), [
    'the token is %',
    'api_token: %',
    'ACME_TOKEN=%',
    '"accessToken": "%"',
    'Authorization: Bearer %',
    'curl -H "X-Api-Key: %" https://api.acme.test/v1',
    'new api key for staging:\n%',
  ]),
];

/** Where secrets turn up: prose of logs, commands, JSON, YAML, addresses, notes, the output of tools. */
const CARRIERS: readonly string[] = [
  'Mara gave me the key for staging, it is % and it works until Friday.',
  '## Credentials & Secrets\n\n- staging: `%`\n',
  '$ curl -H "Authorization: Bearer %" https://api.internal/v1/orders',
  '$ export KEY=%\n$ make deploy',
  '{"status":"ok","data":{"value":"%","owner":"mara"}}',
  '{"type":"tool_result","content":"line one\\nkey=%\\nline three"}',
  'service:\n  name: orders\n  value: %\n  replicas: 2',
  'https://api.internal/v1/orders?id=7&key=%&page=2',
  '## Note for Ben\n\nUse % until the new one is there.',
  '  12:04:11 INFO loaded configuration (key %)',
  '+KEY="%"',
  "const client = connect('%');",
  '| staging | `%` | mara |',
  '## Moved to % today',
];

/** Every kind so many times, each in a page of its own. The same seed gives the same. */
export function plantedSecrets(seed: number, each = PLANTED_OF_EACH): readonly PlantedSecret[] {
  const random = createSeededRandom(seed);
  return KINDS.flatMap(({ kind: name, value, within }) =>
    Array.from({ length: each }, (_, at) => {
      const made = value(random);
      const places = within ?? CARRIERS;
      const text = (places[at % places.length] ?? '%').replace('%', () => made);
      return { kind: name, value: made, text };
    }),
  );
}

function kind(name: string, value: Kind['value'], within?: readonly string[]): Kind {
  return { kind: name, value, ...(within === undefined ? {} : { within }) };
}

function pick(random: SeededRandom, alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[random.below(alphabet.length)]).join('');
}

/** As people and password managers make them. */
function password(random: SeededRandom): string {
  const word = random.pick(['Winter', 'Kestrel', 'harbour', 'Blue', 'maple', 'Orbit', 'tundra']);
  return random.pick([
    pick(random, ALNUM, 16),
    `${word}${pick(random, DIGITS, 4)}!`,
    `${pick(random, LOWER, 4)}-${pick(random, UPPER, 4)}-${pick(random, DIGITS, 4)}`,
    `${pick(random, ALNUM, 8)}$${pick(random, ALNUM, 6)}`,
    `${word}_${pick(random, ALNUM, 6)}`,
  ]);
}

function uuid(random: SeededRandom): string {
  return [8, 4, 4, 4, 12].map((length) => pick(random, HEX, length)).join('-');
}

function pem(random: SeededRandom, what: string): string {
  const lines = Array.from({ length: 12 }, () => pick(random, BASE64, 64)).join('\n');
  const edge = (word: string): string => `-----${word} ${what}PRIVATE KEY-----`;
  return `${edge('BEGIN')}\n${lines}\n${edge('END')}`;
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}
