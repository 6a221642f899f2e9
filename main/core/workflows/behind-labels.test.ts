import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeLog } from '../../../shared/domain/decode-log.ts';
import { logId, type LogPath } from '../../../shared/domain/ids.ts';
import { unwrap } from '../../../shared/result.ts';
import { createNodeFiles } from '../../adapters/disk/node-files.ts';
import { createSecretWatch } from '../secrets/secret-watch.ts';
import { plantedSecrets } from '../../testing/planted-secrets.ts';
import { withholding, type WithholdingMachine } from '../../testing/secrets-world.ts';
import { createTestWorld, type TestWorld } from '../../testing/sync-world.ts';
import { allowLabel, revealLabel, type LabelBase } from './behind-labels.ts';
import { keptDeps, withholdFile } from './kept-secrets.ts';
import { refreshLocal } from './refresh-local.ts';

const tokens = plantedSecrets(6, 4)
  .filter(({ kind }) => kind === 'gitlab token')
  .map(({ value }) => value);
const [one = '', two = '', three = ''] = tokens;
const LABEL = '[secret: gitlab token, kept on host-a]';
const NAME = '2026-06-05-mike-keys.md' as LogPath;

let world: TestWorld;
let mine: WithholdingMachine;
let base: LabelBase;
let logged: string[];
let file: string;
beforeEach(async () => {
  world = createTestWorld();
  mine = withholding(world.machine('a'));
  logged = [];
  const { kept, notSecrets, scanner } = mine;
  const { logger, bytes } = mine.deps;
  base = {
    disk: createNodeFiles(),
    sync: {
      ...mine.deps,
      logger: { ...logger, info: (text, facts) => void logged.push(`${text} ${JSON.stringify(facts)}`) },
    },
    secrets: { kept, notSecrets, watch: createSecretWatch({ scanner, notSecrets, bytes }) },
  };
  file = `${mine.paths.sessionLogs}/${NAME}`;
  unwrap(await base.disk.makeFolder(mine.paths.sessionLogs));
});
afterEach(async () => {
  await mine.scanner.close();
  await world.end();
});

async function put(content: string | Uint8Array): Promise<void> {
  await writeFile(file, content);
  unwrap(await refreshLocal(mine.deps));
}

/** Labels in the place of the secrets of the log, kept as those of a log elsewhere are. */
async function withhold(content: string | Uint8Array): Promise<void> {
  await put(content);
  unwrap(await withholdFile(keptDeps(base), file));
  // What a file elsewhere keeps goes under its path; this one is an own log.
  const kept = unwrap(await base.secrets.kept.of(file));
  unwrap(await base.secrets.kept.keep({ path: NAME, values: kept?.values ?? [] }));
  unwrap(await refreshLocal(mine.deps));
}

const asked = (nth: number) => ({ id: logId(mine.deps.self.uuid, NAME), exact: false, nth });
const text = async (): Promise<string> =>
  new TextDecoder().decode(unwrap(await base.disk.read(file)) ?? new Uint8Array());
const shown = async (nth: number): Promise<readonly string[]> =>
  unwrap(await revealLabel(base, asked(nth), 'show')).map(({ value }) => value);

describe('what stands behind a label', () => {
  it('is shown, each label its own, and counted in the app log without the value', async () => {
    await withhold(`# Keys\n\n${one}\n\n${two}\n\n${one}\n`);
    expect(await text()).toBe(`# Keys\n\n${LABEL}\n\n${LABEL}\n\n${LABEL}\n`);
    expect([await shown(0), await shown(1), await shown(2)]).toEqual([[one], [two], [one]]);
    unwrap(await revealLabel(base, asked(0), 'copy'));
    expect(logged.at(0)).toBe('a kept secret was shown {"kind":"gitlab token"}');
    expect(logged.at(-1)).toBe('a kept secret was copied {"kind":"gitlab token"}');
    expect(logged.join()).not.toContain(one);
  });

  it('is found by its turn when the log has grown in front of it', async () => {
    await withhold(`# Keys\n\n${one}\n\n${two}\n`);
    await put(`# Keys\n\nMore words.\n\n${LABEL}\n\n${LABEL}\n`);
    expect([await shown(0), await shown(1)]).toEqual([[one], [two]]);
  });

  it('is one of several when nobody can tell which', async () => {
    await withhold(`# Keys\n\n${one}\n\n${two}\n`);
    await put(`# Keys\n\nAnother place: ${LABEL}\n`);
    expect(await shown(0)).toEqual([one, two]);
  });

  it('stays its own when further ones are withheld in front of it', async () => {
    await withhold(`# Keys\n\n${one}\n`);
    const before = await text();
    await withhold(before.replace('# Keys\n', `# Keys\n\n${two} and ${three}\n`));
    expect([await shown(0), await shown(1), await shown(2)]).toEqual([[two], [three], [one]]);
  });

  it('is shown as text in a log of UTF-16', async () => {
    await withhold(encodeLog(`\uFEFF# Keys\r\n\r\n${one}\r\n`, 'utf-16le'));
    expect(await shown(0)).toEqual([one]);
  });

  it('is said to be where it is kept', async () => {
    await put('# Keys\n\n[secret: password, kept on host-b] [secret: password, kept in the transcript]\n');
    expect(await revealLabel(base, asked(0), 'show')).toMatchObject({
      error: {
        code: 'not-found',
        message: 'This value is kept on host-b, and not shared with this machine.',
      },
    });
    expect(await revealLabel(base, asked(1), 'show')).toMatchObject({
      error: { message: 'This value is in the agent’s transcript only.' },
    });
    expect(await revealLabel(base, asked(2), 'show')).toMatchObject({ error: { code: 'not-found' } });
  });

  it('comes back in its place once a person says that it is none, and others stay behind theirs', async () => {
    await withhold(`# Keys\n\n${one}\n\n${two}\n\n${one}\n`);
    const [value] = unwrap(await revealLabel(base, asked(0), 'show'));
    expect(await allowLabel(base, asked(1), value?.id ?? '')).toMatchObject({ ok: false });
    unwrap(await allowLabel(base, asked(0), value?.id ?? ''));
    expect(await text()).toBe(`# Keys\n\n${one}\n\n${LABEL}\n\n${one}\n`);
    unwrap(await refreshLocal(mine.deps));
    expect(await shown(0)).toEqual([two]);
    expect(unwrap(await base.secrets.watch.find(new TextEncoder().encode(one)))).toEqual([]);
  });
});
