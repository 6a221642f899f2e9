import { describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/app-error.ts';
import { unwrap } from '../../../../shared/result.ts';
import { createRoomWorld } from '../../../testing/room-world.ts';
import type { InboxItem } from '../../notes/inbox.ts';
import { createNoteNews } from './note-news.ts';

const PATH = '/state/notified.json';

function note(hash: string): InboxItem {
  return {
    hash,
    to: 'hal',
    from: 'Mike',
    date: '2026-01-05' as InboxItem['date'],
    line: 3,
    text: `Text of ${hash}`,
    truncated: false,
    origin: { kind: 'git', workspace: '/w', path: 'x.md' },
    arrived: 1,
    state: 'unread',
    since: null,
  };
}

function world(room = createRoomWorld()) {
  const news = createNoteNews(room.files, PATH, room.parts.logger);
  const take = async (...hashes: string[]) =>
    unwrap(await news.take(room.core(), hashes.map(note))).map(({ hash }) => hash);
  return { room, news, take };
}

describe('which notes were announced', () => {
  it('are each taken once, the oldest first, also by another program over the same folder', async () => {
    const { room, take } = world();
    expect(await take('b', 'a')).toEqual(['a', 'b']);
    expect(await world(room).take('c', 'b', 'a')).toEqual(['c']);
    expect(await take('c', 'b', 'a')).toEqual([]);
  });

  it('are each taken once by two who ask at the same time', async () => {
    const { take } = world();
    expect((await Promise.all([take('a'), take('a')])).flat()).toEqual(['a']);
  });

  it('are none when that could not be remembered: better late than again and again', async () => {
    const { room, news, take } = world();
    room.files.fault = (call) => (call === 'replace' ? appError('disk-full', 'x', 'y') : null);
    expect(await news.take(room.core(), [note('a')])).toMatchObject({ ok: false });
    room.files.fault = null;
    expect(await take('a')).toEqual(['a']);
  });
});
