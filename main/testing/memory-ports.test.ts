import { filesContract } from './contracts/files-contract.ts';
import { locksContract } from './contracts/locks-contract.ts';
import { logIndexContract } from './contracts/log-index-contract.ts';
import { searchIndexContract } from './contracts/search-index-contract.ts';
import { settingsStoreContract } from './contracts/settings-store-contract.ts';
import { appError } from '../../shared/app-error.ts';
import { A } from './index-fixture.ts';
import { createMemoryFiles } from './memory-files.ts';
import { createMemoryLocks } from './memory-locks.ts';
import { createMemoryLogIndex } from './memory-log-index.ts';
import { createMemorySearch } from './memory-search.ts';
import { createRoomWorld } from './room-world.ts';
import { createStillClock } from './still-clock.ts';
import { createVirtualClock } from './virtual-clock.ts';

filesContract('in memory', () => ({ files: createMemoryFiles(createStillClock()), folder: '/disk' }));

locksContract('in memory', () => {
  const clock = createVirtualClock();
  return { locks: createMemoryLocks(clock), folder: '/disk', pass: (ms) => clock.sleep(ms) };
});

logIndexContract('in memory', () => {
  const files = createMemoryFiles(createStillClock());
  return {
    index: createMemoryLogIndex(A, files),
    target: '/cache/index.json',
    read: async (path) => files.text(path) ?? '',
  };
});

searchIndexContract('in memory', createMemorySearch);

settingsStoreContract('of the rooms', () => {
  const world = createRoomWorld();
  return {
    store: world.parts.settings,
    damage: () => (world.settingsProblem = appError('corrupt', 'It cannot be read.', 'Put it right.')),
  };
});
