import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logId, type LogPath } from '../../../shared/domain/ids.ts';
import { unwrap } from '../../../shared/result.ts';
import { plantedSecrets } from '../../testing/planted-secrets.ts';
import { withholding, type WithholdingMachine } from '../../testing/secrets-world.ts';
import { createTestWorld, FOR_MIKE, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import { createMemoryTexts, type MemoryTexts } from '../../testing/text-world.ts';
import { createSecretWatch } from '../secrets/secret-watch.ts';
import { secretId } from '../secrets/secret-id.ts';
import { forgetLog, type ForgetBase } from './forget-log.ts';
import { forgottenSessions } from './forgotten-sessions.ts';
import { listForgotten } from './forget-report.ts';
import { forgetSecret } from './forget-secret.ts';
import { fullSync } from './full-sync.ts';
import type { KeptBase } from './kept-secrets.ts';
import { pullIndex } from './pull-index.ts';
import { pullLogs } from './pull-logs.ts';
import { push } from './push.ts';
import { verify } from './verify.ts';

const LOG = '2026-03-04-mike-a.md' as LogPath;
const OTHER = '2026-03-04-mike-b.md' as LogPath;
const token = plantedSecrets(6, 1).find(({ kind }) => kind === 'npm token')?.value ?? '';

let world: TestWorld;
let plain: TestMachine;
let mine: WithholdingMachine;
let reader: TestMachine;
let texts: MemoryTexts;

beforeEach(async () => {
  world = createTestWorld();
  plain = world.machine('a');
  mine = withholding(plain);
  reader = world.machine('b');
  texts = createMemoryTexts();
  await mine.write(LOG, `# First\n\nCANARY and ${token}\n`);
  await mine.write(OTHER, `# Other\n\nstays, with ${token}\n`);
  unwrap(await push(mine.base));
  await mine.write(LOG, `# Second\n\nCANARY and ${token}\n`);
  unwrap(await push(mine.base));
  await pull();
  unwrap(await pullLogs(reader.base, { ids: [idOf(LOG), idOf(OTHER)] }, {}));
  unwrap(await push(reader.base));
  unwrap(await pullIndex(mine.base, FOR_MIKE));
});
afterEach(async () => {
  await mine.scanner.close();
  await world.end();
});

const idOf = (path: LogPath) => logId(mine.deps.self.uuid, path);
const cached = (path: LogPath): string => join(reader.paths.cache, mine.deps.self.uuid, path);
const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
const pull = async (): Promise<void> =>
  void unwrap(await pullIndex({ ...reader.base, textSink: texts }, FOR_MIKE));

/** Its program anew over the same disk, as the command line opens it. */
function base(): ForgetBase & KeptBase {
  const { notSecrets, scanner, kept } = mine;
  const watch = createSecretWatch({ scanner, notSecrets, bytes: mine.deps.bytes });
  return { ...mine.base, disk: plain.deps.files, secrets: { kept, notSecrets, watch } };
}

/** Everything that the store holds. */
async function everything(): Promise<string> {
  const parts: string[] = [];
  for (const { bytes } of world.bucket.objects.values())
    parts.push(Buffer.from((await mine.deps.bytes.gunzip(bytes, 1e6)) ?? bytes).toString('latin1'));
  return parts.join('\n');
}

describe('a log that is forgotten', () => {
  it('is nowhere: not on this disk, in the store, beside it, in packs, and with the next pull on no other machine', async () => {
    expect(await everything()).toContain('CANARY');
    const { report, problem } = unwrap(await forgetLog(base(), LOG, {}));
    expect(problem).toBeNull();
    expect(report).toMatchObject({ what: 'log', logs: [LOG], notReached: [] });
    expect(report.objects).toHaveLength(2);
    expect(report.machines).toMatchObject([{ host: 'host-b', confirmed: null }]);
    expect(await everything()).not.toContain('CANARY');
    expect(await isThere(join(mine.paths.sessionLogs, LOG))).toBe(false);
    expect(unwrap(await mine.kept.of(LOG))).toBeNull();

    expect([await isThere(cached(LOG)), texts.texts.has(`a/${LOG}`)]).toEqual([true, true]);
    await pull();
    expect([await isThere(cached(LOG)), texts.texts.has(`a/${LOG}`)]).toEqual([false, false]);
    expect([await isThere(cached(OTHER)), texts.texts.has(`a/${OTHER}`)]).toEqual([true, true]);
    expect(unwrap(await reader.deps.index.row(idOf(LOG)))).toBeNull();
    unwrap(await push(reader.base));
    unwrap(await pullIndex(mine.base, FOR_MIKE));
    expect(unwrap(await listForgotten(mine.base))).toMatchObject([
      { log: LOG, what: 'log', machines: [{ host: 'host-b', confirmed: expect.any(Number) }] },
    ]);
  });

  it('does not come back by a full sync or a lost state folder, and leaves its name free', async () => {
    unwrap(await forgetLog(base(), LOG, {}));
    const synced = unwrap(await fullSync(mine.base, FOR_MIKE));
    expect(synced).toMatchObject({ problem: null, report: { restore: { restored: [] }, reconciled: 0 } });
    expect(await isThere(join(mine.paths.sessionLogs, LOG))).toBe(false);
    expect(unwrap(await verify(mine.base, { deep: true }))).toMatchObject({ problem: null });
    await mine.write(LOG, '# Third\n');
    expect(unwrap(await push(mine.base)).report.uploaded).toMatchObject([{ path: LOG, kept: null }]);
    await pull();
    unwrap(await pullLogs(reader.base, { ids: [idOf(LOG)] }, {}));
    await pull();
    expect(await readFile(cached(LOG), 'utf8')).toBe('# Third\n');
  });

  it.each(['before', 'after'] as const)(
    'is forgotten by the same command, whichever write was the last (%s)',
    async (when) => {
      for (let cut = 1, done = false; !done; cut++) {
        await mine.write(LOG, `# Round ${cut}\n\nCANARY\n`);
        unwrap(await push(mine.base));
        let writes = 0;
        plain.fault = ({ operation }) =>
          operation === 'put' && ++writes === cut ? { kind: 'fail', code: 'offline', when } : null;
        const first = await forgetLog(base(), LOG, {});
        plain.fault = null;
        done = first.ok && first.value.problem === null;
        unwrap(await forgetLog(base(), LOG, {}));
        expect(await everything(), `cut ${cut}`).not.toContain('CANARY');
        expect(unwrap(await verify(mine.base, { deep: true })).problem, `cut ${cut}`).toBeNull();
        expect(cut).toBeLessThan(15);
      }
    },
  );

  it('is only named by a trial run', async () => {
    const before = await everything();
    mine.calls.length = 0;
    const { report } = unwrap(await forgetLog(base(), LOG, { dryRun: true }));
    expect(report.objects).toHaveLength(2);
    expect(report.files).toEqual([join(mine.paths.sessionLogs, LOG)]);
    expect(mine.calls.filter(({ operation }) => operation === 'put')).toEqual([]);
    expect(await everything()).toBe(before);
    expect(await isThere(join(mine.paths.sessionLogs, LOG))).toBe(true);
  });

  it('is told of as far as the store does not let it go', async () => {
    plain.fault = ({ operation, name }) =>
      operation === 'put' && name.includes('.gen-') ? { kind: 'fail', code: 'denied', when: 'before' } : null;
    const { report, problem } = unwrap(await forgetLog(base(), LOG, {}));
    expect(problem).toMatchObject({ code: 'partial' });
    expect(report.objects).toHaveLength(1);
    expect(report.notReached).toMatchObject([{ place: expect.stringContaining('.gen-') }]);
  });

  it('is not taken from a machine that speaks of a log of another', async () => {
    // A mark names a log of the part that it stands in, and no other: there is none of that name.
    unwrap(await forgetLog({ ...reader.base, secrets: base().secrets, disk: reader.deps.files }, LOG, {}));
    await pull();
    expect(await isThere(cached(LOG))).toBe(true);
  });
});

describe('a secret that is forgotten', () => {
  it('gives way to a label on this disk and in the store, with what was kept of it, and other copies go', async () => {
    mine.mode = 'shown';
    unwrap(await push(mine.base));
    expect(await everything()).toContain(token);
    const id = secretId(mine.deps.bytes, new TextEncoder().encode(token));
    const planned = unwrap(await forgetSecret(base(), id, { dryRun: true })).report;
    expect(planned).toMatchObject({ what: 'secret', logs: [LOG, OTHER] });
    expect(await mine.read(LOG)).toContain(token);
    const { report } = unwrap(await forgetSecret(base(), id, {}));
    expect(report.objects).toHaveLength(planned.objects.length);
    expect(await everything()).not.toContain(token);
    expect(await mine.read(LOG)).toBe('# Second\n\nCANARY and [secret: npm token, kept on no machine]\n');
    expect(JSON.stringify(unwrap(await mine.kept.all()))).not.toContain(token);
    await pull();
    expect([await isThere(cached(LOG)), await isThere(cached(OTHER))]).toEqual([false, false]);
    expect(unwrap(await push(mine.base)).report.uploaded).toEqual([]);
    expect(unwrap(await verify(mine.base, { deep: true })).problem).toBeNull();
  });

  it.each(['', '12', 'zzzzzzzz', '00000000'])('is not what %j names', async (id) => {
    const before = await everything();
    expect(await forgetSecret(base(), id, {})).toMatchObject({ ok: false });
    expect(await everything()).toBe(before);
  });
});

it('remembers of which session a forgotten log was, also where it was interrupted', async () => {
  const mark = '<!-- session-log: session=s-7 saved=2026-03-04T10:00:00.000+00:00 text=0123456789abcdef -->';
  await mine.write(LOG, `# Second\n\n${mark}\n\nCANARY\n`);
  for (let call = 1; call <= 2; call++) {
    unwrap(await forgetLog(base(), LOG, {}));
    expect([...unwrap(await forgottenSessions(mine.deps))]).toEqual(['s-7']);
  }
  // Of another log nobody said whose it was.
  unwrap(await forgetLog(base(), OTHER, {}));
  expect([...unwrap(await forgottenSessions(mine.deps))]).toEqual(['s-7']);
  // It goes out with the index and is understood there.
  await pull();
  const marks = unwrap(await reader.deps.index.marks());
  expect(marks.filter(({ kind }) => kind === 'forget')).toMatchObject([
    { log: LOG, session: 's-7' },
    { log: OTHER },
  ]);
});
