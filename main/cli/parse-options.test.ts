import { expect, it } from 'vitest';
import type { MachineUuid } from '../../shared/domain/ids.ts';
import { createMemoryLogIndex } from '../testing/memory-log-index.ts';
import { createMemoryFiles } from '../testing/memory-files.ts';
import { testUuid } from '../testing/sync-world.ts';
import { parseSelection } from './parse-options.ts';

const HARBOR = {
  root: '/code/harbor',
  name: 'harbor',
  machine: '1f0a0000-0000-4000-8000-000000000000' as MachineUuid,
};
const query = (machine: readonly string[]) =>
  parseSelection(
    { machine },
    [],
    createMemoryLogIndex(testUuid('a'), createMemoryFiles({ now: () => 0 })),
    () => 'UTC',
    [HARBOR],
  );

it('a workspace is chosen by the name under which its rows stand', async () => {
  expect(await query(['Harbor'])).toMatchObject({ ok: true, value: { machines: [HARBOR.machine] } });
  expect(await query(['harbour'])).toMatchObject({ ok: false, error: { code: 'not-found' } });
});
