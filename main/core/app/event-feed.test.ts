import { describe, expect, it } from 'vitest';
import { appError } from '../../../shared/app-error.ts';
import type { AppEvent } from '../../../shared/ipc/contract.ts';
import { createRoomWorld } from '../../testing/room-world.ts';
import { createEventFeed } from './event-feed.ts';
import { createPresentSettings } from './settings/present-settings.ts';

describe('what pages hear', () => {
  it('is the news that concern them, under the names of the contract', async () => {
    const room = createRoomWorld();
    const bus = room.bus();
    const settings = createPresentSettings(room.parts.settings, 'UTC');
    const heard: AppEvent[] = [];
    const end = createEventFeed(bus, settings).subscribe((event) => heard.push(event));
    const after = { ...settings.now, app: { ...settings.now.app, firstRunDone: true } };
    await bus.emit('notes.changed', { unread: 2 });
    await bus.emit('index.changed', { version: 7, ids: null });
    await bus.emit('marks.changed', null);
    await bus.emit('queue.touched', null);
    await bus.emit('settings.changed', { before: settings.now, after, reopened: false });
    // What is wrong with the file is in the answer when they ask again.
    await bus.emit('settings.broken', appError('corrupt', 'No JSON.', 'Repair it.'));
    expect(heard).toEqual([
      { event: 'notes.changed', payload: { unread: 2 } },
      { event: 'index.changed', payload: { version: 7, ids: null } },
      { event: 'marks.changed', payload: null },
      { event: 'settings.changed', payload: after },
      { event: 'settings.changed', payload: settings.now },
    ]);
    end();
    await bus.emit('notes.changed', { unread: 0 });
    expect(heard).toHaveLength(5);
  });
});
