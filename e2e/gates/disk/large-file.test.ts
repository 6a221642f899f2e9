import { expect, it } from 'vitest';
import { measureLarge } from './large-file.ts';

const MEBIBYTE = 1024;

it('a log of 200 MB is measured and streamed in a fraction of its size', () => {
  const run = measureLarge(200_000_000);
  expect(run).toMatchObject({ size: 200_000_000, streamed: 200_000_000, right: true });
  console.log(
    `200 MB: measuring took ${Math.round(run.kibibytes.measure / MEBIBYTE)} MiB of memory, streaming ${Math.round(run.kibibytes.stream / MEBIBYTE)} MiB`,
  );
  expect(run.kibibytes.measure).toBeLessThan(60 * MEBIBYTE);
  expect(run.kibibytes.stream).toBeLessThan(120 * MEBIBYTE);
});
