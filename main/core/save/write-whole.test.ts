import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { formatMark } from '../../../shared/domain/session-mark.ts';
import type { CalendarDate } from '../../../shared/domain/ids.ts';
import { unwrap } from '../../../shared/result.ts';
import { createSaveWorld, type SaveWorld } from '../../testing/save-world.ts';
import { save } from './save.ts';
import { writeWhole, type WholeWritten } from './write-whole.ts';

let world: SaveWorld;

beforeEach(() => {
  world = createSaveWorld();
});
afterEach(() => world.end());

const LOG = 'projects/harbor/session-logs/2026-06-05-mike-dns.md';
const COPY = 'projects/harbor/2026-06/2026-06-05-mike-dns.md';

function mark(session: string): string {
  return formatMark({ session, saved: '2026-06-05T10:03:00.000-07:00', text: '0123456789abcdef' });
}

async function copied(path: string, session = 's-1'): Promise<WholeWritten> {
  const log = { path, file: join(world.workspace, path), session, day: '2026-06-05' as CalendarDate };
  return unwrap(await writeWhole(world.deps.files, world.place.paths.sessionLogs, log));
}

function copyText(path: string): string {
  return readFileSync(join(world.place.paths.sessionLogs, path), 'utf8');
}

it('lays a private copy where the data folder keeps logs of that project and month', async () => {
  world.write(LOG, `# DNS\n${mark('s-1')}\n`);
  expect(await copied(LOG)).toMatchObject({ path: COPY, action: 'written' });
  expect(copyText(COPY)).toBe(`# DNS\n${mark('s-1')}\n`);
  if (process.platform !== 'win32')
    expect(statSync(join(world.place.paths.sessionLogs, COPY)).mode & 0o777).toBe(0o600);
});

it('grows with its log, under the same name, and is left alone while nothing is new', async () => {
  world.write(LOG, `# DNS\n${mark('s-1')}\n`);
  await copied(LOG);
  world.write(LOG, `# DNS\n${mark('s-1')}\n\n## Update\n`);
  expect(await copied(LOG)).toMatchObject({ path: COPY, action: 'written' });
  expect(copyText(COPY)).toContain('## Update');
  expect(await copied(LOG)).toMatchObject({ action: 'unchanged' });
});

it('keeps what a log in the workspace lost', async () => {
  world.write(LOG, `# DNS\n${mark('s-1')}\n\n## Update\n`);
  await copied(LOG);
  world.write(LOG, `# DNS\n${mark('s-1')}\n`);
  expect(await copied(LOG)).toMatchObject({ action: 'unchanged' });
  expect(copyText(COPY)).toContain('## Update');
});

it('touches no log of another session that has the same name', async () => {
  world.write(LOG, `# DNS\n${mark('s-1')}\n`);
  await copied(LOG);
  world.write(LOG, `# DNS elsewhere\n${mark('s-2')}\n`);
  expect(await copied(LOG, 's-2')).toMatchObject({ path: COPY.replace('.md', '-2.md') });
  expect(copyText(COPY)).toContain('s-1');
});

it('is written by a save where save.toStore asks for it, beside the entry of the day', async () => {
  const text = '# DNS\n\n## Summary\n\nMoved.\n';
  expect(await world.save(text, { session: 's-9' })).toMatchObject({ whole: null });
  const place = { ...world.place, toStore: 'whole' as const };
  const report = unwrap(await save(world.deps, place, world.request('# DNS\n\nMore.\n', { session: 's-9' })));
  expect(report).toMatchObject({
    problem: null,
    daily: { action: 'appended' },
    whole: { action: 'written' },
  });
  expect(copyText(report.whole?.path ?? '')).toBe(world.read(report.path));
});

it('says so when the log is gone', async () => {
  const log = {
    path: LOG,
    file: join(world.workspace, LOG),
    session: 's-1',
    day: '2026-06-05' as CalendarDate,
  };
  expect(await writeWhole(world.deps.files, world.place.paths.sessionLogs, log)).toMatchObject({
    ok: false,
    error: { code: 'not-found' },
  });
});
