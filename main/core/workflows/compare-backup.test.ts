import { afterEach, beforeEach, expect, it } from 'vitest';
import { logId, type LogPath } from '../../../shared/domain/ids.ts';
import { unwrap } from '../../../shared/result.ts';
import { withholding, type WithholdingMachine } from '../../testing/secrets-world.ts';
import { createTestWorld, testUuid, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import { leavingBytes } from '../secrets/leaving-bytes.ts';
import { createSecretWatch } from '../secrets/secret-watch.ts';
import { push } from '../sync/push.ts';
import { compareBackup } from './compare-backup.ts';

const PATH = '2026-03-04-mike-dns.md' as LogPath;
const TOKEN = 'ghp_x7Qm2VbK9sLwRt4YhNcE8dJfGa3ZpUv5XoTi';
const LINES = ['# DNS', `A=${TOKEN}`, 'one', `B=${TOKEN}`, 'two', 'end', ''];

let world: TestWorld;
let machine: TestMachine;
let mine: WithholdingMachine;
beforeEach(() => {
  world = createTestWorld();
  machine = world.machine('a');
  mine = withholding(machine);
});
afterEach(async () => {
  await mine.scanner.close();
  await world.end();
});

const id = logId(testUuid('a'), PATH);

function compare() {
  const { deps, scanner, notSecrets } = mine;
  const watch = createSecretWatch({ scanner, notSecrets, bytes: deps.bytes });
  const leaving: typeof deps.leaving = (log) =>
    leavingBytes({ bytes: deps.bytes, watch, host: deps.self.hostname, mode: async () => mine.mode }, log);
  return compareBackup({ ...deps, leaving }, id);
}

it('shows the lines that only the backup and only the log here have, with labels for secrets', async () => {
  await mine.write(PATH, LINES.join('\n'));
  unwrap(await push(mine.deps));
  expect(unwrap(await compare())).toEqual({
    inBackup: { lines: 0, text: '', more: false },
    here: { lines: 0, text: '', more: false },
  });
  await mine.write(PATH, [...LINES.slice(0, 2), 'other', ...LINES.slice(4)].join('\n'));
  const { inBackup, here } = unwrap(await compare());
  expect(inBackup.text.split('\n')).toEqual(['one', expect.stringMatching(/^B=\[secret: /)]);
  expect(here).toEqual({ lines: 1, text: 'other', more: false });
});

it('shows the labels also where whole logs are stored, and at most a screenful', async () => {
  mine.mode = 'shown';
  const rest = Array.from({ length: 200 }, (_, at) => `line ${at} ${'x'.repeat(80)}`);
  await mine.write(PATH, [...LINES, ...rest].join('\n'));
  unwrap(await push(mine.deps));
  await mine.write(PATH, '# DNS\n');
  const { inBackup, here } = unwrap(await compare());
  expect(inBackup).toMatchObject({ lines: LINES.length + rest.length - 1, more: true });
  expect(inBackup.text.length).toBeLessThanOrEqual(6_000);
  expect(inBackup.text).toContain('A=[secret: ');
  expect(inBackup.text).not.toContain(TOKEN);
  expect(here.lines).toBe(0);
});

it('says that there is no backup, that it is another machine’s, and why the store did not answer', async () => {
  await mine.write(PATH, '# DNS\n');
  expect(await compare()).toMatchObject({ error: { code: 'not-found' } });
  expect(await compareBackup(mine.deps, logId(testUuid('b'), PATH))).toMatchObject({
    error: { code: 'usage' },
  });
  machine.fault = () => ({ kind: 'fail', code: 'offline', when: 'before' });
  expect(await compare()).toMatchObject({ error: { code: 'offline' } });
});
