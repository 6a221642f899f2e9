import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { crc32c, crc32cFromBase64, crc32cToBase64 } from './checksum.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

function noise(length: number): Uint8Array {
  let state = 12345;
  return new Uint8Array(length).map(() => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 16);
}

/** The Cloud Storage client's own implementation; it is not exported, so it is taken by its path in the package. */
async function clientCrc32c(): Promise<(bytes: Uint8Array) => string> {
  const main = createRequire(import.meta.url).resolve('@google-cloud/storage');
  const path = join(dirname(main), '..', '..', 'esm', 'src', 'crc32c.js');
  const { CRC32C } = (await import(pathToFileURL(path).href)) as {
    CRC32C: new () => { update(bytes: Buffer): void; toString(): string };
  };
  return (bytes) => {
    const sum = new CRC32C();
    sum.update(Buffer.from(bytes));
    return sum.toString();
  };
}

describe('CRC32C', () => {
  it('gives the published values', () => {
    expect(crc32c(ascii('123456789'))).toBe(0xe3069283);
    // RFC 3720, appendix B.4.
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(new Uint8Array(32).map((_, i) => i))).toBe(0x46dd794e);
    expect(crc32c(new Uint8Array(32).map((_, i) => 31 - i))).toBe(0x113fdb5c);
    expect(crc32c(new Uint8Array(0))).toBe(0);
  });

  it('continues from any prefix', () => {
    const bytes = noise(1000);
    const whole = crc32c(bytes);
    for (let cut = 0; cut <= bytes.length; cut++)
      expect(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut)))).toBe(whole);
  });

  it('agrees with the Cloud Storage client on every length and alignment', async () => {
    const theirs = await clientCrc32c();
    const bytes = noise(600);
    for (let from = 0; from < 9; from++) {
      for (let to = from; to < bytes.length; to += to < 80 ? 1 : 37) {
        const part = bytes.subarray(from, to);
        expect(crc32cToBase64(crc32c(part))).toBe(theirs(part));
      }
    }
    const large = noise(1_000_003);
    expect(crc32cToBase64(crc32c(large))).toBe(theirs(large));
  });

  it('goes to base64 and back, and refuses anything else', () => {
    for (const value of [0, 1, 0x80000000, 0xffffffff, 0xe3069283, 0x00ff00ff])
      expect(crc32cFromBase64(crc32cToBase64(value))).toBe(value);
    expect(crc32cToBase64(0xe3069283)).toBe(Buffer.from('e3069283', 'hex').toString('base64'));
    for (const text of ['', 'AAAAAA', 'AAAAAA=', 'AAAAAB==', '!!!!!A==', 'AAAAAA==\n', 'AAAAAAA=='])
      expect(crc32cFromBase64(text)).toBeNull();
  });
});
