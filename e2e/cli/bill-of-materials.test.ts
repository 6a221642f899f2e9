import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { billOfMaterials, shippedPackages } from '../../scripts/bill-of-materials.mjs';

const ROOT = join(import.meta.dirname, '..', '..');
const MOST_BUNDLED = 60;

const shipped = shippedPackages(ROOT);

it('every package that ships stands in docs/dependencies.md with who brings it, and no other does', () => {
  const page = readFileSync(join(ROOT, 'docs/dependencies.md'), 'utf8');
  const section = /## Everything that ships\n([\s\S]*?)\n###? /.exec(page)?.[1] ?? '';
  const listed = section
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('`'))
    .flatMap((line) => [...(line.split('|')[2] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
  expect(section).toContain(`${shipped.filter(({ how }) => how === 'bundled').length} are bundled`);
  expect(listed.toSorted()).toEqual([...new Set(shipped.map(({ name }) => name))].toSorted());
});

it(`at most ${MOST_BUNDLED} packages are bundled`, () => {
  const bundled = shipped.filter(({ how }) => how === 'bundled');
  expect(bundled.length).toBeGreaterThan(30);
  expect(bundled.length).toBeLessThanOrEqual(MOST_BUNDLED);
});

it('the bill of materials names each of them once, with a licence, and a hash of what npm fetched', () => {
  const product = { name: 'session-log', version: '1.2.3' };
  const bill = billOfMaterials(product, shipped);
  const refs = bill.components.map((one) => one['bom-ref']);
  expect(new Set(refs).size).toBe(refs.length);
  expect(refs).toContain(
    `pkg:npm/%40google-cloud/storage@${shipped.find(({ name }) => name === '@google-cloud/storage')?.version}`,
  );
  for (const { name, licenses, hashes, properties } of bill.components) {
    expect(licenses, name).toBeDefined();
    if (properties[0]?.value !== 'runtime')
      expect(hashes?.[0], name).toMatchObject({
        alg: 'SHA-512',
        content: expect.stringMatching(/^[0-9a-f]{128}$/),
      });
  }
});
