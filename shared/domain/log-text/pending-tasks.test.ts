import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processorTime } from '../../../main/testing/processor-time.ts';
import { readPendingTasks, TASK_LIMIT, TASK_TEXT_LIMIT } from './pending-tasks.ts';

const HEAD = '## Pending / Incomplete Tasks\n\n';
const tasks = (body: string): readonly string[] =>
  readPendingTasks(HEAD + body).flatMap((section) =>
    section.tasks.map(
      ({ text, done, group }) => `${done ? 'x ' : ''}${group === null ? '' : `${group} > `}${text}`,
    ),
  );

describe('pending tasks', () => {
  it('are check boxes, list items, paragraphs and rows of tables, with the lines they stand in', () => {
    const text = `# T

## Pending

- [ ] Renew the **certificate** of \`mx2\`
- [x] Move the zone
* Ask [Howard](https://example.test) about it,
  who knows
1) Number one

Write the report. It is
due on Friday.

| Task | Owner |
|------|:-----:|
| Order disks | Ana |

## Reference
- not this
`;
    expect(readPendingTasks(text)).toEqual([
      {
        line: 3,
        saved: null,
        part: 0,
        tasks: [
          { line: 5, text: 'Renew the certificate of mx2', done: false, group: null },
          { line: 6, text: 'Move the zone', done: true, group: null },
          { line: 7, text: 'Ask Howard about it, who knows', done: false, group: null },
          { line: 9, text: 'Number one', done: false, group: null },
          { line: 11, text: 'Write the report. It is due on Friday.', done: false, group: null },
          { line: 16, text: 'Order disks \u00b7 Ana', done: false, group: null },
        ],
      },
    ]);
  });

  it('below a task are tasks with a box, and details without', () => {
    expect(
      tasks('- [ ] Deploy\n  - [ ] to staging\n  - [x] to test\n  - takes an hour\n- Next\n  - a detail\n'),
    ).toEqual(['Deploy', 'Deploy > to staging', 'x Deploy > to test', 'Next']);
  });

  it('stand in groups: below a deeper heading, a line with a colon, a bold line, an item with a colon', () => {
    const body = '### DNS\n- a\n\nSoon:\n- b\n\n**Later**\n\n- c\n- Mail:\n  - d\n    - detail\n- e\n';
    expect(tasks(body)).toEqual(['DNS > a', 'Soon > b', 'Later > c', 'Mail > d', 'Later > e']);
  });

  it.each([
    ['- [-] Dropped', 'x Dropped'],
    ['- ~~Struck out~~', 'x Struck out'],
    ['- \u2705 Ticked', 'x Ticked'],
    ['- \u2b1c Open', 'Open'],
    ['- [/] Under way', 'Under way'],
    ['[ ] Without a bullet', 'Without a bullet'],
    ['> - [ ] Quoted', 'Quoted'],
    ['- No backups since Tuesday', 'No backups since Tuesday'],
    ['- None of the tests run on Windows', 'None of the tests run on Windows'],
    ['- Nothing works until the key is there', 'Nothing works until the key is there'],
    ['- All tasks of Ana must be checked', 'All tasks of Ana must be checked'],
    ['- None, but the key is still missing', 'None, but the key is still missing'],
  ])('%s', (body, task) => {
    expect(tasks(body)).toEqual([task]);
  });

  it.each([
    'None',
    'none.',
    '- None',
    '_None._',
    '**None** at this time.',
    'N/A',
    'Nothing pending.',
    'No pending tasks',
    'No open items at the moment.',
    'There are no outstanding tasks.',
    'All tasks completed.',
    'Everything is done! \ud83c\udf89',
    'None \u2014 everything was merged.',
    '- \u2014',
    '(none)',
  ])('%s says that there are none, which is a list too', (body) => {
    expect(readPendingTasks(HEAD + body)).toEqual([{ line: 1, saved: null, part: 0, tasks: [] }]);
  });

  it.each(['', '_Not recorded._', '```\n- [ ] in code\n```', '<!-- - [ ] hidden -->', '---'])(
    'a section that holds only %j says nothing',
    (body) => {
      expect(readPendingTasks(HEAD + body)).toEqual([]);
    },
  );

  it('are never read out of code, front matter, other sections, or Credentials & Secrets', () => {
    expect(tasks('- a\n\n    ```\n    - [ ] in code\n    ```\n- b\n\n```\n- no\n```\n')).toEqual(['a', 'b']);
    const secret = '## Credentials & Secrets\n\n### Pending\n\n- hunter2\n';
    expect(readPendingTasks(secret)).toEqual([]);
    expect(tasks(`- a\n\n### Credentials\n\n- hunter2\n`)).toEqual(['a']);
    expect(readPendingTasks(`---\ntitle: x\npending:\n  - y\n---\n\nPending\n`)).toEqual([]);
    expect(tasks('- fetch https://ana:pw@host.test/x?token=abc')).toEqual([
      'fetch https://***@host.test/x?token=***',
    ]);
  });

  it('say under which save they stand: a later list of the same log is a later part', () => {
    const mark = (time: string): string => `<!-- session-log: session=s-1 saved=${time} text=0 -->`;
    const text = `# T\n${mark('2026-06-05T09:00:00-07:00')}\n\n${HEAD}- a\n\n## Update: 11:00 PT\n\n${mark('2026-06-05T11:00:00-07:00')}\n\n### Pending\n\n- b\n`;
    expect(readPendingTasks(text)).toMatchObject([
      { part: 1, saved: Date.UTC(2026, 5, 5, 16), tasks: [{ text: 'a' }] },
      { part: 2, saved: Date.UTC(2026, 5, 5, 18), tasks: [{ text: 'b' }] },
    ]);
  });

  it('stay bounded, with a million items and with lines of megabytes, in time that grows with the text', () => {
    const before = processorTime();
    expect(readPendingTasks(HEAD + '- [ ] task\n'.repeat(1_000_000))[0]?.tasks).toHaveLength(TASK_LIMIT);
    expect(readPendingTasks(HEAD + '  - x\n'.repeat(500_000))[0]?.tasks.length).toBeLessThanOrEqual(
      TASK_LIMIT,
    );
    for (const bad of ['[', '~~', '- [', '**', '| ', '> ', '`', '- - ', 'x:\n', 'none ', '\u202e']) {
      const [section] = readPendingTasks(`${HEAD}- ${bad.repeat(1_000_000)}\n`);
      for (const { text } of section?.tasks ?? []) expect(text.length).toBeLessThanOrEqual(TASK_TEXT_LIMIT);
    }
    expect(processorTime() - before).toBeLessThan(6_000);
  });

  it('are one clean line each whatever comes', () => {
    const piece = fc.constantFrom(
      '- ',
      '[ ] ',
      '[x] ',
      '\n',
      '  ',
      'a',
      ':',
      '```',
      '|',
      '---',
      '# ',
      '## Pending\n',
      '\u202e',
      '\u0007',
      '~~',
      '<!--',
      '-->',
      '\r',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        for (const section of readPendingTasks(HEAD + pieces.join('')))
          for (const { text, group } of section.tasks) {
            expect(text).toMatch(/[\p{L}\p{N}]/u);
            // eslint-disable-next-line no-control-regex -- exactly these must not come through
            expect(`${text}${group ?? ''}`).not.toMatch(/[\u0000-\u001f\u202a-\u202e]/);
          }
      }),
    );
  });
});
