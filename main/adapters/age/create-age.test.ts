import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { createAge } from './create-age.ts';

const age = createAge();
const threaded = createAge({ withoutThread: 0 });
afterAll(async () => {
  await age.close();
  await threaded.close();
});

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

  it('is the same on its thread, forty at a time', async () => {
    const key = await threaded.newKey();
    const sealed = await Promise.all(
      Array.from({ length: 40 }, (_, n) => threaded.seal(sample(n), [key.recipient], label)),
    );
    const opened = await Promise.all(sealed.map((one) => threaded.open(one, [key.secret])));
    expect(opened.map((one) => unwrap(one).plain.length)).toEqual(sealed.map((_, n) => n));
    await expect(threaded.seal(label, ['nobody'])).rejects.toThrow('sealing needs recipients');
  });

  it('fails on a thread that cannot start, and does not wait for it', async () => {
    const broken = createAge({ withoutThread: 0, script: new URL('file:///nowhere/age-worker.js') });
    const { recipient } = await age.newKey();
    await expect(broken.seal(label, [recipient])).rejects.toThrow();
  });

  it('tells what is for others from what is damaged, in a stream too', async () => {
    const [key, other] = [await age.newKey(), await age.newKey()];
    const sealed = await age.seal(sample(100_000), [key.recipient], label);
    expect(await age.open(sealed, [other.secret])).toEqual({ ok: false, error: 'foreign' });
    expect(await age.open(label, [key.secret])).toEqual({ ok: false, error: 'damaged' });
    const cut = unwrap(await age.openStream(piecesOf(sealed.subarray(0, 90_000), 4_096), [key.secret]));
    await expect(joined(cut.chunks)).rejects.toThrow();
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
