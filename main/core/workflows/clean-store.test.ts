import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { plantedSecrets } from '../../testing/planted-secrets.ts';
import { withholding, type WithholdingMachine } from '../../testing/secrets-world.ts';
import { createTestWorld, type TestWorld } from '../../testing/sync-world.ts';
import { createSecretWatch } from '../secrets/secret-watch.ts';
import { push } from '../sync/push.ts';
import { cleanStore } from './clean-store.ts';
import { pullIndex } from './pull-index.ts';
import { restoreAll } from './restore.ts';
import { verify } from './verify.ts';

const token = plantedSecrets(6, 1).find(({ kind }) => kind === 'npm token')?.value ?? '';
const LOG = '2026-03-04-mara-a.md';

let world: TestWorld;
let mine: WithholdingMachine;
let deps: Parameters<typeof cleanStore>[0];
beforeEach(async () => {
  world = createTestWorld();
  mine = withholding(world.machine('a'));
  const { notSecrets, scanner, kept } = mine;
  const watch = createSecretWatch({ scanner, notSecrets, bytes: mine.deps.bytes });
  deps = { sync: mine.deps, watch, kept, mode: async () => mine.mode };
  // A store from a time when nothing was withheld: a log, an edited one with its earlier version, and one that is gone here.
  mine.mode = 'off';
  await mine.write(LOG, `# A\n\n${token}\n`);
  await mine.write('2026-03-04-mara-b.md', `# B\n\nfirst ${token}\n`);
  await mine.write('2026-03-04-mara-c.md', `# C\n\n${token}\n`);
  unwrap(await push(mine.deps));
  await mine.write('2026-03-04-mara-b.md', `# B edited\n\nsecond ${token}\n`);
  unwrap(await push(mine.deps));
  await rm(join(mine.paths.sessionLogs, '2026-03-04-mara-c.md'));
  mine.mode = 'labels';
});
afterEach(async () => {
  await mine.scanner.close();
  await world.end();
});

async function everything(): Promise<string> {
  const parts: string[] = [];
  for (const { bytes } of world.bucket.objects.values()) {
    const plain = (await mine.deps.bytes.gunzip(bytes, 1e6)) ?? bytes;
    parts.push(Buffer.from(plain).toString('latin1'));
  }
  return parts.join('\n');
}

describe('a store that is cleaned', () => {
  it('has the secret nowhere: not in logs, earlier versions, shard or packs', async () => {
    expect(await everything()).toContain(token);
    const cleaned = unwrap(await cleanStore(deps, {}));
    expect(cleaned).toMatchObject({ secrets: 4, looked: 4 });
    expect(cleaned.cleaned).toHaveLength(4);
    expect(await everything()).not.toContain(token);
    expect(await everything()).toContain('[secret: npm token, kept on host-a]');
  });

  it('is proved by verify, and a push sends nothing more', async () => {
    unwrap(await cleanStore(deps, {}));
    expect(unwrap(await push(mine.deps)).report).toMatchObject({ uploaded: [], attention: [], failed: [] });
    expect(unwrap(await verify(mine.base, { deep: true })).report).toMatchObject({ problems: [] });
    expect(unwrap(await cleanStore(deps, {}))).toMatchObject({ cleaned: [], secrets: 0 });
  });

  it('gives back whole what is gone here: its values are kept first', async () => {
    unwrap(await cleanStore(deps, {}));
    unwrap(await restoreAll(mine.base));
    expect(await mine.read('2026-03-04-mara-c.md')).toBe(`# C\n\n${token}\n`);
  });

  it('is cleaned the rest of the way when it was interrupted', async () => {
    let writes = 0;
    const { store } = mine.deps;
    const failing = {
      ...store,
      put: async (...args: Parameters<typeof store.put>) =>
        args[0].endsWith('.md') && ++writes > 1
          ? ({
              ok: false,
              error: { code: 'offline', message: 'gone', remedy: '', transient: true },
            } as const)
          : store.put(...args),
    };
    expect(await cleanStore({ ...deps, sync: { ...mine.deps, store: failing } }, {})).toMatchObject({
      ok: false,
      error: { code: 'offline' },
    });
    unwrap(await cleanStore(deps, {}));
    unwrap(await push(mine.deps));
    expect(await everything()).not.toContain(token);
  });

  it('reaches other machines with their next pull', async () => {
    const other = world.machine('b');
    unwrap(await cleanStore(deps, {}));
    const pulled = await pullIndex(other.base, { reader: { user: 'mara', fullName: null } });
    expect(pulled.ok).toBe(true);
    const entries = unwrap(await other.deps.index.entries(mine.deps.self.uuid));
    expect(entries.length).toBeGreaterThan(1);
    expect(JSON.stringify(entries)).not.toContain(token);
  });

  it.each(['shown', 'off'] as const)(
    'is left alone where the next push would take the values there again (%s)',
    async (mode) => {
      mine.mode = mode;
      mine.calls.length = 0;
      expect(await cleanStore(deps, {})).toMatchObject({
        ok: false,
        error: { code: 'precondition', action: 'session-log config set secrets.withhold always' },
      });
      expect(mine.calls).toEqual([]);
    },
  );
});
