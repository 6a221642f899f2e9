import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { appError } from '../../../shared/app-error.ts';
import { ok, unwrap } from '../../../shared/result.ts';
import { createMemoryFiles } from '../../testing/memory-files.ts';
import { createStillClock } from '../../testing/still-clock.ts';
import { knownOf, peekState, readState, recallState, stateObject, writeState } from './state-file.ts';

const FORMAT = { schema: stateObject({ n: v.number() }), maxBytes: 64 };
const PATH = '/state/a.json';

function world(text?: string) {
  const files = createMemoryFiles(createStillClock(Date.UTC(2026, 0, 5, 10, 20, 30)));
  if (text !== undefined) files.put(PATH, text);
  const said: string[] = [];
  const logger = { warn: (message: string) => void said.push(message) };
  const names = async (): Promise<readonly string[]> => unwrap(await files.names('/state'));
  return { said, logger, files, names };
}

describe('a state file', () => {
  it('says once, in a sentence, what was wrong and where it lies now', async () => {
    const { files, said, logger, names } = world('{"schema":1');
    expect(await readState(files, PATH, FORMAT, logger)).toEqual(ok(null));
    expect(await readState(files, PATH, FORMAT, logger)).toEqual(ok(null));
    expect(said).toEqual([
      '/state/a.json is not valid JSON; it was kept as /state/a.json.damaged-2026-01-05T10-20-30',
    ]);
    expect(await names()).toEqual(['a.json.damaged-2026-01-05T10-20-30']);
  });

  it.each([
    ['', 'is empty'],
    ['{"schema":1,"n":"x"}', 'holds something else than it should'],
    ['{"schema":2,"n":1}', 'was written by a later version'],
    [`{"schema":1,"n":1}${' '.repeat(64)}`, 'is larger than 64 bytes'],
  ])('%j %s', async (text, why) => {
    const { files, said, logger } = world(text);
    expect(await recallState(files, PATH, FORMAT, logger)).toBeNull();
    expect(said[0]).toContain(`${PATH} ${why};`);
  });

  it('that is damaged twice in a second is kept twice', async () => {
    const { files, names, logger } = world();
    for (const text of ['{', '[', '(']) {
      files.put(PATH, text);
      await readState(files, PATH, FORMAT, logger);
    }
    const name = 'a.json.damaged-2026-01-05T10-20-30';
    expect(await names()).toEqual([name, `${name}-2`, `${name}-3`]);
    expect((await names()).map((each) => files.text(`/state/${each}`))).toEqual(['{', '[', '(']);
  });

  it('that cannot be renamed is a failure, so that nobody writes over it', async () => {
    const { files, names } = world('{');
    files.fault = (call) =>
      call === 'move' ? appError('denied', 'Could not move it.', 'Give the right.') : null;
    const read = await readState(files, PATH, FORMAT);
    expect(read).toMatchObject({ ok: false, error: { code: 'corrupt', remedy: 'Give the right.' } });
    expect(await names()).toEqual(['a.json']);
  });

  it('that somebody else has removed meanwhile is none', async () => {
    const { files, said, logger } = world('{');
    const gone = { ...files, stat: async () => ok(null) };
    expect(await readState(gone, PATH, FORMAT, logger)).toEqual(ok(null));
    expect(said).toEqual([]);
  });

  it('stays where it is for a reader without the lock', async () => {
    const { files, names } = world('{');
    expect(await peekState(files, PATH, FORMAT)).toEqual(ok(null));
    expect(await names()).toEqual(['a.json']);
  });

  it('loses what it does not know, and a list only the members that nobody can understand', async () => {
    const format = { schema: stateObject({ all: knownOf(v.object({ n: v.number() })) }), maxBytes: 1024 };
    const { files } = world();
    await writeState(files, PATH, { schema: 1, more: true, all: [{ n: 1 }, { n: 'later' }, 3, { n: 2 }] });
    expect(await readState(files, PATH, format)).toEqual(ok({ schema: 1, all: [{ n: 1 }, { n: 2 }] }));
  });
});
