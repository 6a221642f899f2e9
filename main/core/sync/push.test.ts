import { findOtherAccount } from './claim-partition.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allDone, reportOf } from '../../testing/all-done.ts';
import { problemOf } from '../workflows/outcome.ts';
import { appError } from '../../../shared/app-error.ts';
import { err } from '../../../shared/result.ts';
import { crc32c, crc32cToBase64 } from '../../../shared/domain/checksum.ts';
import {
  createTestWorld,
  testUuid,
  type TestMachine,
  type TestWorld,
  testSelf,
} from '../../testing/sync-world.ts';
import { ledgerPath, openLedger } from '../ledger/ledger.ts';
import { push } from './push.ts';
import type { PushReport } from './push-tally.ts';

const PREFIX = `tenant-team/machines/${testUuid('a')}/`;
const HEAD = `tenant-team/index/machines/${testUuid('a')}.json.gz`;
const DAY = 'SESSION-LOG-2026-01-06.md';

let world: TestWorld;
let a: TestMachine;

beforeEach(() => {
  world = createTestWorld();
  a = world.machine('a');
});
afterEach(() => world.end());

async function pushed(machine: TestMachine, options = {}): Promise<PushReport> {
  return allDone(await push(machine.deps, options));
}

function stored(path: string): string | undefined {
  return world.objects().get(PREFIX + path);
}

