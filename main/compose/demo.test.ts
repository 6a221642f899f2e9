import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '../../shared/result.ts';
import { createAppWorld, type AppWorld } from '../testing/app-world.ts';
import { identityCard } from '../core/machine/identity-card.ts';
import { makeDemoFolder, removeDemoFolder } from './demo-folder.ts';
import { listSessions } from '../core/workflows/list-sessions.ts';
import { captureHere } from './capture-here.ts';
import { createDemoTeam } from './demo.ts';

let root: string;
let world: AppWorld;
beforeEach(() => {
  world = createAppWorld();
  root = join(world.root, 'demos');
  mkdirSync(root);
});
afterEach(() => world.end());

describe('the folder of a demo', () => {
  it('is refused when it holds anything else, and left as it is', async () => {
    writeFileSync(join(root, 'thesis.txt'), 'x');
    expect(await makeDemoFolder(root)).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
    expect(await removeDemoFolder(root)).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
    expect(await makeDemoFolder(join(root, 'thesis.txt'))).toMatchObject({
      ok: false,
      error: { code: 'invalid-input' },
    });
    expect(readdirSync(root)).toEqual(['thesis.txt']);
  });

  it('gives way to the next demo, and goes with its contents', async () => {
    const folder = unwrap(await makeDemoFolder(join(root, 'demo')));
    mkdirSync(join(folder.machines, 'read-only'), { recursive: true, mode: 0o555 });
    unwrap(await makeDemoFolder(folder.root));
    expect(existsSync(folder.machines)).toBe(false);
    expect(unwrap(await removeDemoFolder(folder.root))).toEqual({ left: [] });
    expect(existsSync(folder.root)).toBe(false);
  });

  it('keeps what somebody else put into it', async () => {
    const folder = unwrap(await makeDemoFolder(join(root, 'demo')));
    mkdirSync(folder.store);
    writeFileSync(join(folder.root, 'mine.txt'), 'x');
    expect(unwrap(await removeDemoFolder(folder.root))).toEqual({ left: ['mine.txt'] });
    expect(readdirSync(folder.root)).toEqual(['mine.txt']);
  });

  it('is not taken for one because of a marker of somebody else', async () => {
    writeFileSync(join(root, 'session-log-demo.json'), '{"made_by":"me"}');
    mkdirSync(join(root, 'store'));
    expect(await removeDemoFolder(root)).toMatchObject({ ok: false });
    expect(readdirSync(root)).toEqual(['session-log-demo.json', 'store']);
  });
});

describe('createDemoTeam', () => {
  it('makes machines that are themselves, sessions that save wrote, and nothing that needs a person', async () => {
    const team = unwrap(await createDemoTeam(join(root, 'demo')));
    const [, , jonas] = team.stations;
    expect(team.stations.map(({ name, sessions, captured }) => [name, sessions, captured])).toEqual([
      ['mara-mbp', 8, 2],
      ['build-box', 8, 1],
      ['jonas-studio', 9, 6],
    ]);
    // Nothing of whoever looks at the demo is in it.
    const sources = await jonas.core.transcripts.sources([], []);
    expect(sources.flatMap(({ roots }) => roots).filter((path) => !path.startsWith(jonas.home))).toEqual([]);
    const { rows, sums } = await listSessions(await captureHere(jonas.core), { budgetMs: 5_000 });
    expect(rows.map(({ log, countdown }) => `${log} ${countdown.state}`)).toEqual([
      'none due',
      'written due',
      'captured due',
      'captured never',
      'captured due',
      'captured due',
      'captured due',
      'captured gone',
    ]);
    expect(sums).toMatchObject({ written: 1, captured: 6, due: 2, dueOnlyThere: 0 });
    const card = unwrap(await identityCard(jonas.core.identityDeps));
    expect(card).toMatchObject({ place: 'same', hostnameNow: null, match: { matching: 4, of: 4 } });
    expect(jonas.core.sync.store.sameDisk).toBe(false);
    const { workspaces } = jonas.core.settings.git;
    const logs = readdirSync(join(workspaces[0] ?? '', 'projects', 'harbor-ledger', 'session-logs'));
    expect(logs.filter((name) => name.includes('-mara-'))).toHaveLength(5);
    const own = readdirSync(join(workspaces[0] ?? '', 'projects', 'harbor-ui', 'session-logs'));
    const text = readFileSync(
      join(workspaces[0] ?? '', 'projects', 'harbor-ui', 'session-logs', own[0] ?? ''),
      'utf8',
    );
    expect(text).toMatch(/^# .+\n\n<!-- session-log: session=[0-9a-f-]{36} saved=/);
    expect(text).toContain('- **User:** Jonas Weber (jonas)\n- **Machine:** jonas-studio\n');
    await team.close();

    const app = await world.open('demos/demo/machines/jonas-studio', null);
    expect(unwrap(await app.status.get())).toMatchObject({
      attention: [],
      machine: { host: 'jonas-studio' },
    });
    await app.stop();
    await team.remove();
    expect(existsSync(team.folder.root)).toBe(false);
  });
});
