import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { nativeChaCha, portableChaCha } from './chacha.ts';
import { createAge } from './create-age.ts';

const age = createAge();

async function* piecesOf(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Uint8Array.from(Buffer.concat(parts));
}
const sample = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (at * 31) % 251);
const label = new TextEncoder().encode('what is inside');

it.each([0, 1, 15_000, 65_536])(
  'both ciphers lock %i bytes alike, and open what the other locked',
  (length) => {
    const [key, nonce] = [sample(32), sample(12)];
    const native = Buffer.concat(nativeChaCha.lock(key, nonce, sample(length)));
    expect(Buffer.concat(portableChaCha.lock(key, nonce, sample(length))).equals(native)).toBe(true);
    for (const { unlock } of [nativeChaCha, portableChaCha]) {
      expect(Buffer.compare(unlock(key, nonce, native), sample(length))).toBe(0);
      const changed = Uint8Array.from(native, (byte, at) => (at === 0 ? byte ^ 1 : byte));
      for (const other of [changed, native.subarray(1), native.subarray(0, 15)])
        expect(() => unlock(key, nonce, other)).toThrow();
    }
  },
);

describe('sealing and opening', () => {
  it.each([0, 1, 65_535, 65_536, 65_537, 200_000])(
    'gives back %i bytes, and the label with them',
    async (length) => {
      const key = await age.newKey();
      const sealed = await age.seal(sample(length), [key.recipient], label);
      expect(unwrap(await age.open(sealed, [key.secret]))).toEqual({ plain: sample(length), label });
      const streamed = await joined(
        await age.sealStream(piecesOf(sample(length), 10_000), [key.recipient], label),
      );
      expect(streamed.length).toBe(sealed.length);
      const opened = unwrap(await age.openStream(piecesOf(sealed, 777), [key.secret]));
      expect([opened.label, await joined(opened.chunks)]).toEqual([label, sample(length)]);
    },
  );

  it('tells what is for others from what is damaged, in a stream too', async () => {
    const [key, other] = [await age.newKey(), await age.newKey()];
    const sealed = await age.seal(sample(100_000), [key.recipient], label);
    expect(await age.open(sealed, [other.secret])).toEqual({ ok: false, error: 'foreign' });
    expect(await age.open(label, [key.secret])).toEqual({ ok: false, error: 'damaged' });
    const cut = unwrap(await age.openStream(piecesOf(sealed.subarray(0, 90_000), 4_096), [key.secret]));
    await expect(joined(cut.chunks)).rejects.toThrow();
  });

  it('takes nothing for a header that has no end, however long it is', async () => {
    const { secret } = await age.newKey();
    const endless = new TextEncoder().encode(`age-encryption.org/v1\n${'-> grease x\n\n'.repeat(10_000)}`);
    expect(await age.open(endless, [secret])).toEqual({ ok: false, error: 'damaged' });
    let taken = 0;
    const counted = async function* () {
      for await (const piece of piecesOf(endless, 4_096)) {
        taken += piece.length;
        yield piece;
      }
    };
    expect(await age.openStream(counted(), [secret])).toEqual({ ok: false, error: 'damaged' });
    expect(taken).toBeLessThan(80_000);
  });

  it('binds the label: one that was put there afterwards is refused', async () => {
    const key = await age.newKey();
    const sealed = await age.seal(label, [key.recipient], label);
    const text = Buffer.from(sealed).toString('latin1');
    const other = text.replace(Buffer.from(label).toString('base64').replaceAll('=', ''), 'YW5vdGhlcg');
    expect(other).not.toBe(text);
    expect(await age.open(Buffer.from(other, 'latin1'), [key.secret])).toEqual({
      ok: false,
      error: 'damaged',
    });
  });
});

it('eight words stand for a recipient, the same each time, and others for another', async () => {
  const words = await age.words('age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p');
  expect(words.join(' ')).toBe('sorry verify party give bench crouch hurt column');
  expect(new Set(await age.words('age1another'))).not.toEqual(new Set(words));
});

const program = ((): string | null => {
  try {
    execFileSync('age', ['--version'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'the program age is not installed';
  }
})();

describe.skipIf(program !== null)(`the program age${program === null ? '' : ` (${program})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'age-program-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('opens what is sealed here, label or not, and seals what is opened here', async () => {
    const key = await age.newKey();
    const [keyFile, sealedFile] = [join(folder, 'key.txt'), join(folder, 'sealed.age')];
    writeFileSync(keyFile, `${key.secret}\n`);
    for (const bytes of [new Uint8Array(), sample(15_000), sample(200_000)]) {
      writeFileSync(sealedFile, await age.seal(bytes, [key.recipient], label));
      const theirs = execFileSync('age', ['-d', '-i', keyFile, sealedFile], { maxBuffer: 1 << 24 });
      expect(Buffer.compare(theirs, bytes)).toBe(0);
      execFileSync('age', ['-r', key.recipient, '-o', sealedFile], { input: bytes });
      const ours = unwrap(await age.open(Uint8Array.from(readFileSync(sealedFile)), [key.secret]));
      expect(ours.label).toBeNull();
      expect(Buffer.compare(ours.plain, bytes)).toBe(0);
    }
  });
});
