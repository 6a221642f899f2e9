import { createSeededRandom, type SeededRandom } from './seeded-random.ts';

const HEX = '0123456789abcdef';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const ALNUM = BASE64.slice(0, 62);
const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const WORDS =
  'the a of in to we moved checked order invoice cache token password secret key login session request failed works test branch merge build deploy staging rotate expired header parser index store worker queue retry limit because after before'.split(
    ' ',
  );

/** Lines of a log's page that hold no secret, though some look like one. */
const LINES: readonly ((random: SeededRandom) => string)[] = [
  (r) => `${sentence(r)}.`,
  (r) => `${sentence(r)}, see \`src/${word(r)}/${word(r)}-${word(r)}.ts:${r.below(400)}\`.`,
  (r) => `commit ${some(r, HEX, 40)}`,
  (r) => `${some(r, HEX, 8)} fix: ${sentence(r)}`,
  (r) => `request ${uuid(r)} took ${r.below(900)} ms`,
  (r) => `session ${uuid(r)}: token count ${r.below(90_000)}, password field hidden`,
  (r) => `pulled app@sha256:${some(r, HEX, 64)}`,
  (r) => `"integrity": "sha512-${some(r, BASE64, 86)}==",`,
  (r) => `![shot](data:image/png;base64,iVBORw0KGgo${some(r, BASE64, 800)}=)`,
  (r) => `data:font/woff2;base64,d09GMgABAAAA${some(r, BASE64, 400)}`,
  (r) => `const ${word(r)}Token = await getAccessToken(${word(r)}Client, { password: options.password });`,
  (r) => `export const PASSWORD_MIN_LENGTH = ${r.below(20)};`,
  () =>
    'if (user.passwordHash !== hashPassword(input.password, user.salt)) throw new InvalidCredentialsError();',
  () => 'token: process.env.GITHUB_TOKEN,',
  () => 'DB_PASSWORD=${DB_PASSWORD:-changeme}',
  () => 'postgres://user:password@localhost:5432/app',
  () => 'curl -H "Authorization: Bearer $TOKEN" https://api.example.com/v1/users',
  () => 'api_key: <your-api-key>',
  () => 'AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE',
  () => 'password: string; token?: string | undefined; secret: Buffer;',
  () => '[secret: aws access key, kept on mara-mbp]',
  () => 'password = [secret: password, kept on mara-mbp]',
  (r) => `/Users/mara/Library/Application Support/${word(r)}/${some(r, ALNUM, 22)}/state.json`,
  (r) =>
    `at Object.<anonymous> (/home/ben/app/node_modules/.pnpm/react-dom@19.1.0_${some(r, HEX, 26)}/index.js:${r.below(999)}:7)`,
  (r) => `dist/assets/index-${some(r, ALNUM, 8)}.js  ${r.below(900)}.12 kB`,
  (r) => `{"type":"tool_use","id":"toolu_01${some(r, ALNUM, 22)}","name":"Bash"}`,
  (r) => `req_011C${some(r, ALNUM, 20)} msg_01${some(r, ALNUM, 22)}`,
  (r) => `order 01${some(r, BASE32, 24)} of session key rotation`,
  (r) => `https://docs.google.com/document/d/1${some(r, ALNUM, 43)}/edit`,
  (r) => `https://github.com/acme/app/blob/${some(r, HEX, 40)}/src/auth/token.ts#L${r.below(200)}`,
  (r) => `etag: W/"${some(r, HEX, 12)}-${some(r, ALNUM, 27)}"`,
  (r) => `x-request-id: ${some(r, HEX, 32)}`,
  (r) => `/nix/store/${some(r, 'abcdfghijklmnpqrsvwxyz0123456789', 32)}-nodejs-20.20.0/bin/node`,
  (r) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${some(r, BASE64, 43)} mara@mbp`,
  (r) => `SHA256:${some(r, BASE64, 43)} mara@mbp (ED25519)`,
  (r) =>
    `-----BEGIN CERTIFICATE-----\n${Array.from({ length: 6 }, () => some(r, BASE64, 64)).join('\n')}\n-----END CERTIFICATE-----`,
  (r) => `MD5 (backup.tar.gz) = ${some(r, HEX, 32)}`,
  () => 'class AuthenticationTokenRefreshInterceptorFactoryBean extends AbstractSingletonProxyFactoryBean {}',
  () => 'GOOGLE_APPLICATION_CREDENTIALS=/Users/mara/.config/gcloud/application_default_credentials.json',
  () => 'the token expired at 2026-02-03T10:22:31Z; the secret name is orders/staging/database-url',
  () => 'kubectl get secret orders-db -o jsonpath="{.data.password}" | base64 -d',
  () => 'docker login -u mara --password-stdin registry.internal < token.txt',
  (r) => `| ${word(r)} | ${r.below(100)} | ${r.below(1_000)} ms | ${some(r, HEX, 7)} |`,
  (r) =>
    `sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpb${some(r, BASE64, 300)}`,
  (r) => `Cookie consent: ${sentence(r)}`,
  (r) => `machine ${uuid(r)} host mara-mbp nonce ${some(r, HEX, 32)}`,
];

/** Pages of logs without a secret: prose, code, paths, digests, identifiers, pictures, and examples as documentation writes them. */
export function cleanPages(seed: number, count: number): readonly string[] {
  const random = createSeededRandom(seed);
  return Array.from({ length: count }, () =>
    Array.from(
      { length: 25 + random.below(20) },
      () => LINES[random.below(LINES.length)]?.(random) ?? '',
    ).join('\n'),
  );
}

function sentence(random: SeededRandom): string {
  return Array.from({ length: 5 + random.below(9) }, () => word(random)).join(' ');
}

function word(random: SeededRandom): string {
  return WORDS[random.below(WORDS.length)] ?? 'the';
}

function some(random: SeededRandom, alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[random.below(alphabet.length)]).join('');
}

function uuid(random: SeededRandom): string {
  return [8, 4, 4, 4, 12].map((length) => some(random, HEX, length)).join('-');
}
