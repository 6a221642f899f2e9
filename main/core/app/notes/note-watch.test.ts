import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../../shared/result.ts';
import { changeSettings, createRoomWorld, newsOf, openRooms } from '../../../testing/room-world.ts';
import { pullIndex } from '../../workflows/pull-index.ts';
import { push } from '../../workflows/push.ts';
import { createNoteNews } from './note-news.ts';
import { createNoteWatch } from './note-watch.ts';
import { createNotesService } from './notes-service.ts';

const HOUR = 3_600_000;

/** The machine of a reader, and that of a colleague who writes to them. */
async function world() {
  const room = createRoomWorld();
  const colleague = createRoomWorld('b', room.bucket);
  const rooms = await openRooms(room);
  const { bus, present, settings } = rooms;
  const { files, clock, logger } = room.parts;
  const open = (): ReturnType<typeof createNoteWatch> =>
    createNoteWatch({
      present,
      news: createNoteNews(files, '/state/notified.json', logger),
      settings,
      clock,
      logger,
      bus,
    });
  const watch = open();
  const write = async (to: string, words: string): Promise<void> => {
    const name = `2026-01-05-mike-${words.length}.md`;
    const text = `# Log\n\n## Note for ${to}\n\n${words}\n`;
    colleague.files.put(`${colleague.paths.sessionLogs}/${name}`, text);
    unwrap(await push(colleague.core()));
    unwrap(await pullIndex(room.core(), { reader: { folder: room.paths.home } }));
    await bus.emit('inbox.touched', null);
  };
  const service = createNotesService({ present, bus });
  return { ...rooms, room, open, watch, write, service, changed: newsOf(bus, 'notes.changed') };
}

describe('notes that have come', () => {
  it('are counted at once, and announced to whoever listens, each once', async () => {
    const { bus, watch, write, changed } = await world();
    const heard = newsOf(bus, 'notes.arrived');
    await write('hal', 'Look at the build.');
    await write('mara', 'Not for you.');
    await bus.emit('inbox.touched', null);
    expect(changed.at(-1)).toEqual({ unread: 1 });
    expect(heard.flat().map(({ text }) => text)).toEqual([expect.stringContaining('Look at the build')]);
    await watch.stop();
  });

  it('stay to be announced while nobody listens, also across a restart', async () => {
    const { bus, open, watch, write } = await world();
    await write('hal', 'Look.');
    await watch.stop();
    const heard = newsOf(bus, 'notes.arrived');
    const again = open();
    await bus.emit('inbox.touched', null);
    expect(heard.flat()).toHaveLength(1);
    await again.stop();
  });

  it('wait for the end of notifications.quietHours', async () => {
    const rooms = await world();
    const { bus, room, watch, write } = rooms;
    const heard = newsOf(bus, 'notes.arrived');
    await changeSettings(rooms, { notifications: { quietHours: '08:00-10:00' } });
    await write('hal', 'Look.');
    expect(heard).toEqual([]);
    await room.pass(HOUR + 60_000);
    expect(heard.flat()).toHaveLength(1);
    await watch.stop();
    expect(room.clock.waiting).toBe(0);
  });

  it('are never announced that came while notifications.notes was off', async () => {
    const rooms = await world();
    const { bus, watch, write, changed } = rooms;
    const heard = newsOf(bus, 'notes.arrived');
    await changeSettings(rooms, { notifications: { notes: false } });
    await write('hal', 'Unheard of.');
    await changeSettings(rooms, { notifications: { notes: true } });
    await bus.emit('inbox.touched', null);
    expect([heard, changed.at(-1)]).toEqual([[], { unread: 1 }]);
    await watch.stop();
  });

  it('are those of another person as soon as the author of the settings is another', async () => {
    const rooms = await world();
    const { watch, write, changed } = rooms;
    await write('mara', 'For Mara.');
    expect(changed.at(-1)).toEqual({ unread: 0 });
    await changeSettings(rooms, { author: { user: 'mara', name: 'Mara' } });
    expect(changed.at(-1)).toEqual({ unread: 1 });
    await watch.stop();
  });

  it('are told anew when one is done that was read: the number stays and the list does not', async () => {
    const { watch, write, service, changed } = await world();
    await write('hal', 'Look.');
    const [note] = unwrap(await service.list({ show: 'open' })).notes;
    const notes = [note?.hash ?? ''];
    expect(unwrap(await service.markRead({ notes }))).toEqual({ unread: 0 });
    await watch.stop();
    const before = changed.length;
    expect(unwrap(await service.markDone({ notes }))).toEqual({ unread: 0 });
    await watch.stop();
    expect(changed.slice(before)).toEqual([{ unread: 0 }]);
  });
});

describe('the inbox', () => {
  it('shows what is open, done, sent and everything, a page at a time', async () => {
    const { watch, write, service, room } = await world();
    await write('hal', 'One.');
    await write('hal', 'The second.');
    await write('mara', 'To Mara, of all people.');
    const open = unwrap(await service.list({ show: 'open' }));
    expect([open.total, open.unread]).toEqual([2, 2]);
    expect(unwrap(await service.list({ show: 'open', offset: 1, limit: 5 })).notes).toHaveLength(1);
    unwrap(await service.markDone({ notes: [open.notes[0]?.hash ?? ''] }));
    expect(unwrap(await service.list({ show: 'done' })).total).toBe(1);
    expect(
      unwrap(await service.list({ show: 'all' }))
        .notes.map(({ state }) => state)
        .toSorted(),
    ).toEqual(['done', 'other', 'unread']);
    expect(unwrap(await service.list({ show: 'sent' })).total).toBe(0);
    unwrap(await service.reopen({ notes: [open.notes[0]?.hash ?? ''] }));
    expect(unwrap(await service.list({ show: 'done' })).total).toBe(0);
    expect(room.logged).toEqual([]);
    await watch.stop();
  });

  it('does not mark what is not in it, and tells that marks travel with the next push', async () => {
    const { bus, watch, write, service } = await world();
    const marked = newsOf(bus, 'notes.marked');
    await write('hal', 'Look.');
    expect(await service.markRead({ notes: ['f'.repeat(64)] })).toMatchObject({
      error: { code: 'not-found' },
    });
    expect(marked).toEqual([]);
    const [note] = unwrap(await service.list({ show: 'unread' })).notes;
    unwrap(await service.markRead({ notes: [note?.hash ?? ''] }));
    expect(marked).toHaveLength(1);
    await watch.stop();
  });
});
