import { describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/app-error.ts';
import { EMPTY_SUMMARY, type FinishedOperation } from '../../../../shared/ipc/operation.ts';
import { createRoomWorld } from '../../../testing/room-world.ts';
import { readOperations, writeOperations } from './operations-file.ts';
import { slimError } from '../slim-error.ts';

const PATH = '/state/operations.json';
const DONE: FinishedOperation = {
  id: 'op-1',
  kind: 'push',
  cause: 'person',
  subject: null,
  startedAt: 1,
  phase: 'finishing',
  done: 1,
  total: 1,
  bytesDone: 1,
  bytesTotal: 1,
  current: null,
  finishedAt: 2,
  outcome: 'done',
  summary: EMPTY_SUMMARY,
  error: null,
  deferral: null,
};

describe('the operations of the last days', () => {
  it('come back as they were written', async () => {
    const { files, parts } = createRoomWorld();
    const failed = { ...DONE, id: 'op-2', outcome: 'failed', error: appError('denied', 'x', 'y') } as const;
    await writeOperations(files, PATH, [DONE, failed], parts.logger);
    expect(await readOperations(files, PATH, parts.logger)).toEqual([DONE, failed]);
  });

  it('leave out what another version wrote, and begin anew where the file is damaged', async () => {
    const { files, parts } = createRoomWorld();
    files.put(PATH, JSON.stringify({ schema: 1, operations: [{ ...DONE, kind: 'teleport' }, DONE, 7] }));
    expect(await readOperations(files, PATH, parts.logger)).toEqual([DONE]);
    files.put(PATH, '{"operations":');
    expect(await readOperations(files, PATH, parts.logger)).toEqual([]);
  });

  it('cost no work when they cannot be kept: the app log says so', async () => {
    const { files, parts, logged } = createRoomWorld();
    files.fault = () => appError('disk-full', 'Full.', 'Make room.');
    await writeOperations(files, PATH, [DONE], parts.logger);
    expect(logged).toEqual([expect.stringContaining('disk-full')]);
  });
});

describe('an error as it is kept', () => {
  it('has no report, and no details when there was nothing else', () => {
    const report = { details: { report: ['much'] } };
    expect(slimError(appError('io', 'x', 'y', report))).not.toHaveProperty('details');
    expect(
      slimError(appError('io', 'x', 'y', { details: { ...report.details, path: 'p' } })).details,
    ).toEqual({ path: 'p' });
    const plain = appError('io', 'x', 'y');
    expect(slimError(plain)).toBe(plain);
  });
});
