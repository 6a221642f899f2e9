import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../../shared/result.ts';
import { createSecretWatch } from '../secrets/secret-watch.ts';
import { createNodeFiles } from '../../adapters/disk/node-files.ts';
import { plantedSecrets } from '../../testing/planted-secrets.ts';
import { withholding, type WithholdingMachine } from '../../testing/secrets-world.ts';
import { createTestWorld, FOR_MIKE, type TestWorld } from '../../testing/sync-world.ts';
import { pullIndex } from './pull-index.ts';
import { push } from './push.ts';
import { allowValue, forgetKept, listKept, showKept, withholdFile, type KeptDeps } from './kept-secrets.ts';

const token = plantedSecrets(5, 1).find(({ kind }) => kind === 'gitlab token')?.value ?? '';

let world: TestWorld;
let mine: WithholdingMachine;
let deps: KeptDeps;
let logged: string[];
let file: string;
beforeEach(async () => {
  world = createTestWorld();
  mine = withholding(world.machine('a'));
  logged = [];
  const { bytes, self, logger } = mine.deps;
  const { kept, notSecrets, scanner } = mine;
  deps = {
    disk: createNodeFiles(),
    bytes,
    kept,
    notSecrets,
    host: self.hostname,
    watch: createSecretWatch({ scanner, notSecrets, bytes }),
    logger: { ...logger, info: (text, facts) => void logged.push(`${text} ${JSON.stringify(facts)}`) },
  };
  file = join(mine.paths.home, 'log.md');
  unwrap(await deps.disk.makeFolder(mine.paths.home));
  await writeFile(file, `# Log\n\n${token}\n`, { mode: 0o640 });
});
afterEach(async () => {
  await mine.scanner.close();
  await world.end();
});

const text = async (): Promise<string> =>
  new TextDecoder().decode(unwrap(await deps.disk.read(file)) ?? new Uint8Array());

describe('values that are kept', () => {
  it('give way to labels in a file, which keeps its rights', async () => {
    expect(unwrap(await withholdFile(deps, file))).toEqual({ file, secrets: 1 });
    expect(await text()).toBe('# Log\n\n[secret: gitlab token, kept on host-a]\n');
    expect((unwrap(await deps.disk.stat(file))?.mode ?? 0) & 0o777).toBe(0o640);
    expect(unwrap(await withholdFile(deps, file))).toEqual({ file, secrets: 0 });
  });

  it('are listed by an id and shown by it, which the app log counts without the value', async () => {
    unwrap(await withholdFile(deps, file));
    const [secret] = unwrap(await listKept(deps));
    expect(secret).toMatchObject({ kind: 'gitlab token', logs: [file] });
    expect(unwrap(await showKept(deps, secret?.id ?? ''))).toBe(token);
    expect(logged).toEqual(['a kept secret was shown {"kind":"gitlab token"}']);
  });

  it('stay known when the file gets further ones', async () => {
    unwrap(await withholdFile(deps, file));
    await writeFile(file, `${await text()}password: Kestrel-9041\n`);
    expect(unwrap(await withholdFile(deps, file))).toMatchObject({ secrets: 1 });
    expect(unwrap(await listKept(deps)).map(({ kind }) => kind)).toEqual(['gitlab token', 'password']);
  });

  it('are forgotten one by one', async () => {
    unwrap(await withholdFile(deps, file));
    const [secret] = unwrap(await listKept(deps));
    unwrap(await forgetKept(deps, secret?.id ?? ''));
    expect(unwrap(await listKept(deps))).toEqual([]);
    expect(await showKept(deps, secret?.id ?? '')).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });

  it('are none once a person has said so', async () => {
    const id = mine.deps.bytes.sha256(new TextEncoder().encode(token)).slice(0, 8);
    unwrap(await allowValue(deps, id, [file]));
    expect(unwrap(await withholdFile(deps, file))).toEqual({ file, secrets: 0 });
    expect(await allowValue(deps, 'ffffffff', [file])).toMatchObject({ ok: false });
  });

  it('come back into the file once a person has said so of a label', async () => {
    await writeFile(file, `# Log\n\n${token}\n\npassword: Kestrel-9041\n`);
    unwrap(await withholdFile(deps, file));
    const [secret] = unwrap(await listKept(deps));
    expect(unwrap(await allowValue(deps, secret?.id ?? '', [file]))).toEqual({ id: secret?.id });
    expect(await text()).toBe(`# Log\n\n${token}\n\npassword: [secret: password, kept on host-a]\n`);
    expect(unwrap(await listKept(deps)).map(({ kind }) => kind)).toEqual(['password']);
    expect(unwrap(await withholdFile(deps, file))).toEqual({ file, secrets: 0 });
  });

  it('say that there is no such file', async () => {
    expect(await withholdFile(deps, `${file}.gone`)).toMatchObject({
      ok: false,
      error: { code: 'not-found' },
    });
  });

  it('are none on every machine of the person who said so, and on no other person’s', async () => {
    const digest = mine.deps.bytes.sha256(new TextEncoder().encode(token));
    unwrap(await allowValue(deps, digest.slice(0, 8), [file]));
    const base = (machine: WithholdingMachine, user: string) => ({
      ...machine.base,
      systemUser: user,
      secrets: { notSecrets: machine.notSecrets },
    });
    unwrap(await pullIndex(base(mine, 'mike'), FOR_MIKE));
    unwrap(await push(mine.base));
    const others = ['mike', 'mara'].map((user, nth) => ({
      user,
      machine: withholding(world.machine('bc'[nth] ?? '')),
    }));
    for (const { user, machine } of others) {
      unwrap(await pullIndex(base(machine, user), FOR_MIKE));
      expect((await machine.notSecrets.digests()).has(digest), user).toBe(user === 'mike');
      await machine.scanner.close();
    }
  });
});
