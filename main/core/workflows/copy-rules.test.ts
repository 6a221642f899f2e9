import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/domain/settings.ts';
import { unwrap } from '../../../shared/result.ts';
import { createSessionCopies } from '../capture/session-copies.ts';
import { newlyKnown } from '../capture/known-sessions.ts';
import { writeKnown } from '../capture/write-known.ts';
import { createTestWorld, type TestWorld } from '../../testing/sync-world.ts';
import { withCopies, type CopiesMachine } from '../../testing/stored-copies-world.ts';
import { push } from './push.ts';
import { copyRules } from './copy-rules.ts';

let world: TestWorld;
let mine: CopiesMachine;
let settings: Settings;
/** Whether this machine has a key of the team. */
let isSealed: boolean;
beforeEach(() => {
  world = createTestWorld();
  mine = withCopies(world.machine('a'));
  settings = { ...DEFAULT_SETTINGS };
  isSealed = false;
});
afterEach(() => world.end());

/** A push as every interface makes it. */
async function pushAll(dryRun = false) {
  const { machine } = mine;
  const rules = copyRules({
    sync: machine.deps,
    keyring: { isSealing: async () => isSealed },
    captures: machine.paths.captures,
    settings: () => ({ ...settings, sync: { stayHere: machine.stayHere } }),
  });
  const sync = { ...machine.deps, copies: createSessionCopies({ ...mine.deps, rules }) };
  return unwrap(await push({ ...machine.base, sync }, { dryRun })).report.copies;
}

const stored = (): string =>
  [...world.objects().keys()].filter((name) => name.includes('/transcripts/')).join();
const choose = (copiesToStore: Settings['capture']['copiesToStore']): void => {
  settings = { ...DEFAULT_SETTINGS, capture: { ...DEFAULT_SETTINGS.capture, copiesToStore } };
};

describe('which copies go to the store', () => {
  it('go to a sealed one alone until a person says otherwise (capture.copiesToStore)', async () => {
    await mine.keep(mine.place('s-1'), 'one\n');
    expect(await pushAll()).toMatchObject({ why: 'in-the-clear' });
    expect(await pushAll(true)).toMatchObject({ stay: 1, why: 'in-the-clear' });
    expect(stored()).toBe('');
    choose('always');
    expect(await pushAll()).toMatchObject({ inStore: 1, why: null });
    await mine.keep(mine.place('s-2'), 'two\n');
    choose('never');
    isSealed = true;
    expect(await pushAll(true)).toMatchObject({ inStore: 1, stay: 1, why: 'never' });
    choose('sealed');
    expect(await pushAll()).toMatchObject({ inStore: 2, stay: 0, why: null });
  });

  it.each([
    ['its captured log', 'captured/claude-code/projects/acme/**'],
    ['where it would be', '**/acme/**'],
    ['a log that somebody wrote of it', 'clients/acme/'],
  ])('are not those of a session of which %s stays here (sync.stayHere)', async (_, glob) => {
    choose('always');
    const { machine } = mine;
    await mine.keep(mine.place('s-1'), 'one\n');
    await mine.keep(mine.place('s-2'), 'two\n');
    const known = {
      ...newlyKnown({ agent: 'claude-code', id: 's-1', root: '/r', files: [], parent: null }),
      project: 'acme',
    };
    const sessions = new Map([['claude-code/s-1', known]]);
    unwrap(await writeKnown(machine.deps.files, machine.paths.captures, { sessions, lookedAt: 0 }));
    await machine.write(
      'clients/acme/2026-03-04-mara-a.md',
      '# Acme\n\n<!-- session-log: session=s-1 saved=2026-03-04T10:00:00 text=0123456789abcdef -->\n',
    );
    machine.stayHere = [glob];
    expect(await pushAll()).toMatchObject({ inStore: 1, stay: 1 });
    expect(stored()).not.toContain('s-1');
    machine.stayHere = [];
    expect(await pushAll()).toMatchObject({ inStore: 2, stay: 0 });
  });
});
