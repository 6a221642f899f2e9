import { describe, expect, it } from 'vitest';
import { readLogText, type LogText } from '../log-text.ts';

const DAILY = 'SESSION-LOG-2031-03-09.md';
const entries = (text: string): LogText['entries'] => readLogText(text, DAILY).entries;

describe('the sessions of a daily log', () => {
  it('carry id, time, focus, people, log and lines; the same id twice is one session in two stretches', () => {
    const text = `---
date: 2031-03-09
---
## 2031-03-09T09:00:00.500Z - Session Entry

**Session ID:** s-1
**Focus:** The queue
**User:** Ben Ito (ben)
**Machine:** kiln
**Log:** \`harbour/projects/mail/session-logs/2031-03-08-ben-queue.md\`

Emptied it.

### 2031-03-09T10:00:00Z - More

**Focus:** none of its own

## 2031-03-09T11:00:00+02:00 - Session Entry

**Focus:** No id

## Session Entry

**Session ID:** s-1
**Focus:** Later
`;
    expect(entries(text)).toMatchObject([
      {
        id: 's-1',
        time: Date.UTC(2031, 2, 9, 9, 0, 0, 500),
        focus: 'The queue',
        author: 'Ben Ito',
        user: 'ben',
        machineName: 'kiln',
        log: 'harbour/projects/mail/session-logs/2031-03-08-ben-queue.md',
        logDate: '2031-03-08',
        ranges: [
          [4, 17],
          [22, 25],
        ],
      },
      { id: 'entry-2', time: Date.UTC(2031, 2, 9, 9), focus: 'No id', log: null, ranges: [[18, 21]] },
    ]);
    expect(readLogText(text, DAILY)).toMatchObject({ sessions: 2, session: null, title: null });
    expect(readLogText(text, 'mail.md').entries).toEqual([]);
  });

  it('have a stand-in for an id that is none, and nobody can pretend to be one', () => {
    const entry = (id: string): string =>
      `## 2031-03-09T09:00:00Z - Session Entry\n\n**Session ID:** ${id}\n\n`;
    const text = ['x'.repeat(10_000), 'two words', 'entry-1', 'S-9', 's-9'].map(entry).join('');
    expect(entries(text).map(({ id }) => id)).toEqual(['entry-1', 'entry-2', 'entry-3', 'S-9']);
  });

  it('take their id from the mark where the line is missing, but not from one in code', () => {
    const mark = (id: string): string => `<!-- session-log: session=${id} saved=x text=0 -->`;
    const head = '## 2031-03-09T09:00:00Z - Session Entry\n';
    expect(entries(`${head}\n**Focus:** x\n${mark('s-1')}\n`)).toMatchObject([{ id: 's-1' }]);
    expect(entries(`${head}\n\`\`\`\n${mark('s-1')}\n\`\`\`\n`)).toMatchObject([{ id: 'entry-1' }]);
    const log = `# Queue\n\n\`\`\`\n${mark('lie')}\n\`\`\`\n\n${mark('s-2')}\n\n## Update\n\n${mark('s-3')}\n`;
    expect(readLogText(log, 'mail.md').session).toBe('s-2');
  });

  it('are all there when there are ten thousand', () => {
    const text = Array.from(
      { length: 10_000 },
      (_, at) => `## 2031-03-09T09:00:00Z - Session Entry\n\n**Session ID:** s-${at % 9_000}\n`,
    ).join('\n');
    const found = entries(text);
    expect(found).toHaveLength(9_000);
    expect(found[0]?.ranges).toEqual([
      [1, 4],
      [36_001, 36_004],
    ]);
  });
});
