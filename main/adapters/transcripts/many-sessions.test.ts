import { expect, it } from 'vitest';
import { processorTime } from '../../testing/processor-time.ts';
import { sessionsOfProject } from './claude-code/find-sessions.ts';
import type { FolderLook } from './reading/folders.ts';
import { sessionsOnce } from './reading/source-parts.ts';

const MANY = 150_000;
const idOf = (n: number): string => `6f9a1c1e-0000-4000-8000-${String(n).padStart(12, '0')}`;

it('finds a hundred and fifty thousand sessions of one project, each with a folder of its own, in linear time', async () => {
  const ids = Array.from({ length: MANY }, (_, n) => idOf(n));
  const files = ids.map((id) => `${id}.jsonl`);
  const look: FolderLook = {
    problems: [],
    entries: async (path) => (path.endsWith('-p') ? { files, folders: ids } : { files: [], folders: [] }),
    facts: () => ({ size: 1, mtimeMs: 1 }),
  };
  const before = processorTime();
  const found = sessionsOnce();
  for await (const session of sessionsOfProject(look, '/root', 'projects/-p', async () => null))
    found.add(session);
  expect(found.sessions()).toHaveLength(MANY);
  // Looking each id up in a list of all of them would take minutes.
  expect(processorTime() - before).toBeLessThan(10_000);
});
