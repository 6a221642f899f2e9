import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { createMemoryFiles } from '../../testing/memory-files.ts';
import { createStillClock } from '../../testing/still-clock.ts';
import { readState, stateObject } from '../files/state-file.ts';
import { damagedStateFindings } from './damaged-state.ts';

describe('what doctor says of damaged state files', () => {
  it('names each that was renamed, and no other file', async () => {
    const files = createMemoryFiles(createStillClock(Date.UTC(2026, 0, 5, 10, 20, 30)));
    files.put('/state/inbox.json', '{');
    files.put('/state/receipts.json', '[]');
    await readState(files, '/state/inbox.json', { schema: stateObject({ n: v.number() }), maxBytes: 64 });
    expect(await damagedStateFindings(files, '/state')).toEqual([
      {
        level: 'hint',
        subject: '/state/inbox.json.damaged-2026-01-05T10-20-30',
        finding: 'inbox.json could not be used and was begun anew; this is what it held',
        remedy: 'Delete it when you do not need it to find out why; after 30 days it goes by itself.',
      },
    ]);
  });

  it('says nothing where there is no such folder', async () => {
    const files = createMemoryFiles(createStillClock(0));
    expect(await damagedStateFindings(files, '/state')).toEqual([]);
  });
});
