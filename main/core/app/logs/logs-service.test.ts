import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LogId } from '../../../../shared/domain/ids.ts';
import { allDone } from '../../../testing/all-done.ts';
import { DEFAULT_SETTINGS } from '../../../../shared/domain/settings.ts';
import { ok, unwrap } from '../../../../shared/result.ts';
import { createNodeBytes } from '../../../adapters/system/node-bytes.ts';
import { createTestWorld, testUuid, type TestMachine, type TestWorld } from '../../../testing/sync-world.ts';
import { pullIndex } from '../../sync/pull-index.ts';
import { push } from '../../sync/push.ts';
import { workspaceRoots } from '../../workspaces/workspace-roots.ts';
import type { AppCore } from '../app-core.ts';
import type { Caller, LogsService } from '../app-service.ts';
import type { PresentCore } from '../present-core.ts';
import { createLogsService } from './logs-service.ts';
import type { SyncRuns } from '../operations/sync-runs.ts';

const DAILY = 'SESSION-LOG-2026-06-05.md';
const LOG = 'session-logs/2026-06-05-mike-dns.md';
const PART = `${testUuid('a')}/${DAILY}#s-1` as LogId;
const bytes = createNodeBytes();
const CALLER = {} as Caller;

let world: TestWorld;
let a: TestMachine;
let b: TestMachine;
let tree: string;
/** What the file manager was asked to show and to edit. */
let shown: (readonly [path: string, line?: number])[];

beforeEach(() => {
  world = createTestWorld();
  a = world.machine('a');
  b = world.machine('b');
  tree = mkdtempSync(join(tmpdir(), 'session-log-service-'));
  shown = [];
});
afterEach(async () => {
  await world.end();
  rmSync(tree, { recursive: true, force: true });
});

function serviceOf(machine: TestMachine): LogsService {
  const core = { sync: machine.deps, paths: machine.paths, settings: DEFAULT_SETTINGS } as unknown as AppCore;
  const present = { use: (run: (core: AppCore) => unknown) => run(core) } as unknown as PresentCore;
  return createLogsService({
    present,
    runs: {} as SyncRuns,
    fileManager: {
      reveal: async (path) => {
        shown.push([path]);
        return ok(undefined);
      },
      edit: async (path, _editor, line) => {
        shown.push([path, ...(line === undefined ? [] : [line])] as [string, number?]);
        return ok(undefined);
      },
    },
  });
}

function entry(session: string, at: string): string {
  return `## 2026-06-05T${at}:00.000Z - Session Entry\n\n**Session ID:** ${session}\n**Focus:** Work of ${session}\n\nDone at ${at}.\n`;
}

async function writeDaily(): Promise<void> {
  await a.write(DAILY, [entry('s-1', '09:00'), entry('s-2', '09:30'), entry('s-1', '10:00')].join('\n'));
}

it('reads a session that was written a moment ago, its own entries alone', async () => {
  await writeDaily();
  const read = unwrap(await serviceOf(a).read({ id: PART }));
  expect(read).toMatchObject({ state: 'here', row: { title: 'Work of s-1', kind: 'session' } });
  const text = read.state === 'here' ? read.text : '';
  expect(text).toContain('Done at 10:00.');
  expect(text).not.toContain('s-2');
});

it('opens the editor at the line of the daily log that a line of the session is', async () => {
  await writeDaily();
  const service = serviceOf(a);
  const read = unwrap(await service.read({ id: PART }));
  const lines = read.state === 'here' ? read.text.split('\n') : [];
  for (const words of ['Done at 09:00.', 'Done at 10:00.'])
    unwrap(await service.openInEditor({ id: PART, line: lines.indexOf(words) + 1 }, CALLER));
  const file = readFileSync(join(a.paths.sessionLogs, DAILY), 'utf8').split('\n');
  expect(shown.map(([, line]) => file[(line ?? 0) - 1])).toEqual(['Done at 09:00.', 'Done at 10:00.']);
});

it('shows the file of the fullest copy', async () => {
  await writeDaily();
  mkdirSync(join(tree, 'session-logs'));
  const mark = '<!-- session-log: session=s-1 saved=2026-06-05T09:00:00.000+00:00 text=0123456789abcdef -->';
  writeFileSync(join(tree, LOG), `# DNS\n${mark}\n`);
  a.workspaces = workspaceRoots({ workspaces: [tree], vault: '' }, [], (text) =>
    bytes.sha256(new TextEncoder().encode(text)),
  );
  const service = serviceOf(a);
  unwrap(await service.row({ id: PART }));
  unwrap(await service.reveal({ id: PART }, CALLER));
  unwrap(await service.openInEditor({ id: PART }, CALLER));
  expect(shown).toEqual([[join(tree, LOG)], [join(tree, LOG)]]);
  expect(unwrap(await service.copies({ id: PART })).rows.map(({ place }) => place)).toEqual([
    'workspace',
    'local',
  ]);
  expect(unwrap(await service.read({ id: PART, exact: true }))).toMatchObject({
    text: expect.stringContaining('Done at 09:00.'),
  });
});

it('says that another machine\u2019s session is not pulled, and how an own log that was deleted comes back', async () => {
  await writeDaily();
  await a.write('other.md', '# Other\n');
  allDone(await push(a.deps));
  allDone(await pullIndex(b.deps));
  expect(unwrap(await serviceOf(b).read({ id: PART }))).toMatchObject({
    state: 'not-pulled',
    row: { id: PART },
  });
  rmSync(join(a.paths.sessionLogs, DAILY));
  allDone(await push(a.deps));
  expect(await serviceOf(a).read({ id: PART })).toMatchObject({
    ok: false,
    error: { code: 'not-found', remedy: expect.stringContaining(`session-log restore "${DAILY}"`) },
  });
});

it('knows no row for what nobody has', async () => {
  expect(unwrap(await serviceOf(a).row({ id: PART }))).toBe(null);
});