describe('push', () => {
  it('stores new logs, then lists them in the own shard', async () => {
    await a.write(DAY, '# Day\n');
    await a.write('projects/APOLLO/2026-01-06-mike-rocket.md', '# Rocket\n');
    const report = await pushed(a);
    expect(report.uploaded.map(({ path, reason }) => [path, reason])).toEqual([
      [DAY, 'new'],
      ['projects/APOLLO/2026-01-06-mike-rocket.md', 'new'],
    ]);
    expect(stored(DAY)).toBe('# Day\n');
    expect(stored('projects/APOLLO/2026-01-06-mike-rocket.md')).toBe('# Rocket\n');
    const order = a.calls.filter((call) => call.operation === 'put').map((call) => call.name);
    expect(order.at(-1)).toBe(HEAD);
    expect(order.indexOf(PREFIX + DAY)).toBeLessThan(order.indexOf(HEAD));
  });

  it('asks the store nothing when nothing changed', async () => {
    await a.write(DAY, 'one\n');
    await pushed(a);
    a.calls.length = 0;
    const report = await pushed(a);
    expect(report).toMatchObject({ uploaded: [], unchanged: 1, published: false });
    expect(a.calls).toEqual([]);
  });

  it('takes a touched log for the same one, without sending it', async () => {
    await a.write(DAY, 'one\n');
    await pushed(a);
    await a.write(DAY, 'one\n');
    a.calls.length = 0;
    await pushed(a);
    expect(a.calls.filter((call) => call.name === PREFIX + DAY)).toEqual([]);
  });

  it('lets a log grow in place', async () => {
    await a.write(DAY, 'one\n');
    await pushed(a);
    await a.write(DAY, 'one\ntwo\n');
    const report = await pushed(a);
    expect(report.uploaded).toMatchObject([{ path: DAY, reason: 'grown', kept: null }]);
    expect(stored(DAY)).toBe('one\ntwo\n');
    expect([...world.objects().keys()].filter((name) => name.includes('.gen-'))).toEqual([]);
  });

  it('keeps the stored version of an edited log beside it', async () => {
    await a.write(DAY, 'one\n');
    await pushed(a);
    const generation = world.bucket.objects.get(PREFIX + DAY)?.info.generation;
    await a.write(DAY, 'ONE, and more\n');
    const report = await pushed(a);
    expect(report.uploaded).toMatchObject([{ reason: 'edited', kept: `${PREFIX}${DAY}.gen-${generation}` }]);
    expect(stored(DAY)).toBe('ONE, and more\n');
    expect(stored(`${DAY}.gen-${generation}`)).toBe('one\n');
  });

  it('never lets a shortened log win by itself, and with --force keeps the longer one', async () => {
    await a.write(DAY, 'one\ntwo\n');
    await a.write('SESSION-LOG-2026-01-07.md', 'fine\n');
    await pushed(a);
    for (const cut of ['one\n', '']) {
      await a.write(DAY, cut);
      const refused = await push(a.deps);
      expect(problemOf(refused)?.code).toBe('partial');
      expect(reportOf(refused).attention).toEqual([DAY]);
      expect(stored(DAY)).toBe('one\ntwo\n');
    }
    const forced = await pushed(a, { force: new Set([DAY]) });
    expect(forced.uploaded).toMatchObject([{ path: DAY, reason: 'forced' }]);
    expect(stored(DAY)).toBe('');
    expect([...world.objects()].find(([name]) => name.startsWith(`${PREFIX}${DAY}.gen-`))?.[1]).toBe(
      'one\ntwo\n',
    );
  });

  it('tells a shorter edit from a cut', async () => {
    await a.write(DAY, 'a long first version\n');
    await pushed(a);
    await a.write(DAY, 'rewritten\n');
    expect((await pushed(a)).uploaded).toMatchObject([{ reason: 'edited' }]);
  });

  it('leaves a log in the store when it is deleted here', async () => {
    await a.write(DAY, 'one\n');
    await a.write('SESSION-LOG-2026-01-07.md', 'two\n');
    await pushed(a);
    await a.deps.files.remove(`${a.paths.sessionLogs}/${DAY}`);
    expect((await pushed(a)).gone).toEqual([DAY]);
    expect(stored(DAY)).toBe('one\n');
    expect((await pushed(a)).gone).toEqual([]);
    await a.write(DAY, 'one\nback again\n');
    expect((await pushed(a)).uploaded).toMatchObject([{ path: DAY, reason: 'grown' }]);
  });

  it('takes an empty folder for a lost disk, not for deletions', async () => {
    await a.write(DAY, 'one\n');
    await pushed(a);
    await a.deps.files.remove(`${a.paths.sessionLogs}/${DAY}`);
    expect(await push(a.deps)).toMatchObject({
      ok: true,
      value: { problem: { code: 'partial' }, report: { gone: [], lost: [DAY] } },
    });
  });

  it('sends nothing twice after the ledger is lost', async () => {
    await a.write(DAY, 'one\n');
    await a.write('SESSION-LOG-2026-01-07.md', 'two\n');
    await pushed(a);
    await a.deps.files.remove(ledgerPath(a.deps));
    a.calls.length = 0;
    const report = await pushed(a);
    expect(report.uploaded).toEqual([]);
    expect(a.calls.filter((call) => call.operation === 'put' && call.name.startsWith(PREFIX))).toEqual([]);
    a.calls.length = 0;
    await pushed(a);
    expect(a.calls).toEqual([]);
  });

  it('says what it would do in a dry run, and does nothing', async () => {
    await a.write(DAY, 'one\n');
    const report = await pushed(a, { dryRun: true });
    expect(report).toMatchObject({ dryRun: true, uploaded: [{ path: DAY, reason: 'new' }] });
    expect(world.objects().size).toBe(0);
    const ledger = await openLedger(a.deps.files, ledgerPath(a.deps));
    expect(ledger.ok && ledger.value.rows.size).toBe(0);
  });

  it('names the logs that wait when the store is out of reach, and loses nothing', async () => {
    await a.write(DAY, 'one\n');
    a.fault = () => ({ kind: 'fail', code: 'offline', when: 'before' });
    const offline = await push(a.deps);
    expect(offline.ok ? null : offline.error).toMatchObject({
      code: 'offline',
      transient: true,
      details: { pending: 1 },
    });
    a.fault = null;
    expect((await pushed(a)).uploaded).toMatchObject([{ path: DAY }]);
  });

  it('refuses names that not every machine can keep, and pushes the rest', async () => {
    await a.write(DAY, 'fine\n');
    await a.write('aux.md', 'no\n');
    await a.write('what?.md', 'no\n');
    const result = await push(a.deps);
    expect(problemOf(result)?.code).toBe('partial');
    expect(
      reportOf(result)
        .refused.map(({ path }) => path)
        .sort(),
    ).toEqual(['aux.md', 'what?.md']);
    expect(stored(DAY)).toBe('fine\n');
  });

  it('refuses the second of two names that one folder may not keep', async () => {
    await a.write('Notes.md', 'one\n');
    await a.write('notes.md', 'two\n');
    const result = await push(a.deps);
    expect(problemOf(result)?.code).toBe('partial');
    expect(reportOf(result).refused).toMatchObject([{ path: 'notes.md' }]);
  });

  it('keeps bytes as they are, whatever they are', async () => {
    const bytes = new Uint8Array([0x61, 0xff, 0x62, 0, 0xd8, 0x0d, 0x0a]);
    await a.write(DAY, bytes);
    await a.write('empty.md', '');
    await pushed(a);
    expect(world.bucket.objects.get(PREFIX + DAY)?.bytes).toEqual(bytes);
    expect(stored('empty.md')).toBe('');
  });

  it('moves old months into segments that are written once', async () => {
    for (let day = 1; day <= 28; day++)
      for (let n = 0; n < 10; n++)
        await a.write(`2025-11-${String(day).padStart(2, '0')}-mike-t${n}.md`, 'x\n');
    await pushed(a);
    const segments = [...world.objects().keys()].filter((name) => name.includes('/segments/'));
    expect(segments).toHaveLength(1);
    await a.write(DAY, 'new\n');
    a.calls.length = 0;
    await pushed(a);
    expect(a.calls.filter((call) => call.name.includes('/segments/'))).toEqual([]);
    await a.write('2025-11-01-mike-t0.md', 'x\nlate\n');
    await pushed(a);
    expect([...world.objects().keys()].filter((name) => name.includes('/segments/'))).toHaveLength(2);
  });
});

