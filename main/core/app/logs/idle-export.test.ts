import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/app-error.ts';
import { err, ok, unwrap } from '../../../../shared/result.ts';
import type { LogIndex } from '../../ports/log-index.ts';
import { createRoomWorld, type RoomWorld } from '../../../testing/room-world.ts';
import type { Bus } from '../bus.ts';
import { openPresentCore } from '../present-core.ts';
import { exportWhenIdle, QUIET_MS } from './idle-export.ts';

let room: RoomWorld;
let bus: Bus;
let exports: string[];
let answer: Awaited<ReturnType<LogIndex['exportTo']>>;
let running: boolean;
let exporter: { stop(): Promise<void> };

beforeEach(async () => {
  room = createRoomWorld();
  bus = room.bus();
  [exports, answer, running] = [[], ok(undefined), false];
  const core = room.core();
  const index: LogIndex = {
    ...core.sync.index,
    exportTo: async (path) => {
      exports.push(path);
      room.files.put(path, '{"schema":1,"builtAt":0,"sources":{},"entries":[\n\n]}\n');
      return answer;
    },
  };
  const present = await openPresentCore(
    async () => ok({ ...core, sync: { ...core.sync, index } }),
    room.parts.logger,
  );
  const operations = {
    get running() {
      return running ? [{} as never] : [];
    },
  };
  exporter = exportWhenIdle({ present, operations, clock: room.clock, logger: room.parts.logger, bus });
});
afterEach(() => exporter.stop());

const change = (): void => void bus.emit('index.changed', { version: 1, ids: null });

describe('the index as one file', () => {
  it('is written when nothing has changed for two minutes, and only then', async () => {
    change();
    await room.pass(QUIET_MS - 1_000);
    change();
    await room.pass(QUIET_MS - 1_000);
    expect(exports).toEqual([]);
    await room.pass(2_000);
    expect(exports).toEqual([room.paths.cacheIndex]);
  });

  it('is left alone while it tells of the same shards', async () => {
    change();
    await room.pass(2 * QUIET_MS);
    change();
    await room.pass(2 * QUIET_MS);
    expect(exports).toHaveLength(1);
    unwrap(await room.files.remove(room.paths.cacheIndex));
    change();
    await room.pass(2 * QUIET_MS);
    expect(exports).toHaveLength(2);
  });

  it('waits for what is being done', async () => {
    running = true;
    change();
    await room.pass(3 * QUIET_MS);
    expect(exports).toEqual([]);
    running = false;
    await room.pass(2 * QUIET_MS);
    expect(exports).toHaveLength(1);
  });

  it('that cannot be written is told to the app log and tried after the next change', async () => {
    answer = err(appError('disk-full', 'The disk is full.', 'Make room.'));
    change();
    await room.pass(2 * QUIET_MS);
    expect(room.logged.join('\n')).toContain('could not export the index');
  });
});
