import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeLog } from '../../../shared/domain/decode-log.ts';
import { unwrap } from '../../../shared/result.ts';
import { createSeededRandom } from '../../testing/seeded-random.ts';
import { withholding, type WithholdingMachine } from '../../testing/secrets-world.ts';
import { createTestWorld, type TestWorld } from '../../testing/sync-world.ts';
import { push } from '../sync/push.ts';
import { restoreAll } from '../workflows/restore.ts';
import { verify } from '../workflows/verify.ts';

const LETTERS = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const random = createSeededRandom(21);
const some = (length: number): string =>
  Array.from({ length }, () => LETTERS[random.below(LETTERS.length)]).join('');
const token = `ghp_${some(36)}`;
const password = `${some(9)}!7`;
const NAME = '2026/SESSION-LOG-2026-03-04-MIKE.md';
const LOG = `# Session\n\n## Use ${token} here\n\nDB_PASSWORD=${password}\n\nFürs Team — fertig.\n`;

let world: TestWorld;
let mine: WithholdingMachine;
beforeEach(() => {
  world = createTestWorld();
  mine = withholding(world.machine('a'));
});
afterEach(async () => {
  await mine.scanner.close();
  await world.end();
});

const pushAll = async () => unwrap(await push(mine.deps)).report;
const stored = (): string => [...world.bucket.objects.values()].map(({ bytes }) => latin1(bytes)).join('\n');
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

describe('what leaves', () => {
  it('has labels in the place of secrets, in objects, shard and packs, and the log stays whole', async () => {
    await mine.write(NAME, LOG);
    await pushAll();
    const object = [...world.objects()].find(([name]) => name.endsWith(NAME))?.[1];
    expect(object).toBe(
      LOG.replace(token, '[secret: github token, kept on host-a]').replace(
        password,
        '[secret: password, kept on host-a]',
      ),
    );
    for (const secret of [token, password]) expect(stored()).not.toContain(secret);
    const packs = [...world.bucket.objects].filter(([name]) => name.includes('pack-'));
    expect(packs.length).toBeGreaterThan(0);
    for (const [, { bytes }] of packs)
      expect(latin1((await mine.deps.bytes.gunzip(bytes, 1e6)) ?? new Uint8Array())).not.toContain(token);
    expect(await mine.read(NAME)).toBe(LOG);
  });

  it('is not sent again while nothing changes, and grows by what is added', async () => {
    await mine.write(NAME, LOG);
    await pushAll();
    mine.calls.length = 0;
    expect((await pushAll()).uploaded).toEqual([]);
    expect(mine.calls).toEqual([]);
    await mine.write(NAME, `${LOG}\nAnd again ${token}.\n`);
    expect((await pushAll()).uploaded).toMatchObject([{ path: NAME, reason: 'grown', kept: null }]);
    expect(stored()).not.toContain(token);
  });

  it.each(['labels', 'shown'] as const)(
    'is looked through once by a push of a log without secrets, though its text goes into a pack as well (%s)',
    async (mode) => {
      mine.mode = mode;
      await mine.write(NAME, '# Nothing secret\n\nin here\n');
      const looks = vi.spyOn(mine.scanner, 'find');
      await pushAll();
      expect(looks).toHaveBeenCalledTimes(1);
      expect([...world.bucket.objects.keys()].some((name) => name.includes('pack-'))).toBe(true);
    },
  );

  it('is known again when everything in state/ is gone', async () => {
    await mine.write(NAME, LOG);
    await pushAll();
    await rm(mine.paths.state, { recursive: true, force: true });
    expect(await pushAll()).toMatchObject({ uploaded: [], attention: [] });
    expect((await pushAll()).uploaded).toEqual([]);
  });

  it('is proved by a deep look at the store', async () => {
    await mine.write(NAME, LOG);
    await pushAll();
    const proved = unwrap(await verify(mine.base, { deep: true }));
    expect(proved.report).toMatchObject({ problems: [] });
  });

  it('comes back whole when the log is lost', async () => {
    for (let nth = 0; nth < 6; nth++)
      await mine.write(`2026/log-${nth}.md`, LOG.replace('Session', `${nth}`));
    await pushAll();
    await rm(join(mine.paths.sessionLogs, '2026'), { recursive: true });
    unwrap(await restoreAll(mine.base));
    expect(await mine.read('2026/log-3.md')).toBe(LOG.replace('Session', '3'));
    expect((await pushAll()).uploaded).toEqual([]);
  });

  it('comes back with its labels when the values are gone, and is then pushed as it is', async () => {
    await mine.write(NAME, LOG);
    await pushAll();
    await rm(join(mine.paths.sessionLogs, NAME));
    unwrap(await mine.kept.drop(NAME));
    unwrap(await restoreAll(mine.base));
    expect(await mine.read(NAME)).toContain('[secret: github token, kept on host-a]');
    expect(await pushAll()).toMatchObject({ failed: [], attention: [] });
  });

  it.each(['utf-16le', 'utf-16be'] as const)('is withheld in %s and comes back in it', async (encoding) => {
    const bytes = encodeLog(`\uFEFF${LOG}`, encoding);
    await mine.write(NAME, bytes);
    await pushAll();
    const object = [...world.bucket.objects].find(([name]) => name.endsWith(NAME))?.[1].bytes;
    const text = new TextDecoder(encoding).decode(object);
    expect(text).toContain('[secret: github token, kept on host-a]');
    expect(text).not.toContain(token);
    await rm(join(mine.paths.sessionLogs, NAME));
    unwrap(await restoreAll(mine.base));
    const back = unwrap(await mine.deps.files.read(join(mine.paths.sessionLogs, NAME)));
    expect(Buffer.from(back ?? []).equals(Buffer.from(bytes))).toBe(true);
  });

  it('has labels in a log that does not fit in memory', async () => {
    const large = `${'a line of a long log\n'.repeat(300_000)}${token}\n${'and more\n'.repeat(1_000)}`;
    await mine.write(NAME, large);
    const looks = vi.spyOn(mine.scanner, 'find');
    await pushAll();
    const object = [...world.objects()].find(([name]) => name.endsWith(NAME))?.[1];
    expect(object === large.replace(token, '[secret: github token, kept on host-a]')).toBe(true);
    // Of a log that does not fit in memory a piece is held, and what stands around it.
    expect(looks.mock.calls.length).toBeGreaterThan(5);
    for (const [piece] of looks.mock.calls) expect(piece.length).toBeLessThan(1.1 * 1024 * 1024);
  });

  it('leaves a value that a person has said is none', async () => {
    unwrap(await mine.notSecrets.mark(mine.deps.bytes.sha256(new TextEncoder().encode(token)), false));
    await mine.write(NAME, LOG);
    await pushAll();
    expect(stored()).toContain(token);
    expect(stored()).not.toContain(password);
  });

  it('is the log itself where the setting secrets.withhold says never', async () => {
    mine.mode = 'off';
    await mine.write(NAME, LOG);
    await pushAll();
    expect(stored()).toContain(token);
  });
});

