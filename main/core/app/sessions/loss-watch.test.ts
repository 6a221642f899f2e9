import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../../shared/domain/settings.ts';
import { ok } from '../../../../shared/result.ts';
import { factsOf } from '../../../../shared/transcripts/facts-of.ts';
import { createRoomWorld, type RoomWorld } from '../../../testing/room-world.ts';
import type { FoundSession, TranscriptSource } from '../../ports/transcript-source.ts';
import type { Losses } from '../news.ts';
import { createAppService, type RunningApp } from '../create-app-service.ts';

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const ROOT = '/home/hal/.claude';

let world: RoomWorld;
let app: RunningApp;
/** When each session was written last, epoch milliseconds. */
let written: number[];
let told: Losses[];

/** Claude Code with sessions of those times, which it deletes after 30 days. */
const source = (): TranscriptSource => ({
  agent: 'claude-code',
  parserVersion: 'claude-code/1',
  roots: [ROOT],
  find: async () => ({ sessions: written.map(sessionAt), problems: [] }),
  findLost: async () => ({ sessions: [], problems: [] }),
  describe: async ({ id }) => ok(factsOf('claude-code', id, [], false)),
  read: () => {
    throw new Error('not read for this');
  },
  parser: () => {
    throw new Error('not read for this');
  },
  restorePlace: () => {
    throw new Error('not asked for this');
  },
});

function sessionAt(mtimeMs: number, n: number): FoundSession {
  const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const name = `projects/-x/${id}.jsonl`;
  const file = { path: `${ROOT}/${name}`, name, role: 'main', subagent: null, size: 10, mtimeMs } as const;
  return { agent: 'claude-code', id, root: ROOT, files: [{ ...file, grows: 'appended' }], parent: null };
}

beforeEach(() => {
  world = createRoomWorld();
  [written, told] = [[], []];
  world.transcripts = { ...world.transcripts, sources: async () => [source()] };
});
afterEach(() => app.stop());

async function start(): Promise<void> {
  app = await createAppService(world.parts);
  app.onLosses((losses) => told.push(losses));
  app.start();
  await world.pass(3 * MINUTE);
}

/** Days until the session goes. */
const goesIn = (days: number): number => world.clock.now() - (30 - days) * DAY + MINUTE * 60;
const count = (announcements: number): Promise<void> =>
  vi.waitFor(() => expect(told).toHaveLength(announcements), 10_000);

describe('sessions that nobody has kept', () => {
  it('are announced before the first of them goes, and once for all of those days', async () => {
    written = [goesIn(2), goesIn(2.5), goesIn(20)];
    await start();
    await count(1);
    expect(told).toMatchObject([{ sessions: 2 }]);
    await world.pass(7 * HOUR);
    expect(told).toHaveLength(1);
    // The two are gone; another one comes near.
    written = [goesIn(17)];
    world.clock.jump(16 * DAY);
    await world.pass(HOUR);
    await count(2);
    expect(told[1]?.sessions).toBe(1);
  });

  it('are no news while none goes soon', async () => {
    written = [goesIn(20)];
    await start();
    await app.stop();
    expect(told).toEqual([]);
  });

  it('are announced once, also across a restart', async () => {
    written = [goesIn(2)];
    await start();
    await count(1);
    await app.stop();
    await start();
    await app.stop();
    expect(told).toHaveLength(1);
  });

  it('wait for the end of quiet hours', async () => {
    written = [goesIn(2)];
    const hour = new Date(world.clock.now()).getUTCHours();
    const at = (add: number): string => `${String((hour + add) % 24).padStart(2, '0')}:00`;
    const notifications = { ...DEFAULT_SETTINGS.notifications, quietHours: `${at(0)}-${at(2)}` };
    const { app: defaults } = DEFAULT_SETTINGS;
    world.settings = { ...world.settings, notifications, app: { ...defaults, timeZone: 'UTC' } };
    await start();
    await world.pass(10 * MINUTE);
    expect(told).toEqual([]);
    await world.pass(2 * HOUR);
    await count(1);
  });

  it('are not announced while problems are not', async () => {
    written = [goesIn(2)];
    const notifications = { ...DEFAULT_SETTINGS.notifications, problems: false };
    world.settings = { ...world.settings, notifications };
    await start();
    await world.pass(7 * HOUR);
    await app.stop();
    expect(told).toEqual([]);
  });
});