describe('push under faults', () => {
  it('ends in the same state whichever call fails, before or after it took effect', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; at < 12; at++) {
        const place = createTestWorld();
        try {
          const machine = place.machine('a');
          await machine.write(DAY, 'one\n');
          await machine.write('2025-01-01-mike-old.md', 'old\n');
          let calls = 0;
          machine.fault = () => (++calls === at ? { kind: 'fail', code: 'server', when } : null);
          await push(machine.deps);
          machine.fault = null;
          await machine.write(DAY, 'one\ntwo\n');
          await pushed(machine);
          expect(place.objects().get(PREFIX + DAY), `call ${at} ${when}`).toBe('one\ntwo\n');
          expect(place.objects().get(`${PREFIX}2025-01-01-mike-old.md`)).toBe('old\n');
          machine.calls.length = 0;
          await pushed(machine);
          expect(machine.calls).toEqual([]);
          expect(
            [...place.objects().keys()].filter((name) => name.includes('.gen-')),
            `call ${at} ${when}`,
          ).toEqual([]);
        } finally {
          await place.end();
        }
      }
    }
  });

  it('takes a log whose reading was stopped for one that was not come to, not for one that failed', async () => {
    await a.write(DAY, 'one\n');
    const controller = new AbortController();
    const { files } = a.deps;
    const measure: typeof files.measure = async () => {
      controller.abort();
      return err(appError('cancelled', 'Reading it was cancelled.', 'Run it again.'));
    };
    const stopped = await push({ ...a.deps, files: { ...files, measure } }, { signal: controller.signal });
    expect(stopped).toMatchObject({
      ok: true,
      value: {
        problem: { code: 'cancelled', message: 'The push was stopped.', details: { pending: 1 } },
        report: { failed: [], pending: 1 },
      },
    });
  });

  it('stops at an abort and continues where it stopped', async () => {
    for (let n = 0; n < 40; n++) await a.write(`n${String(n).padStart(2, '0')}.md`, `${n}\n`);
    const controller = new AbortController();
    const stopped = await push(a.deps, {
      signal: controller.signal,
      onProgress: ({ done }) => done >= 5 && controller.abort(),
    });
    expect(stopped).toMatchObject({
      ok: true,
      value: {
        problem: { code: 'cancelled', message: 'The push was stopped.' },
        report: { failed: [] },
      },
    });
    const before = [...world.objects().keys()].filter((name) => name.startsWith(PREFIX)).length;
    expect(before).toBeGreaterThan(4);
    expect(before).toBeLessThan(41);
    const rest = await pushed(a);
    expect(rest.uploaded.length).toBeLessThan(36);
    expect([...world.objects().keys()].filter((name) => name.startsWith(PREFIX))).toHaveLength(41);
  });
});

