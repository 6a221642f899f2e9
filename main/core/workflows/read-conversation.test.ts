import { afterEach, beforeEach, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { claudePath, createCaptureWorld, type CaptureWorld } from '../../testing/capture-world.ts';
import { createSeededRandom } from '../../testing/seeded-random.ts';
import { claudeWriter } from '../../testing/transcripts/write-claude-code.ts';
import { conversationPlaces, readConversation } from './read-conversation.ts';

const ID = '6f9a1c1e-0000-4000-8000-000000000001';

let world: CaptureWorld;
beforeEach(() => {
  world = createCaptureWorld();
});
afterEach(() => world.end());

const places = conversationPlaces();
const read = async (from = 0) =>
  unwrap(await readConversation(world.deps, places, { agent: 'claude-code', id: ID, from, limit: 300 }));

it('a session that grew is read on from the places that are known, and one that was cut from its start', async () => {
  const writer = claudeWriter(createSeededRandom(1), '2.1.284', { session: ID, cwd: '/home/ada/harbour' });
  writer.prompt('Fix the lookup of internal names.');
  const before = writer.text();
  world.put(claudePath(ID), before);
  const [first] = (await read()).events;
  writer.prompt('Write a test for it.');
  world.put(claudePath(ID), writer.text());
  expect((await read()).events[0]).toEqual(first);
  const grown = await read(first?.place.offset);
  expect(grown.events.filter(({ kind }) => kind === 'prompt')).toHaveLength(2);
  // From behind what was there before, only the rest is parsed.
  const rest = await read(before.length);
  expect(rest.events.filter(({ kind }) => kind === 'prompt')).toHaveLength(1);
  const other = claudeWriter(createSeededRandom(2), '2.1.284', { session: ID, cwd: '/home/ada/harbour' });
  other.prompt('Another.');
  world.put(claudePath(ID), other.text());
  const cut = await read();
  expect(cut.events.filter(({ kind }) => kind === 'prompt')).toMatchObject([{ text: { text: 'Another.' } }]);
});
