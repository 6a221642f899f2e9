import { describe, expect, it } from 'vitest';
import { parseHash } from '../../../shared/ipc/route.ts';
import type { ListedThread } from '../../../shared/domain/pending-list.ts';
import { taskRows } from './task-rows.ts';

const MACHINE = '0123abcd-0123-0123-0123-0123456789ab';

function thread(project: string | null, client: string | null, lines: number[], part: string | null = null) {
  return {
    machine: MACHINE,
    path: '2026-01/2026-01-06-hal.md',
    part,
    project,
    client,
    tasks: lines.map((line) => ({ id: `${line}`, line, readLine: part === null ? line : line - 30 })),
  } as unknown as ListedThread;
}

describe('rows of tasks', () => {
  it('stand below projects in the order of the newest, numbered from top to bottom', () => {
    const groups = taskRows([
      thread('b', null, [1, 2]),
      thread(null, 'acme', [3]),
      thread('b', 'acme', [4]),
      thread(null, null, [5]),
    ]);
    expect(groups.map(({ name }) => name)).toEqual(['b', 'acme', 'No project']);
    const rows = groups.flatMap(({ items }) => items.flatMap((one) => one.rows));
    expect(rows.map(({ at, task }) => [at, task.line])).toEqual([
      [0, 1],
      [1, 2],
      [2, 4],
      [3, 3],
      [4, 5],
    ]);
  });

  it('of a daily log’s session lead to the task in that session', () => {
    const [group] = taskRows([thread('b', null, [41], 'abc')]);
    expect(parseHash(group?.items[0]?.rows[0]?.href ?? '')).toEqual({
      view: 'logs',
      log: `${MACHINE}/2026-01/2026-01-06-hal.md#abc`,
      line: 11,
    });
    expect(parseHash(group?.items[0]?.href ?? '')).toEqual({
      view: 'logs',
      log: `${MACHINE}/2026-01/2026-01-06-hal.md#abc`,
    });
  });
});
