import { expect, it } from 'vitest';
import { measureLarge } from './large-file.ts';

it('a file of 2 GiB and one byte is measured and streamed within 200 MB', { timeout: 300_000 }, () => {
  const size = 2 ** 31 + 1;
  const run = measureLarge(size);
  expect(run).toMatchObject({ size, streamed: size, right: true });
  expect(run.kibibytes.stream).toBeLessThan(200_000);
});
