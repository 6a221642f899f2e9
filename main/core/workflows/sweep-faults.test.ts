import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { withTokens } from '../../adapters/secrets/with-tokens.ts';
import { claudePath, createCaptureWorld, type CaptureWorld } from '../../testing/capture-world.ts';
import { createSeededRandom } from '../../testing/seeded-random.ts';
import { claudeWriter, type ClaudeVersion } from '../../testing/transcripts/write-claude-code.ts';
import { withholdSecrets } from '../capture/withhold-secrets.ts';
import type { TranscriptSource } from '../ports/transcript-source.ts';
import { restoreTranscript } from './restore-transcript.ts';
import { sweepSessions } from './sweep-sessions.ts';

let world: CaptureWorld;
beforeEach(() => {
  world = createCaptureWorld();
});
afterEach(() => world.end());

const idOf = (n: number): string => `6f9a1c1e-0000-4000-8000-${String(n).padStart(12, '0')}`;
const ID = idOf(1);
const at = (path: string): string => join(world.user, path);

function session(id = ID, version: ClaudeVersion = '2.1.284') {
  // Lines of two sessions have no ids in common.
  return claudeWriter(createSeededRandom(Number(id.slice(-4))), version, {
    session: id,
    cwd: '/home/ada/harbour',
  });
}

/** The only log there is, and its path. */
function onlyLog(): readonly [path: string, text: string] {
  const logs = [...world.logs()];
  expect(logs).toHaveLength(1);
  return logs[0]!;
}

