import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { claudePath, createCaptureWorld, type CaptureWorld } from '../../testing/capture-world.ts';
import { createSeededRandom } from '../../testing/seeded-random.ts';
import { claudeWriter } from '../../testing/transcripts/write-claude-code.ts';
import { captureAsked } from './capture-asked.ts';

const ID = '6f9a1c1e-0000-4000-8000-000000000001';

let world: CaptureWorld;
let text: string;
beforeEach(() => {
  world = createCaptureWorld();
  const writer = claudeWriter(createSeededRandom(1), '2.1.284', { session: ID, cwd: '/home/ada/harbour' });
  writer.prompt('Fix the lookup of internal names.');
  writer.command('npm test', 'ok');
  text = writer.text();
  world.put(claudePath(ID), text, 0);
});
afterEach(() => world.end());

const tell = async (isOver: boolean, transcript: string | null) => {
  const sessions = [{ agent: 'claude-code', id: ID, transcript, isOver } as const];
  return unwrap(await captureAsked(world.deps, { sweep: false, sessions }));
};
const end = (transcript: string | null = join(world.user, claudePath(ID))) => tell(true, transcript);

describe('a session of which a hook says that it has ended', () => {
  it('has its log at once, though it was not quiet yet', async () => {
    expect((await world.sweep()).logs).toEqual([]);
    await end();
    expect([...world.logs().values()].join()).toContain('Fix the lookup of internal names.');
  });

  it('is found by its id where the agent does not name the file (27)', async () => {
    await end(null);
    expect(world.logs().size).toBe(1);
  });

  it('is found by its id where the agent names a file that is not there (27)', async () => {
    await end(join(world.user, '.claude/projects/-home-ada-harbour--worktrees-x', `${ID}.jsonl`));
    expect(world.logs().size).toBe(1);
  });

  it('is left alone while sessions are not kept', async () => {
    world.capture = { ...world.capture, mode: 'off' };
    await end();
    expect(world.logs().size).toBe(0);
    expect((await world.list()).rows).toMatchObject([{ copy: 'none', log: 'none' }]);
  });

  it.each([
    ['anywhere else', () => '/etc/passwd'],
    ['outside by its dots', () => `${world.user}/.claude/projects/../../../x.jsonl`],
    ['in a folder with a like name', () => `${world.user}/.claude-other/x.jsonl`],
    ['nowhere', () => 'x.jsonl'],
  ])('is passed over when its transcript lies %s', async (_, transcript) => {
    await end(transcript());
    expect(world.logs().size).toBe(0);
  });
});

it('a session of which a hook says that a turn is over is copied at once, and has no log before it is quiet', async () => {
  await tell(false, null);
  expect((await world.list()).rows).toMatchObject([{ copy: 'whole', log: 'waiting' }]);
});

it('a session that ended without a word is kept when the next one begins (28)', async () => {
  world.put(claudePath(ID), text, 60);
  unwrap(await captureAsked(world.deps, { sweep: true, sessions: [] }));
  expect(world.logs().size).toBe(1);
});
