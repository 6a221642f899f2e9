import { expect, it } from 'vitest';
import { ok } from '../../../../shared/result.ts';
import type { Files } from '../../ports/files.ts';
import type { TranscriptSource } from '../../ports/transcript-source.ts';
import type { Watch } from '../../ports/watcher.ts';
import { createTranscriptWatch } from './transcript-watch.ts';

const FACTS = ok({ kind: 'folder' }) as Awaited<ReturnType<Files['stat']>>;
const FILES = { stat: async () => FACTS } as unknown as Files;
const SOURCES = [{ roots: ['/home/ada/.claude'] }] as unknown as readonly TranscriptSource[];

it('leaves no watch open that was still beginning when it was stopped', async () => {
  const open = new Set<Watch>();
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const watch = createTranscriptWatch(
    {
      async watch() {
        await begun;
        const one: Watch = { by: 'events', close: async () => void open.delete(one) };
        open.add(one);
        return one;
      },
    },
    () => undefined,
  );
  const following = watch.follow(FILES, SOURCES);
  await watch.stop();
  begin();
  await following;
  expect(open.size).toBe(0);
});
