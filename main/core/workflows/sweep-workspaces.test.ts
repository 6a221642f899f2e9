import { afterEach, beforeEach, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { createCaptureWorld, type CaptureWorld } from '../../testing/capture-world.ts';
import { AIDER_HISTORY, aiderWriter } from '../../testing/transcripts/write-aider.ts';
import { restoreTranscript } from './restore-transcript.ts';
import { conversationPlaces, readConversation } from './read-conversation.ts';

let world: CaptureWorld;
beforeEach(() => {
  world = createCaptureWorld();
});
afterEach(() => world.end());

const HISTORY = `harbour/${AIDER_HISTORY}`;

/** Two chats, the second of them in hand. */
function chats() {
  const w = aiderWriter();
  w.chat('2026-03-01 10:15:00');
  w.prompt('Fix the lookup of internal names.');
  w.says('Applied edit to src/resolve.ts');
  w.says('Commit 1a2b3c4 fix: the lookup');
  w.prompt('Thanks, and now the docs.');
  w.says('Applied edit to docs/resolve.md');
  w.chat('2026-03-02 09:00:00');
  w.prompt('Rotate the certificates.');
  w.says('Applied edit to certs.sh');
  return w;
}

it('makes a log and a copy of every chat in a file of a workspace, each once, and of the one that grew again', async () => {
  const w = chats();
  world.put(HISTORY, w.text());
  expect(await world.sweep()).toMatchObject({ found: 2, rescued: 2, failedTotal: 0 });
  const logs = [...world.logs()];
  expect(logs.map(([path]) => path)).toEqual([
    expect.stringMatching(/^captured\/aider\/.*2026-03-01-ada-fix-the-lookup-of-internal-names\.md$/),
    expect.stringMatching(/^captured\/aider\/.*2026-03-02-ada-rotate-the-certificates\.md$/),
  ]);
  for (const words of ['> Thanks, and now the docs.', 'changed `src/resolve.ts`', '1a2b3c4'])
    expect(logs[0]?.[1]).toContain(words);
  expect(await world.sweep()).toMatchObject({ rescued: 0, logs: [], failedTotal: 0 });
  w.prompt('And tell the operators.');
  world.put(HISTORY, w.text(), 30);
  expect(await world.sweep()).toMatchObject({ rescued: 1, failedTotal: 0 });
  expect([...world.logs()][0]).toEqual(logs[0]);
  expect([...world.logs()][1]?.[1]).toContain('> And tell the operators.');
});

it('reads a chat from its copy when the file is gone, and puts it back as it was', async () => {
  const w = chats();
  world.put(HISTORY, w.text());
  await world.sweep();
  const { rows } = await world.list();
  const first = rows.find(({ title }) => title?.startsWith('Fix the lookup'))!;
  expect(first).toMatchObject({ agent: 'aider', copy: 'whole', countdown: { state: 'never' } });
  world.remove(HISTORY);
  await world.sweep();
  const request = { agent: first.agent, id: first.id, from: 0, limit: 50 };
  const page = unwrap(await readConversation(world.deps, conversationPlaces(), request));
  expect(page.from).toBe('copy');
  expect(page.events.flatMap((event) => (event.kind === 'prompt' ? [event.text.text] : []))).toEqual([
    'Fix the lookup of internal names.',
    'Thanks, and now the docs.',
  ]);
  unwrap(await restoreTranscript(world.deps, first));
  expect(world.read(HISTORY)).toBe(w.text().slice(0, w.text().indexOf('# aider chat started at 2026-03-02')));
});