describe('one identity on two machines', () => {
  it('is a question when they are two data folders of one computer, and mixes nothing', async () => {
    await a.write(DAY, 'from a\n');
    await pushed(a);
    const account = world.machine('a');
    await account.write(DAY, 'from the other account\n');
    const refused = await push(account.deps);
    expect(refused.ok ? null : refused.error).toMatchObject({
      action: 'session-log init --account',
      message: expect.stringMatching(/Another data folder of this computer .* nothing was mixed/),
      details: { sameComputer: true },
    });
    const signal = AbortSignal.timeout(5_000);
    expect((await findOtherAccount(account.deps, signal))?.remedy).toContain('init --account');
    expect(await findOtherAccount(a.deps, signal)).toBeNull();
    expect(await findOtherAccount(world.machine('b').deps, signal)).toBeNull();
    expect(stored(DAY)).toBe('from a\n');
  });

  it('offers a random identity to a further data folder, whose account has its own already', async () => {
    await a.write(DAY, 'from a\n');
    await pushed(a);
    const further = world.machine('a');
    await further.write(DAY, 'from a third folder\n');
    const identity = { ...further.deps.self.identity, salt: '0123456789abcdef' };
    const refused = await push({ ...further.deps, self: { ...further.deps.self, identity } });
    expect(refused.ok ? null : refused.error).toMatchObject({
      action: 'session-log init --new-identity',
      remedy: expect.stringContaining('`session-log init --new-identity`'),
      details: { sameComputer: true },
    });
  });

  it('is an alarm at once when the installs differ', async () => {
    await a.write(DAY, 'from a\n');
    await pushed(a);
    const clone = world.machine('a');
    await clone.write(DAY, 'from the clone\n');
    const self = testSelf(clone.deps.self.uuid, 'another-host', 'another');
    const refused = await push({ ...clone.deps, self });
    expect(refused.ok ? null : refused.error).toMatchObject({
      code: 'clone-alarm',
      action: 'session-log init --new-identity',
    });
    expect(stored(DAY)).toBe('from a\n');
  });

  it('is an alarm at the second turn when even the install was copied, and both sides are kept', async () => {
    const twin = world.machine('a', { nonce: 'copied' });
    const other = world.machine('a', { nonce: 'copied' });
    const outcomes: string[] = [];
    for (let turn = 0; turn < 4; turn++) {
      for (const [name, machine] of [
        ['twin', twin],
        ['other', other],
      ] as const) {
        await machine.write(`${name}-${turn}.md`, `${name} ${turn}\n`);
        const result = await push(machine.deps);
        const problem = problemOf(result);
        outcomes.push(problem?.code ?? 'ok');
        if (problem?.code !== 'clone-alarm') continue;
        // By then its log is in the store.
        expect(reportOf(result).uploaded).toMatchObject([{ path: `${name}-${turn}.md` }]);
        expect(problem.message).toMatch(/The index was not published, so nobody sees what was pushed\.$/);
      }
    }
    expect(outcomes).toContain('clone-alarm');
    for (const [name, text] of [
      ['twin-0.md', 'twin 0\n'],
      ['other-0.md', 'other 0\n'],
    ] as const)
      expect(stored(name)).toBe(text);
  });

  it('takes the claim of the older script for its own when the hardware is the same', async () => {
    const old = world.machine('a');
    const { identity } = old.deps.self;
    const { machine_uuid, hardware_hash, hostname, platform, platform_version, model, created } = identity;
    const claim = new TextEncoder().encode(
      JSON.stringify({ machine_uuid, hardware_hash, hostname, platform, platform_version, model, created }),
    );
    world.bucket.plant(`${PREFIX}machine-id.json`, claim, { crc32c: crc32cToBase64(crc32c(claim)) });
    await old.write(DAY, 'one\n');
    const result = await push(old.deps);
    expect(problemOf(result)).toBeNull();
    expect(stored(DAY)).toBe('one\n');
    expect(stored('machine-id.json')).toContain(old.deps.self.nonce);
  });
});
