import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { RULES } from './rules.ts';

/** What decides about findings beside the rules: how logs are decoded and cut into pieces. */
const BESIDE = [
  'shared/domain/decode-log.ts',
  'main/core/secrets/find-in-stream.ts',
  'main/adapters/secrets/scan-bytes.ts',
  'main/adapters/secrets/with-tokens.ts',
];

it('names the rules as they are: if this fails, write the expected name into rules.ts', () => {
  const root = join(import.meta.dirname, '../..');
  const rules = readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'rules.ts')
    .map((name) => `shared/secrets/${name}`);
  const hash = createHash('sha256').update(packageJson.devDependencies['gpt-tokenizer']);
  for (const file of [...rules.sort(), ...BESIDE]) hash.update(readFileSync(join(root, file)));
  expect(RULES).toBe(hash.digest('hex').slice(0, 8));
});