describe('what leaves for a sealed store', () => {
  const object = (): string | undefined => [...world.objects()].find(([name]) => name.endsWith(NAME))?.[1];
  beforeEach(() => {
    mine.mode = 'shown';
  });

  it('is the log itself, while index, packs and search know labels alone, and nothing is sent twice', async () => {
    await mine.write(NAME, LOG);
    await pushAll();
    expect(object()).toBe(LOG);
    const [entry] = unwrap(await mine.deps.index.entries(mine.deps.self.uuid));
    expect(entry).toMatchObject({ size: Buffer.byteLength(LOG) });
    expect(JSON.stringify(entry)).not.toContain(token);
    const packs = [...world.bucket.objects].filter(([name]) => name.includes('pack-'));
    expect(packs.length).toBe(1);
    for (const [, { bytes }] of packs) {
      const text = latin1((await mine.deps.bytes.gunzip(bytes, 1e6)) ?? new Uint8Array());
      expect(text).toContain('[secret: github token');
      expect(text).not.toContain(token);
    }
    const cached = join(mine.paths.cache, 'of-another.md');
    unwrap(await mine.deps.files.replace(cached, new TextEncoder().encode(LOG)));
    for (const file of [join(mine.paths.sessionLogs, NAME), cached]) {
      expect(latin1(unwrap(await mine.deps.files.readHead(file, 1e6)) ?? new Uint8Array())).not.toContain(
        token,
      );
    }
    mine.calls.length = 0;
    expect((await pushAll()).uploaded).toEqual([]);
    expect(mine.calls).toEqual([]);
  });

  it('is sent once more when it left with labels before the store was sealed, and not again', async () => {
    mine.mode = 'labels';
    await mine.write(NAME, LOG);
    await pushAll();
    expect(object()).not.toContain(token);
    mine.mode = 'shown';
    expect((await pushAll()).uploaded).toMatchObject([{ path: NAME, reason: 'edited' }]);
    expect(object()).toBe(LOG);
    expect((await pushAll()).uploaded).toEqual([]);
    expect(unwrap(await verify(mine.base, { deep: true })).report).toMatchObject({ problems: [] });
  });

  it('comes back whole where nothing of its values is kept', async () => {
    await mine.write(NAME, LOG);
    await pushAll();
    expect(unwrap(await mine.kept.all())).toEqual([]);
    await rm(join(mine.paths.sessionLogs, NAME));
    unwrap(await restoreAll(mine.base));
    expect(await mine.read(NAME)).toBe(LOG);
  });
});
