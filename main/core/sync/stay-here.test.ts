import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { createTestWorld, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import { localStatus } from '../status/local-status.ts';
import { fullSync } from '../workflows/full-sync.ts';
import { staysHere } from '../../../shared/domain/stays-here.ts';
import { verify } from '../workflows/verify.ts';
import { push } from './push.ts';

let world: TestWorld;
let mine: TestMachine;
beforeEach(() => {
  world = createTestWorld();
  mine = world.machine('a');
});
afterEach(() => world.end());

const pushAll = async () => unwrap(await push(mine.deps)).report;
const names = (): string => [...world.objects().keys()].join('\n');

describe('logs of the setting sync.stayHere', () => {
  it('are not pushed, are named in no object, and nothing waits for them', async () => {
    mine.stayHere = ['clients/acme/**'];
    await mine.write('clients/acme/2026-03-04-mara-a.md', '# Acme\n\nnot to leave\n');
    await mine.write('2026-03-04-mara-b.md', '# Other\n');
    expect((await pushAll()).uploaded.map(({ path }) => path)).toEqual(['2026-03-04-mara-b.md']);
    expect(names()).not.toContain('acme');
    for (const [, { bytes }] of world.bucket.objects) {
      const plain = (await mine.deps.bytes.gunzip(bytes, 1e6)) ?? bytes;
      expect(new TextDecoder().decode(plain)).not.toContain('acme');
    }
    expect(unwrap(await localStatus(mine.deps))).toMatchObject({ logs: 2, staysHere: 1, unsynced: 0 });
    expect(unwrap(await verify(mine.base, {})).report).toMatchObject({ waiting: 0, problems: [] });
  });

  it.each([['clients/acme/**'], ['2026-03-04-*'], ['**']])(
    'are in no aggregate for outside readers: %s',
    async (glob) => {
      mine.stayHere = [glob];
      const all = ['2026-03-04-mara-b.md', 'clients/acme/2026-03-04-mara-a.md', 'z/2026-03-05-mara-c.md'];
      for (const path of all) await mine.write(path, `# ${path}\n`);
      unwrap(await fullSync(mine.base, { reader: { folder: mine.paths.home } }));
      const object = world.bucket.objects.get(mine.deps.layout.sessionIndex);
      const { entries } = JSON.parse(new TextDecoder().decode(object?.bytes)) as {
        entries: { path: string }[];
      };
      const stays = staysHere([glob]);
      expect(entries.map(({ path }) => path)).toEqual(all.filter((path) => !stays(path)));
    },
  );

  it('are still listed on this machine', async () => {
    mine.stayHere = ['clients/'];
    await mine.write('clients/acme/2026-03-04-mara-a.md', '# Acme\n');
    await pushAll();
    const entries = unwrap(await mine.deps.index.entries(mine.deps.self.uuid));
    expect(entries.map(({ path }) => path)).toEqual(['clients/acme/2026-03-04-mara-a.md']);
  });

  it('are no loss where they were pushed before somebody said so, and leave again when the glob goes', async () => {
    for (let nth = 0; nth < 8; nth++) await mine.write(`clients/acme/log-${nth}.md`, `# ${nth}\n`);
    await pushAll();
    mine.stayHere = ['clients/acme/**'];
    await mine.write('clients/acme/log-0.md', '# 0\n\nmore that stays\n');
    expect(await pushAll()).toMatchObject({ uploaded: [], gone: [], lost: [] });
    expect([...world.objects().values()].join('\n')).not.toContain('more that stays');
    mine.stayHere = [];
    expect(unwrap(await localStatus(mine.deps))).toMatchObject({ staysHere: 0, unsynced: 1 });
    expect((await pushAll()).uploaded).toMatchObject([{ path: 'clients/acme/log-0.md', reason: 'grown' }]);
  });
});
