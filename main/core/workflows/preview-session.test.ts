import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../shared/domain/settings.ts';
import { unwrap } from '../../../shared/result.ts';
import { createSaveWorld, HOST, type SaveWorld } from '../../testing/save-world.ts';
import type { Git } from '../ports/git.ts';
import type { SaveRequest } from '../save/save-plan.ts';
import { previewSession } from './preview-session.ts';

const HAL = { name: 'Hal Casteel', user: 'hal', email: '' };
const NOBODY = { name: '', user: '', email: '' };

let world: SaveWorld;
beforeEach(() => {
  world = createSaveWorld();
  world.now = Date.UTC(2026, 5, 5, 17);
});
afterEach(() => world.end());

const preview = (text: string, more: Partial<SaveRequest> = {}, author = HAL) =>
  previewSession(
    {
      ...world.deps,
      git: { run: async () => ({ ok: false }) } as unknown as Git,
      settings: DEFAULT_SETTINGS,
      hostname: HOST,
      paths: world.place.paths,
    },
    { log: world.request(text, more), author },
  );

it('says who signs, where it goes and what lint says, as saving then does, and writes nothing', async () => {
  const before = await world.list();
  const said = unwrap(await preview('# Moved the zone\n\nAll of it. TODO: the other one.\n'));
  expect(said).toMatchObject({
    author: { user: 'mike', fullName: 'Mike Swanson' },
    home: { kind: 'workspace', root: world.workspace },
  });
  expect(said.findings.map(({ rule }) => rule)).toContain('placeholder');
  expect(await world.list()).toEqual(before);
  const saved = await world.save('# Moved the zone\n\nAll of it. TODO: the other one.\n');
  expect(said.path).toBe(saved.path);
});

it('goes into the data folder that was named although a work tree is around', async () => {
  const said = unwrap(await preview('# Zone\n\nDone.', { inDataFolder: true }));
  expect(said).toMatchObject({ author: { user: 'hal' }, home: { kind: 'data-folder', root: world.home } });
});

it.each([
  ['no text', ' \n', HAL, 'invalid-input'],
  ['nothing that names it', '!!!', HAL, 'invalid-input'],
  ['nobody who signs it', '# Zone\n\nDone.', NOBODY, 'not-configured'],
])('refuses %s', async (_what, text, author, code) => {
  expect(await preview(text, { inDataFolder: true }, author)).toMatchObject({ ok: false, error: { code } });
});
