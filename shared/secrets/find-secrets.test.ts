import { countTokens } from 'gpt-tokenizer/encoding/cl100k_base';
import { describe, expect, it } from 'vitest';
import { cleanPages } from '../../main/testing/clean-pages.ts';
import { plantedSecrets } from '../../main/testing/planted-secrets.ts';
import { createSeededRandom } from '../../main/testing/seeded-random.ts';
import { findSecrets } from './find-secrets.ts';
import { secretsInName } from './secret-name.ts';

const find = (text: string) => findSecrets(text, (word) => countTokens(word));
const values = (text: string): string[] => find(text).map(({ start, end }) => text.slice(start, end));
/** Made at run time: no file of the repository holds what looks like a secret. */
const random = createSeededRandom(5);
const some = (
  length: number,
  alphabet = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789',
): string => Array.from({ length }, () => alphabet[random.below(alphabet.length)]).join('');
const token = `ghp_${some(36)}`;
const password = `${some(7)}#${some(5)}`;

describe('finding secrets', () => {
  it('finds nearly all of what is planted, and nothing in clean pages', () => {
    const planted = plantedSecrets(11, 5);
    const missed = planted.filter(({ value, text }) => {
      const at = text.indexOf(value);
      return !find(text).some(({ start, end }) => start <= at && end >= at + value.length);
    });
    expect(planted).toHaveLength(200);
    expect(missed.map(({ kind }) => kind).length).toBeLessThanOrEqual(6);
    expect(cleanPages(11, 200).flatMap(values)).toEqual([]);
  });

  it.each([
    ['a heading', `## Use ${token} today`],
    ['a note', `## Note for Ben\n\n${token}\n`],
    ['an address', `https://api.internal/v1?key=${token}&page=2`],
    ['an encoded address', `https://internal/login?next=%2Fa%3Ftoken%3D${token}`],
    ['a string of JSON', `{"text":"first\\n${token}\\nlast"}`],
    ['coloured output', `\u001B[32m${token}\u001B[0m`],
    ['a git remote', `origin https://x-access-token:${token}@github.com/acme/app.git (push)`],
    ['a file name', `session-logs/2026-06-05-mike-${token}.md`],
    ['a title', `---\ntitle: ${token}\n---\n`],
    ['the beginning', token],
  ])('finds a token in %s', (_, text) => {
    expect(values(text)).toEqual([token]);
  });

  it('finds a token in the path of a log, and none in those that people choose', () => {
    expect(secretsInName(`clients/acme/2026-06-05-mike-${token}.md`)).toHaveLength(1);
    for (const name of ['2026-06-05-mike-fix_the_importer_of_invoices_2.md', `2026/${'a'.repeat(40)}.md`])
      expect(secretsInName(name)).toEqual([]);
  });

  it('finds a whole token that a terminal has wrapped', () => {
    const [head, tail] = [token.slice(0, 22), token.slice(22)];
    for (const wrapped of [`${head}\n${tail}`, `${head}\\\n   ${tail}`, `${head}\r\n> ${tail}`])
      expect(values(`export TOKEN=${wrapped}\nnext line`)).toEqual([wrapped]);
  });

  it('finds a token of no known form that a git remote has for an account, and no account', () => {
    expect(values(`url = https://${token}@github.com/acme/app.git`)).toEqual([`https://${token}`]);
    const unknown = some(20);
    expect(values(`origin https://${unknown}7@git.internal/app.git (fetch)`)).toEqual([`${unknown}7`]);
    for (const account of ['deployment-robot-2026', 'continuous_integration', 'mara.okafor'])
      expect(values(`origin https://${account}@git.internal/app.git (fetch)`)).toEqual([]);
  });

  it('takes a value over the end of its line, where a backslash does: never a half', () => {
    const [head, tail] = [some(20), some(14)];
    for (const text of [`API_KEY=${head}\\\n${tail}\n`, `API_KEY=\\\n  ${head}${tail}\n`])
      expect(values(text).map((value) => value.replace(/\\\n/, ''))).toEqual([`${head}${tail}`]);
  });

  it('takes base64 that is wrapped as a whole', () => {
    const plain = `first line of a file\nDB_PASSWORD=${some(60)}\nlast line of it\n`;
    const lines = Buffer.from(plain).toString('base64').replaceAll(/.{76}/g, '$&\n').trimEnd();
    expect(lines).toContain('\n');
    expect(values(`data:\n${lines}\n\nText.`)).toEqual([lines]);
  });

  it.each([
    'curl -s -u mara:% https://api.internal',
    'curl --user "mara:%" https://api.internal',
    "sshpass -p '%' ssh deploy@host",
    'mysqldump -uroot -p% app',
    'redis-cli -h cache -a % ping',
    'pw: %',
  ])('finds a password in %s', (command) => {
    expect(values(`$ ${command.replace('%', () => password)}\n`)).toEqual([password]);
    expect(values(`$ ${command.replace('%', () => '$DB_PASSWORD')}\n`)).toEqual([]);
  });

  it('finds what is written in base64', () => {
    const encoded = Buffer.from(`mara:${token}`).toString('base64');
    expect(values(`Authorization: Basic ${encoded}\n`)).toEqual([encoded]);
    const secret = Buffer.from(`DB_PASSWORD=${password}\n`).toString('base64');
    expect(find(`  env: ${secret}\n`)).toMatchObject([{ kind: 'password in base64', rule: 'encoded' }]);
  });

  it.each([
    ['a file of settings', 'DB_PASSWORD=%\n'],
    ['YAML', 'db:\n  password: %\n  port: 5432\n'],
    ['JSON', '{"user":"mara","password":"%"}'],
    ['JSON in JSON', '{"a":"{\\"password\\":\\"%\\"}"}'],
    ['a command', 'mysql --password % -u root'],
    ['netrc', 'machine git.internal login mara password %\n'],
    ['a connection string', 'Server=db;User Id=sa;Password=%;Encrypt=true'],
    ['an address', 'postgres://app:%@db.internal/app'],
  ])('finds a password in %s, and all of it', (_, text) => {
    expect(values(text.replace('%', () => password))).toEqual([password]);
  });

  it('takes a password to the end of its line, whatever it holds', () => {
    expect(values('DB_PASSWORD=aB3,(x)9;kk!\n')).toEqual(['aB3,(x)9;kk!']);
  });

  it('takes a private key from its first line to its last', () => {
    const lines = Array.from({ length: 5 }, () => some(64)).join('\n');
    const key = `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----`;
    expect(values(`before\n${key}\nafter`)).toEqual([key]);
    expect(values(JSON.stringify({ key }))).toEqual([key.replaceAll('\n', String.raw`\n`)]);
    const cut = `-----BEGIN RSA PRIVATE KEY-----\n${lines}`;
    expect(values(`${cut}\n\nThen he left.`)[0]).toContain(lines);
    expect(values('-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----')).toEqual([]);
  });

  it.each([
    'AKIAIOSFODNN7EXAMPLE',
    'api_key: <your-api-key>',
    'password: ${DB_PASSWORD}',
    'token = process.env.GITHUB_TOKEN;',
    'const sessionToken = createSessionToken(user.passwordHash);',
    'https://user:password@localhost/app',
    '550e8400-e29b-41d4-a716-446655440000',
    'commit 91ee637d8245bd0a3521da58579b4f6bd5bbc68a',
    'the secret is sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'password = [secret: password, kept on mara-mbp]',
    'ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
  ])('finds nothing in %s', (text) => {
    expect(values(text)).toEqual([]);
  });

  it('gives the same answer for the same text', () => {
    const text = plantedSecrets(3, 2)
      .map((one) => one.text)
      .join('\n');
    expect(find(text)).toEqual(find(text));
  });

  it('takes time in proportion to the text, whatever stands in it', () => {
    const hostile = [
      'password=',
      '-----BEGIN PRIVATE KEY-----',
      '.eyJ',
      'a://b:c@',
      'ghp_abcdefgh\n',
      'token: "',
      String.raw`secret\"`,
      '[secret: a',
      'x',
      'dp.pt.',
      'curl -u ',
      'mysql -p',
      'https://aB3x7',
      'key=\\\n',
      'pw=aB3x7K\\\n',
      `${'Zm9v'.repeat(19)}\n`,
    ];
    for (const unit of hostile) {
      const timeOf = (length: number): number => {
        const text = unit.repeat(length / unit.length);
        const before = process.cpuUsage();
        find(text);
        const { user, system } = process.cpuUsage(before);
        return (user + system) / 1_000;
      };
      // Several seconds where it is quadratic.
      expect(timeOf(200_000), unit).toBeLessThan(1_000);
    }
  });
});
