import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogRow } from '../../../shared/domain/log-query.ts';
import { allDone } from '../../testing/all-done.ts';
import { unwrap } from '../../../shared/result.ts';
import { createNodeBytes } from '../../adapters/system/node-bytes.ts';
import { createTestWorld, testUuid, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import { pullIndex } from '../sync/pull-index.ts';
import { pullLogs } from '../sync/pull-logs.ts';
import { push } from '../sync/push.ts';
import { workspaceRoots } from '../workspaces/workspace-roots.ts';
import { locateLog, readLog } from './read-log.ts';
import { refreshLocal } from '../workflows/refresh-local.ts';

const bytes = createNodeBytes();
const DAILY = 'SESSION-LOG-2026-06-05.md';
const LOG = 'session-logs/2026-06-05-mike-dns.md';
const OWN = testUuid('a');

let world: TestWorld;
let a: TestMachine;
let b: TestMachine;
let root: string;

beforeEach(() => {
  world = createTestWorld();
  a = world.machine('a');
  b = world.machine('b');
  root = mkdtempSync(join(tmpdir(), 'session-log-read-'));
});
afterEach(async () => {
  await world.end();
  rmSync(root, { recursive: true, force: true });
});

function register(machine: TestMachine, ...names: readonly string[]): void {
  const roots = names.map((name) => join(root, name));
  for (const folder of roots) mkdirSync(folder, { recursive: true });
  machine.workspaces = workspaceRoots({ workspaces: roots, vault: '' }, [], (text) =>
    bytes.sha256(new TextEncoder().encode(text)),
  );
}

function inWorkspace(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function mark(session: string): string {
  return `<!-- session-log: session=${session} saved=2026-06-05T10:03:00.000+00:00 text=0123456789abcdef -->`;
}

function entry(session: string, words: string, at = '09:00'): string {
  return `## 2026-06-05T${at}:00.000Z - Session Entry

**Session ID:** ${session}
**Focus:** ${words}
**User:** Mike Swanson (mike)
**Machine:** host-a
**Log:** \`harbor/${LOG}\`
${mark(session)}

About ${words}.
`;
}

async function rows(machine: TestMachine): Promise<readonly LogRow[]> {
  return unwrap(await machine.deps.index.page({})).rows;
}

/** The only row whose title holds a word. */
async function rowWith(machine: TestMachine, word: string): Promise<LogRow> {
  const found = (await rows(machine)).filter(({ title }) => title?.includes(word));
  expect(found).toHaveLength(1);
  return found[0] as LogRow;
}

async function text(machine: TestMachine, id: string, exact = false): Promise<string> {
  return new TextDecoder().decode(unwrap(await readLog(machine.deps, id, { exact })).bytes);
}

it('a log that is too large to be one text is named with its file, not read', async () => {
  await a.write(DAILY, '# Huge\n\nDone.\n');
  unwrap(await refreshLocal(a.deps));
  const row = await rowWith(a, 'Huge');
  // A file with a hole in it: announced in full, stored as nothing.
  truncateSync(join(a.paths.sessionLogs, DAILY), 700 * 1024 * 1024);
  const read = await readLog(a.deps, row.id);
  expect(read).toMatchObject({
    ok: false,
    error: {
      code: 'invalid-input',
      message: expect.stringContaining(DAILY),
      remedy: expect.stringContaining(join(a.paths.sessionLogs, DAILY)),
    },
  });
});

describe('a session that lies in a workspace and in a daily log', () => {
  beforeEach(async () => {
    register(a, 'harbor');
    inWorkspace(`harbor/${LOG}`, `# DNS\n\n${mark('s-1')}\n\nAll of it.\n`);
    await a.write(
      DAILY,
      `${entry('s-1', 'DNS')}\n${entry('s-2', 'Tiles', '09:30')}\n${entry('s-1', 'DNS', '10:00')}`,
    );
    unwrap(await refreshLocal(a.deps));
  });

  it('opens as the whole log of the workspace', async () => {
    const row = await rowWith(a, 'DNS');
    expect(await text(a, row.id)).toBe(`# DNS\n\n${mark('s-1')}\n\nAll of it.\n`);
    expect(unwrap(await locateLog(a.deps, row.id))).toMatchObject({
      file: join(root, 'harbor', LOG),
      line: 1,
    });
  });

  it('opens as its entries of the daily log where these are asked for', async () => {
    const part = `${OWN}/${DAILY}#s-1`;
    expect(await text(a, part, true)).toBe(`${entry('s-1', 'DNS')}\n${entry('s-1', 'DNS', '10:00')}`);
    expect(unwrap(await locateLog(a.deps, part, { exact: true }))).toMatchObject({
      file: join(a.paths.sessionLogs, DAILY),
      line: 1,
    });
  });

  it('opens as its entries, and nobody else\u2019s, when the workspace is gone', async () => {
    rmSync(join(root, 'harbor'), { recursive: true });
    const row = await rowWith(a, 'DNS');
    expect(await text(a, row.id)).not.toContain('Tiles');
    unwrap(await refreshLocal(a.deps));
    expect(await text(a, (await rowWith(a, 'DNS')).id)).toContain('About DNS.');
  });

  it('passes a copy over whose disk does not answer', async () => {
    const row = await rowWith(a, 'DNS');
    const files = { ...a.deps.files, answers: async () => false };
    const read = unwrap(await readLog({ ...a.deps, files }, row.id));
    expect(read.file).toBe(join(a.paths.sessionLogs, DAILY));
  });

  it('says the line of an entry further down in its file', async () => {
    const located = unwrap(await locateLog(a.deps, `${OWN}/${DAILY}#s-2`));
    const lines = readFileSync(located.file, 'utf8').split('\n');
    expect(lines[located.line - 1]).toBe('## 2026-06-05T09:30:00.000Z - Session Entry');
  });

  it('is pulled on another machine by its daily log, once, and opens there as its entries', async () => {
    allDone(await push(a.deps));
    allDone(await pullIndex(b.deps));
    const ids = (await rows(b)).map(({ id }) => id);
    expect(ids).toHaveLength(2);
    expect(await readLog(b.deps, ids[0] ?? '')).toMatchObject({
      ok: false,
      error: { code: 'not-found', details: { inStore: true, path: DAILY } },
    });
    const pulled = allDone(await pullLogs(b.deps, { ids }));
    expect(pulled.pulled.map(({ id }) => id)).toEqual([`${OWN}/${DAILY}`]);
    expect(allDone(await pullLogs(b.deps, { ids }))).toMatchObject({ pulled: [], upToDate: 1 });
    expect(await text(b, (await rowWith(b, 'Tiles')).id)).toBe(entry('s-2', 'Tiles', '09:30'));
  });
});

it('opens a log under the id that a note which came by git gives it', async () => {
  register(a, 'dunes', 'harbor');
  inWorkspace(`harbor/${LOG}`, '# DNS\n');
  unwrap(await refreshLocal(a.deps));
  expect(await text(a, `${OWN}/${LOG}`)).toBe('# DNS\n');
  expect(await readLog(a.deps, `${OWN}/session-logs/2026-06-05-mike-other.md`)).toMatchObject({
    ok: false,
    error: { code: 'not-found' },
  });
});

it('reads nothing through a link that leads out of a workspace', async () => {
  register(a, 'harbor');
  inWorkspace(`harbor/${LOG}`, '# DNS\n');
  unwrap(await refreshLocal(a.deps));
  const [row] = await rows(a);
  inWorkspace('secret.md', '# Secret\n');
  rmSync(join(root, 'harbor', LOG));
  symlinkSync(join(root, 'secret.md'), join(root, 'harbor', LOG));
  expect(await readLog(a.deps, row?.id ?? '')).toMatchObject({ ok: false });
  expect(await locateLog(a.deps, row?.id ?? '')).toMatchObject({ ok: false });
});

it('says how an own log that was deleted here comes back', async () => {
  await a.write(DAILY, '# Day\n');
  await a.write('other.md', '# Other\n');
  allDone(await push(a.deps));
  rmSync(join(a.paths.sessionLogs, DAILY));
  allDone(await push(a.deps));
  expect(await readLog(a.deps, `${OWN}/${DAILY}`)).toMatchObject({
    ok: false,
    error: { code: 'not-found', remedy: `Take it back from the store: session-log restore "${DAILY}"` },
  });
});
