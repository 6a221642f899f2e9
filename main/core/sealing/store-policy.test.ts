import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { TenantId } from '../../../shared/domain/ids.ts';
import { testUuid } from '../../testing/sync-world.ts';
import { storePolicy } from './store-policy.ts';

const folder = mkdtempSync(join(tmpdir(), 'session-log-policy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const policy = storePolicy({
  bucket: 'a-bucket',
  prefix: 'logs',
  tenant: 'harbor' as TenantId,
  machines: [
    { uuid: testUuid('a'), host: 'mara-mbp' },
    { uuid: testUuid('b'), host: 'x"; rm -rf ~ #`id`' },
  ],
});

/** The commands and their flags as the reference of gcloud has them. */
const DOCUMENTED: Readonly<Record<string, readonly string[]>> = {
  'config get-value': [],
  'storage buckets update': ['--uniform-bucket-level-access', '--public-access-prevention'],
  'storage buckets add-iam-policy-binding': ['--member', '--role', '--condition'],
  'storage managed-folders create': [],
  'storage managed-folders add-iam-policy-binding': ['--member', '--role', '--condition'],
  'iam service-accounts create': ['--display-name', '--description'],
};

describe('the least rights of a tenant', () => {
  it.skipIf(process.platform === 'win32')('are commands that a shell and gcloud take', () => {
    // Stands for gcloud: prints what the shell gives it.
    const gcloud = join(folder, 'gcloud');
    writeFileSync(
      gcloud,
      '#!/bin/sh\nif [ "$1" = config ]; then echo a-project; else printf "%s\\037" "$@"; echo; fi\n',
    );
    chmodSync(gcloud, 0o755);
    const PATH = `${folder}:${process.env['PATH'] ?? ''}`;
    const ran = execFileSync('sh', ['-eu'], { input: policy.gcloud, env: { PATH }, encoding: 'utf8' });
    const calls = ran
      .trim()
      .split('\n')
      .map((line) => line.split('\u001F').filter((word) => word !== ''));
    for (const words of calls) {
      const command = Object.keys(DOCUMENTED).find((one) => words.join(' ').startsWith(`${one} `)) ?? '';
      const flags = words.filter((word) => word.startsWith('--')).map((flag) => flag.split('=', 1)[0]);
      expect(DOCUMENTED[command], words.join(' ')).toEqual(expect.arrayContaining(flags));
      expect(words.filter((word) => /^(?!--)/.test(word)).length).toBe(command.split(' ').length + 1);
    }
    const member = (letter: string): string =>
      `--member=serviceAccount:session-log-${testUuid(letter).slice(0, 8)}@a-project.iam.gserviceaccount.com`;
    expect(calls.filter((words) => words.includes(member('a')))).toHaveLength(7);
    const own = calls.filter(
      (words) => words.includes(member('a')) && words.join(' ').includes('objectUser'),
    );
    // Nothing of another machine is written by this one.
    expect(own.flat().join(' ')).not.toContain(testUuid('b'));
    expect(calls.flat().join(' ')).not.toMatch(/rm -rf|`id`/);
  });

  it('are blocks of Terraform that name each other', () => {
    const defined = [...policy.terraform.matchAll(/^resource "(\w+)" "(\w+)" \{$/gm)].map(
      ([, type, name]) => `${type}.${name}`,
    );
    expect(new Set(defined).size).toBe(defined.length);
    for (const [, name = ''] of policy.terraform.matchAll(/\b(google_\w+\.\w+)\.(?:name|email)\b/g))
      expect(defined).toContain(name);
    // A line is the end of a block, an attribute with a value, or the beginning of a block.
    for (const line of policy.terraform.split('\n').filter((one) => one !== ''))
      expect(line).toMatch(
        /^ *\}$|^ +\w+ += (?:"[^"]*"|[\w.]+)$|^(?:resource "\w+" "\w+"| {2}condition) \{$/,
      );
  });
});
