import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appError } from '../../../shared/app-error.ts';
import { parseCalendarDate, parseMachineUuid } from '../../../shared/domain/ids.ts';
import type { NoteRow } from '../../../shared/domain/log-query.ts';
import { err, unwrap } from '../../../shared/result.ts';
import { MIKE, noteLog, noteRows, notesDeps, notesIndex, OTHER, OWN } from '../../testing/notes-fixture.ts';
import { createSaveWorld, type SaveWorld } from '../../testing/save-world.ts';
import { listInbox, type InboxItem } from './inbox.ts';
import { receiveFromIndex, type ReceiveDeps } from './receive-notes.ts';

let world: SaveWorld;
let deps: ReceiveDeps;
beforeEach(() => {
  world = createSaveWorld();
  world.now = Date.UTC(2026, 5, 5, 17);
  deps = notesDeps(world);
});
afterEach(() => world.end());

const unread = async (): Promise<readonly InboxItem[]> => unwrap(await listInbox(deps, MIKE, 'unread'));
const texts = (items: readonly { readonly text: string }[]): readonly string[] =>
  items.map((item) => item.text);

describe('receiving from the index', () => {
  it('leaves out what this machine or the reader said to all, but not a reminder to oneself', async () => {
    const text = noteLog('## Note for all\n\nAll.\n\n## Note for mike\n\nMe.', 'Mike Swanson (mike)');
    expect(
      unwrap(await receiveFromIndex(deps, notesIndex(noteRows(text, { machine: OWN })), OWN, MIKE)),
    ).toMatchObject({ added: 0 });
    expect(unwrap(await receiveFromIndex(deps, notesIndex(noteRows(text)), OWN, MIKE))).toMatchObject({
      added: 1,
    });
    expect(texts(await unread())).toEqual(['Me.']);
  });

  it('does not take one stranger for another whose name has the end of the first in it', async () => {
    const [first, second] = ['One.', 'Two.'].flatMap((text) =>
      noteRows(noteLog(`## Note for mike\n\n${text}`)),
    );
    const all = [
      { ...first!, to: 'mike', from: 'a\nb' },
      { ...second!, to: 'mike\na', from: 'b' },
    ];
    expect(unwrap(await receiveFromIndex(deps, notesIndex(all), OWN, MIKE))).toMatchObject({ added: 1 });
    expect(texts(await unread())).toEqual(['One.']);
  });

  it('does not shout years of history at a new machine, and forgets nothing that is new', async () => {
    const dated = (date: string): NoteRow[] =>
      noteRows(noteLog(`## Note for mike\n\n${date}`)).map((row) => ({
        ...row,
        date: unwrap(parseCalendarDate(date)),
      }));
    const all = ['2024-01-01', '2025-12-01', '2026-05-10', '2026-06-05'].flatMap(dated);
    expect(unwrap(await receiveFromIndex(deps, notesIndex(all), OWN, MIKE))).toMatchObject({ added: 3 });
    expect(texts(await unread())).toEqual(['2026-06-05', '2026-05-10']);
    expect(texts(unwrap(await listInbox(deps, MIKE, 'all')))).toEqual([
      '2026-06-05',
      '2026-05-10',
      '2025-12-01',
    ]);
  });

  it('does not ask again for what the reader finished on another machine', async () => {
    const receipt = { reader: 'mike', at: 1, machine: OTHER, host: 'ACG-5070' };
    const text = noteLog('## Note for mike\n\nOne.');
    unwrap(
      await receiveFromIndex(
        deps,
        notesIndex(noteRows(text, { receipts: [{ ...receipt, state: 'read' }] })),
        OWN,
        MIKE,
      ),
    );
    expect(await unread()).toHaveLength(1);
    unwrap(
      await receiveFromIndex(
        deps,
        notesIndex(noteRows(text, { receipts: [{ ...receipt, state: 'done' }] })),
        OWN,
        MIKE,
      ),
    );
    expect(await unread()).toEqual([]);
    expect(() => readFileSync(deps.paths.receipts)).toThrow('ENOENT');
  });

  it('reads an index once, until it changes or somebody else asks', async () => {
    const first = notesIndex(noteRows(noteLog('## Note for all\n\nOne.')));
    const receive = async (
      from: ReturnType<typeof notesIndex>,
      machine = OWN,
      reader = MIKE,
    ): Promise<number> => unwrap(await receiveFromIndex(deps, from, machine, reader)).added;
    expect([await receive(first), await receive(first)]).toEqual([1, 0]);
    expect(first.reads()).toBe(1);
    const grown = notesIndex(noteRows(noteLog('## Note for all\n\nOne.\n\n## Note for mike\n\nTwo.')));
    expect([await receive(grown), await receive(grown)]).toEqual([1, 0]);
    expect(grown.reads()).toBe(1);
    await receive(grown, unwrap(parseMachineUuid('33333333-2222-3333-4444-555555555555')));
    await receive(grown, OWN, { ...MIKE, fullName: 'M. Swanson' });
    expect(grown.reads()).toBe(3);
    writeFileSync(deps.paths.inbox, '{');
    expect(await receive(grown, OWN, { ...MIKE, fullName: 'M. Swanson' })).toBe(2);
    expect(texts(await unread()).toSorted()).toEqual(['One.', 'Two.']);
  });

  it('reads an index again when its notes could not be kept', async () => {
    const brought = notesIndex(noteRows(noteLog('## Note for mike\n\nOne.')));
    const { files } = deps;
    const full = err(appError('disk-full', 'The disk is full.', 'Free some space.'));
    const failed = await receiveFromIndex(
      { ...deps, files: { ...files, replace: async () => full } },
      brought,
      OWN,
      MIKE,
    );
    expect(failed).toEqual(full);
    expect(unwrap(await receiveFromIndex(deps, brought, OWN, MIKE))).toMatchObject({ added: 1 });
  });
});
