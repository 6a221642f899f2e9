import { createHash } from 'node:crypto';
import { stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { RULES } from '../../../shared/secrets/rules.ts';
import { withholding, type WithholdingMachine } from '../../testing/secrets-world.ts';
import { createTestWorld, type TestWorld } from '../../testing/sync-world.ts';
import { push } from '../sync/push.ts';
import { verify } from '../workflows/verify.ts';
import { createHarmlessLogs } from './harmless-logs.ts';

const NAME = '2026/SESSION-LOG-2026-03-04-MIKE.md';
const PLAIN = '# Session\n\nNothing secret in here.\n';
const TOKEN = 'ghp_aB3dE5gH7jK9mN2pQ4rS6tU8vW1xY3zA5cD7';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

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
const check = async () => {
  const looks = vi.spyOn(mine.scanner, 'find').mockClear();
  const { report } = unwrap(await verify(mine.base));
  return { ...report, looks: looks.mock.calls.length };
};
/** Writes as {@link TestWorld} does, and keeps the file's times. */
const writeUnseen = async (name: string, text: string): Promise<void> => {
  const file = join(mine.paths.sessionLogs, name);
  const { atime, mtime } = await stat(file);
  await writeFile(file, text);
  await utimes(file, atime, mtime);
};

describe('verifying logs that were scanned before', () => {
  it('scans none that were harmless when they were pushed', async () => {
    await mine.write(NAME, PLAIN);
    await pushAll();
    expect(await check()).toMatchObject({ storeChecked: 1, waiting: 0, problems: [], looks: 0 });
  });

  it('sees a log that changed behind its size and time', async () => {
    await mine.write(NAME, PLAIN);
    await pushAll();
    await writeUnseen(NAME, PLAIN.replace('Nothing', 'Noth!ng'));
    const found = await check();
    expect(found.problems).toHaveLength(1);
    expect(found.looks).toBeGreaterThan(0);
  });

  it('scans what is not known, once', async () => {
    await mine.write(NAME, PLAIN);
    await pushAll();
    await writeFile(mine.paths.harmlessLogs, '');
    expect(await check()).toMatchObject({ problems: [], looks: 1 });
    expect(await check()).toMatchObject({ problems: [], looks: 0 });
  });

  it('scans again what other rules found harmless', async () => {
    await mine.write(NAME, PLAIN);
    await pushAll();
    await writeFile(mine.paths.harmlessLogs, `00000000 ${sha256(PLAIN).slice(0, 32)}\n`);
    expect(await check()).toMatchObject({ problems: [], looks: 1 });
  });

  it('scans a log with a finding every time, so that a decision counts at once', async () => {
    await mine.write(NAME, `${PLAIN}${TOKEN}\n`);
    unwrap(await mine.notSecrets.mark(sha256(TOKEN), false));
    await pushAll();
    expect([...world.objects()].find(([name]) => name.endsWith(NAME))?.[1]).toContain(TOKEN);
    expect(await check()).toMatchObject({ problems: [], waiting: 0 });
    unwrap(await mine.notSecrets.mark(sha256(TOKEN), true));
    const after = await check();
    // It left whole, and would leave with a label now.
    expect(after).toMatchObject({ problems: [], waiting: 1 });
    expect(after.looks).toBeGreaterThan(0);
  });

  it.each([
    ['garbage', '\0\0\0 not lines at all \n'],
    [
      'the digest of a log that leaves with labels',
      `${RULES} ${sha256(`${PLAIN}${TOKEN}\n`).slice(0, 32)}\n`,
    ],
  ])('is right although the file holds %s', async (_, content) => {
    await mine.write(NAME, `${PLAIN}${TOKEN}\n`);
    await pushAll();
    await writeFile(mine.paths.harmlessLogs, content);
    expect(await check()).toMatchObject({ storeChecked: 1, waiting: 0, problems: [] });
  });

  it('never calls a log the same because its digest is known', async () => {
    await mine.write(NAME, PLAIN);
    await pushAll();
    const other = PLAIN.replace('Nothing', 'Another');
    await writeUnseen(NAME, other);
    await writeFile(mine.paths.harmlessLogs, `${RULES} ${sha256(other).slice(0, 32)}\n`);
    expect((await check()).problems).toHaveLength(1);
  });
});

describe('the journal', () => {
  it('takes what many add at once, in few writes', async () => {
    const append = vi.spyOn(mine.deps.files, 'append');
    const logs = createHarmlessLogs(mine.deps.files, mine.paths.harmlessLogs);
    const digests = Array.from({ length: 200 }, (_, at) => sha256(`${at}`));
    await Promise.all(digests.map((digest) => logs.add(digest)));
    expect(append.mock.calls.length).toBeLessThan(10);
    const known = await createHarmlessLogs(mine.deps.files, mine.paths.harmlessLogs).known();
    expect(digests.every(known)).toBe(true);
    expect(known(sha256('another'))).toBe(false);
  });

  it('starts over when it is large', async () => {
    await mine.write(NAME, PLAIN);
    await pushAll();
    await writeFile(mine.paths.harmlessLogs, `${'x'.repeat(80)}\n`.repeat(110_000));
    await createHarmlessLogs(mine.deps.files, mine.paths.harmlessLogs).add(sha256('one'));
    expect((await stat(mine.paths.harmlessLogs)).size).toBeLessThan(100);
  });
});
