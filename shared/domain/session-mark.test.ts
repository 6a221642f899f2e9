import { expect, it } from 'vitest';
import { processorTime } from '../../main/testing/processor-time.ts';
import { formatMark, hideMarks } from './session-mark.ts';

const MARK = formatMark({ session: 's-1', saved: '2026-06-05T10:03:00.000-07:00', text: '0123456789abcdef' });

it('hides marks with their lines, and nothing else', () => {
  expect(hideMarks(`# DNS\n\n${MARK}\n\nText.\n`)).toBe('# DNS\n\nText.\n');
  expect(hideMarks(`**Log:** x ${MARK}\n`)).toBe('**Log:** x \n');
  expect(hideMarks('<!-- another comment -->\n')).toBe('<!-- another comment -->\n');
});

it('shows a mark that somebody quotes in a code fence', () => {
  const quoted = `\`\`\`md\n${MARK}\n\`\`\`\n`;
  expect(hideMarks(`${quoted}${MARK}\n`)).toBe(quoted);
  expect(hideMarks(`~~~~\n~~~\n${MARK}\n~~~~\n${MARK}\n`)).toBe(`~~~~\n~~~\n${MARK}\n~~~~\n`);
});

it('takes no longer for a text that is full of openings', () => {
  const hostile = `${'<!-- session-log: '.repeat(100_000)}\n`;
  const before = processorTime();
  expect(hideMarks(hostile)).toBe(hostile);
  expect(processorTime() - before).toBeLessThan(5_000);
});