describe('a sweep', () => {
  it('makes the log of the very bytes that it copied, while the session goes on', async () => {
    const writer = session();
    writer.prompt('Fix the lookup.');
    writer.edit('/home/ada/harbour/a.ts', 'x', 'y');
    world.put(claudePath(ID), writer.text());
    const before = writer.text().length;
    writer.prompt('And the next thing.');
    const later = writer.text().slice(before);
    let reads = 0;
    const growing = (source: TranscriptSource): TranscriptSource => ({
      ...source,
      // It grows after it was copied, before it is read for its log.
      read(...words) {
        if (reads++ === 1) appendFileSync(at(claudePath(ID)), later);
        return source.read(...words);
      },
    });
    const deps = { ...world.deps, sources: world.deps.sources.map(growing) };
    unwrap(await sweepSessions(deps, { sessions: 'all', asked: true }));
    expect(reads).toBe(2);
    expect(onlyLog()[1]).toContain('> Fix the lookup.');
    expect(onlyLog()[1]).not.toContain('And the next thing.');
    await world.sweep({ asked: true });
    expect(onlyLog()[1]).toContain('> And the next thing.');
  });

  it('goes on with the others when a session is gone while it is read', async () => {
    for (const n of [1, 2, 3]) {
      const writer = session(idOf(n));
      writer.prompt(`Fix part ${n}.`);
      writer.edit('/home/ada/harbour/a.ts', 'x', 'y');
      world.put(claudePath(idOf(n)), writer.text());
    }
    const sources = world.deps.sources.map((source): TranscriptSource => ({
      ...source,
      read(file, ...words) {
        if (file.name.includes(idOf(2))) rmSync(file.path, { force: true });
        return source.read(file, ...words);
      },
    }));
    const { report } = unwrap(
      await sweepSessions({ ...world.deps, sources }, { sessions: 'all', asked: true }),
    );
    expect(report.logs).toHaveLength(2);
    expect([...world.logs().values()].join()).not.toContain('Fix part 2.');
  });

  it('takes what a clock says for what it is: any time, none, and one that goes back', async () => {
    const writer = session();
    for (const timestamp of [
      '1970-01-01T00:00:00.000Z',
      '9999-12-31T23:59:59.999Z',
      'yesterday',
      '2026-03-03',
    ])
      writer.prompt(`At ${timestamp}.`, { timestamp });
    writer.edit('/home/ada/harbour/a.ts', 'x', 'y');
    world.put(claudePath(ID), writer.text());
    await world.sweep();
    const [path, text] = onlyLog();
    expect(path).toMatch(/\/1970-01\/1970-01-01-ada-at-1970-01-01/);
    expect(text.match(/^> At /gm)).toHaveLength(4);
  });

  it('reads a session that several versions wrote, every prompt once', async () => {
    const versions: readonly ClaudeVersion[] = ['2.0.64', '2.1.42', '2.1.284'];
    const texts = versions.map((version, n) => {
      const writer = claudeWriter(createSeededRandom(n), version, { session: ID, cwd: '/home/ada/harbour' });
      writer.prompt(`Asked of ${version}.`);
      writer.edit('/home/ada/harbour/a.ts', 'x', 'y');
      return writer.text();
    });
    world.put(claudePath(ID), texts.join(''));
    await world.sweep();
    const text = onlyLog()[1];
    for (const version of versions) expect(text.split(`> Asked of ${version}.`)).toHaveLength(2);
    expect(text).toMatch(/Claude Code 2\.0\.64, 2\.1\.42, 2\.1\.284/);
  });

  it('writes no secret into a log or its name, wherever it stands', async () => {
    const letters = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
    const random = createSeededRandom(9);
    const token = `ghp_${Array.from({ length: 36 }, () => letters[random.below(letters.length)]).join('')}`;
    world.withhold = (make) => withTokens((countTokens) => make(withholdSecrets(countTokens)));
    const writer = session();
    writer.line({ type: 'custom-title', customTitle: `Rotate ${token}` });
    writer.prompt(`Use ${token} from now on.`);
    writer.write(`/home/ada/harbour/${token}.txt`, 'x');
    writer.command(`curl -H "Authorization: Bearer ${token}" https://api.example.com`, `${token} is good`);
    writer.reply(`It is ${token}.`);
    world.put(claudePath(ID), writer.text());
    await world.sweep();
    expect(onlyLog().join('\n')).not.toContain(token.slice(4, 24));
    expect(onlyLog()[1]).toContain('https://api.example.com');
  });

  it('counts runs of programs in one row, and makes no log of each', async () => {
    for (let n = 0; n < 12; n++) {
      const writer = claudeWriter(createSeededRandom(1), '2.1.284', {
        session: idOf(n),
        cwd: '/home/ada/harbour',
      });
      writer.prompt('Review this change.', { uuid: idOf(n), entrypoint: 'sdk-cli', promptSource: 'sdk' });
      writer.edit('/home/ada/harbour/a.ts', 'x', 'y');
      world.put(claudePath(idOf(n)), writer.text());
    }
    expect(await world.sweep()).toMatchObject({ rescued: 12, logs: [] });
    expect((await world.list()).rows).toMatchObject([{ log: 'program', runs: 12 }]);
  });

  it('keeps a session that its agent has deleted until somebody forgets it, and brings it back anew (18, 33)', async () => {
    const writer = session();
    writer.prompt('Fix the lookup.');
    writer.edit('/home/ada/harbour/a.ts', 'x', 'y');
    world.put(claudePath(ID), writer.text(), 60 * 24 * 40);
    await world.sweep();
    rmSync(at('.claude'), { recursive: true });
    for (let again = 0; again < 2; again++) {
      await world.sweep();
      expect((await world.list()).rows).toMatchObject([{ id: ID, log: 'captured', copy: 'whole' }]);
    }
    unwrap(await restoreTranscript(world.deps, { agent: 'claude-code', id: ID }));
    expect(world.read(claudePath(ID))).toBe(writer.text());
    const [row] = (await world.list()).rows;
    expect(row?.countdown.state === 'due' && row.countdown.at > Date.now() + 28 * 86_400_000).toBe(true);
  });
});

it('makes no log again of a session whose log was forgotten, until a person names it', async () => {
  const writer = session();
  writer.prompt('Fix the lookup.');
  writer.edit('/home/ada/harbour/a.ts', 'x', 'y');
  world.put(claudePath(ID), writer.text());
  await world.sweep();
  rmSync(join(world.sessionLogs, onlyLog()[0]));
  world.forgotten.add(ID);
  // At once, and when a sweep has seen it.
  expect((await world.list()).rows).toMatchObject([{ copy: 'whole', log: 'forgotten', logId: null }]);
  await world.sweep();
  expect((await world.list()).rows).toMatchObject([{ copy: 'whole', log: 'forgotten' }]);
  // It goes on, what was known of it is lost, and a person keeps all sessions there are.
  writer.prompt('And the next thing.');
  world.put(claudePath(ID), writer.text());
  world.forget();
  await world.sweep({ asked: true });
  expect([...world.logs()]).toEqual([]);
  await world.sweep({ asked: true, sessions: [{ agent: 'claude-code', id: ID }] });
  expect(onlyLog()[1]).toContain('> And the next thing.');
  // From then on it is one like all others.
  writer.prompt('And the last thing.');
  world.put(claudePath(ID), writer.text());
  await world.sweep();
  expect(onlyLog()[1]).toContain('> And the last thing.');
  expect((await world.list()).rows).toMatchObject([{ log: 'captured' }]);
});
