import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { encodeLog } from '../../../shared/domain/decode-log.ts';
import { unwrap } from '../../../shared/result.ts';
import { createSeededRandom } from '../../testing/seeded-random.ts';
import { createSecretScanner } from './secret-scanner.ts';

const LETTERS = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const random = createSeededRandom(9);
const token = `ghp_${Array.from({ length: 36 }, () => LETTERS[random.below(LETTERS.length)]).join('')}`;
const workerUrl = new URL('./secrets-worker.ts', import.meta.url);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const PIECE = 1024 * 1024;

const scanner = createSecretScanner({ workerUrl });
afterEach(() => scanner.close());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('the scanner', () => {
  it('gives offsets in bytes, whatever characters stand in front', async () => {
    const bytes = bytesOf(`# Fürs Team — Schlüssel 🔑\n${token}\n`);
    const [found] = unwrap(await scanner.find(bytes));
    expect(new TextDecoder().decode(bytes.subarray(found?.start, found?.end))).toBe(token);
  });

  it.each(['utf-16le', 'utf-16be'] as const)('finds a secret in %s', async (encoding) => {
    const bytes = encodeLog(`\uFEFF# Log\r\n\r\n${token}\r\n`, encoding);
    const [found] = unwrap(await scanner.find(bytes));
    expect(bytes.subarray(found?.start, found?.end)).toEqual(encodeLog(token, encoding));
  });

  it('finds a secret at the edge of a piece, once, in its thread', async () => {
    for (const shift of [0, 1, 20, 39, 40, 41]) {
      const text = `${'word '.repeat(PIECE).slice(0, PIECE - shift - 1)} ${token}\n${'word '.repeat(40_000)}`;
      const found = unwrap(await scanner.find(bytesOf(text)));
      expect(found.map(({ start, end }) => text.slice(start, end))).toEqual([token]);
    }
  });

  it('looks at a log that is one long token', async () => {
    expect(unwrap(await scanner.find(bytesOf('aB3'.repeat(PIECE))))).toEqual([]);
  });

  it('finds in what has grown what it found before, at the same places', async () => {
    const before = bytesOf(`${'line of a log\n'.repeat(90_000)}${token}\n`);
    const after = bytesOf(`${'line of a log\n'.repeat(90_000)}${token}\nand more ${token}\n`);
    const [first, second] = [unwrap(await scanner.find(before)), unwrap(await scanner.find(after))];
    expect(second.slice(0, first.length)).toEqual(first);
    expect(second).toHaveLength(2);
  });

  it('says that it took too long, and works again afterwards', async () => {
    const hasty = createSecretScanner({ workerUrl, inlineBytes: 0, limitMs: 0.01 });
    const late = await hasty.find(bytesOf(`${token} `.repeat(20_000)));
    expect(late).toMatchObject({ ok: false, error: { code: 'timeout' } });
    await hasty.close();
    expect(unwrap(await scanner.find(bytesOf(token)))).toHaveLength(1);
  });

  it('gives each log its own time, however long it waited for others', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const patient = createSecretScanner({ workerUrl, inlineBytes: 0, limitMs: 1_000 });
    const asked = Array.from({ length: 4 }, () => patient.find(bytesOf(token)));
    for (const one of asked) {
      expect(unwrap(await one)).toHaveLength(1);
      vi.advanceTimersByTime(900);
    }
    await patient.close();
  });

  it('gives its thread back when nothing is asked of it, and starts another', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const asks = vi.spyOn(Worker.prototype, 'postMessage');
    const ended = vi.spyOn(Worker.prototype, 'terminate');
    const idle = createSecretScanner({ workerUrl, inlineBytes: 0 });
    const threads = new Set<unknown>();
    for (const _ of ['first', 'another']) {
      const asked = idle.find(bytesOf(token));
      const thread = asks.mock.contexts.at(-1);
      expect(unwrap(await asked)).toHaveLength(1);
      // Threads that other files left in this process may end at any time.
      expect(ended.mock.contexts).not.toContain(thread);
      vi.advanceTimersByTime(1_000);
      expect(ended.mock.contexts.filter((one) => one === thread)).toHaveLength(1);
      threads.add(thread);
    }
    expect(threads.size).toBe(2);
  });

  it('stops when nobody waits any more', async () => {
    const controller = new AbortController();
    const asked = scanner.find(bytesOf(`${token} `.repeat(20_000)), controller.signal);
    controller.abort();
    expect(await asked).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  });
});
