import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewsReport } from '../../../shared/domain/news.ts';
import { unwrap } from '../../../shared/result.ts';
import { newSearch } from '../../testing/search-fixture.ts';
import { createTestWorld, type TestMachine, type TestWorld } from '../../testing/sync-world.ts';
import type { Reader } from '../notes/reader.ts';
import type { SearchIndex } from '../ports/search-index.ts';
import { sweepTexts } from '../search/sweep.ts';
import { pullIndex } from '../sync/pull-index.ts';
import { pullLogs } from '../sync/pull-logs.ts';
import { push } from '../sync/push.ts';
import { refreshLocal } from '../workflows/refresh-local.ts';
import { listNews, markLooked } from './list-news.ts';

const ANA: Reader = { user: 'ana', fullName: null };

let world: TestWorld;
let a: TestMachine;
let b: TestMachine;
let texts: Map<TestMachine, SearchIndex>;

beforeEach(() => {
  world = createTestWorld();
  a = world.machine('a');
  b = world.machine('b');
  texts = new Map();
});
afterEach(() => world.end());

async function news(machine: TestMachine, reader = ANA): Promise<NewsReport> {
  unwrap(await refreshLocal(machine.deps));
  const search = texts.get(machine) ?? newSearch();
  texts.set(machine, search);
  unwrap(
    await sweepTexts({ sync: machine.deps, search, me: () => [reader.user], ownCredentials: () => false }),
  );
  const { files, clock } = machine.deps;
  return unwrap(
    await listNews({ sync: machine.deps, search, notes: { files, clock, paths: machine.paths } }, reader),
  );
}

const look = async (machine: TestMachine, report: NewsReport) =>
  unwrap(await markLooked({ ...machine.deps, paths: machine.paths }, ANA, report.look));

const today = (machine: TestMachine): string => new Date(machine.deps.clock.now()).toISOString().slice(0, 10);
const log = (user: string, list = 'None'): string =>
  `# of ${user}\n\n## User\n\n- **User:** X (${user})\n\n## Pending\n\n${list}\n`;
const paths = ({ logs }: NewsReport): readonly string[] => logs.map(({ path }) => path).sort();

async function exchange(...machines: readonly TestMachine[]): Promise<void> {
  for (const machine of machines) unwrap(await push(machine.deps));
  for (const machine of machines) {
    unwrap(await pullIndex(machine.deps));
    unwrap(await pullLogs(machine.deps, {}));
  }
}

describe('what is new since a person last looked', () => {
  it('is what others wrote and what came from other machines, until it is looked at', async () => {
    const day = today(a);
    await a.write(`${day}-ana-here.md`, log('ana'));
    await b.write(`${day}-ben-x.md`, log('ben', '- one\n- two'));
    await b.write(`${day}-ana-there.md`, log('ana'));
    await exchange(b, a);
    const report = await news(a);
    expect(report).toMatchObject({ since: null, tasks: 2, notes: 0, more: false, reader: 'ana' });
    expect(paths(report)).toEqual([`${day}-ana-there.md`, `${day}-ben-x.md`]);
    expect(await look(a, report)).toBeNull();
    expect(await news(a)).toMatchObject({ since: report.look.upTo, logs: [], tasks: 0 });
  });

  it('is not new on the same person’s other machine either, once the look was pushed; nor does it count for others', async () => {
    const c = world.machine('c');
    const day = today(a);
    await c.write(`${day}-ben-x.md`, log('ben'));
    await a.write(`${day}-ana-a.md`, log('ana'));
    await b.write(`${day}-ana-b.md`, log('ana'));
    await exchange(c, b, a);
    expect(paths(await news(b))).toContain(`${day}-ben-x.md`);
    await look(a, await news(a));
    await exchange(a, b);
    expect(paths(await news(b))).not.toContain(`${day}-ben-x.md`);
    expect(await news(b, { user: 'mara', fullName: null })).toMatchObject({ since: null });
  });

  it('has a log that its machine pushed only after the look, although it was written before', async () => {
    const day = today(a);
    await b.write(`${day}-ben-early.md`, log('ben'));
    await exchange(b, a);
    await b.write(`${day}-ben-late.md`, log('ben'));
    await look(a, await news(a));
    unwrap(await push(b.deps));
    unwrap(await pullIndex(a.deps));
    expect(paths(await news(a))).toEqual([`${day}-ben-late.md`]);
  });

  it('comes back when the look is taken back', async () => {
    const day = today(a);
    await b.write(`${day}-ben-x.md`, log('ben'));
    await exchange(b, a);
    const first = await news(a);
    await look(a, first);
    await b.write(`${day}-ben-y.md`, log('ben'));
    await exchange(b, a);
    const second = await news(a);
    const before = await look(a, second);
    expect(paths(await news(a))).toEqual([]);
    unwrap(await markLooked({ ...a.deps, paths: a.paths }, ANA, before ?? first.look));
    expect(paths(await news(a))).toEqual([`${day}-ben-y.md`]);
  });
});
