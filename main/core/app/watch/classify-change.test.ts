import { describe, expect, it } from 'vitest';
import { dataPaths } from '../../../compose/paths.ts';
import { classifyChange, slashed } from './classify-change.ts';

const paths = dataPaths('/home/hal/.session-log');
const meaning = (path: string): string => classifyChange(paths, `${paths.home}/${path}`);

describe('what a changed file of the data folder means', () => {
  it.each([
    ['session-logs/2026-01/x.md', 'logs.changed'],
    // Of a folder that was moved only its own name is told.
    ['session-logs/2026-01', 'logs.changed'],
    ['session-logs/.x.md.tmp-1', 'nothing'],
    ['settings.json', 'settings.touched'],
    ['machine-id.json', 'identity.touched'],
    ['state/queue.jsonl', 'queue.touched'],
    ['state/index.db', 'index.touched'],
    ['state/index.db-wal', 'index.touched'],
    ['state/inbox.json', 'inbox.touched'],
    ['state/receipts.json', 'inbox.touched'],
    ['state/schedule.json', 'journal.touched'],
    ['state/operations.json', 'nothing'],
    ['session-logs-cache/m/x.md', 'nothing'],
    ['settings.json.tmp', 'nothing'],
  ])('is told by its place: %s', (path, expected) => {
    expect(meaning(path)).toBe(expected);
  });

  it('knows the paths of Windows, and leaves a backslash in a name of other systems alone', () => {
    expect(slashed('C:\\Users\\hal\\x.md')).toBe('C:/Users/hal/x.md');
    expect(slashed('\\\\server\\share\\x')).toBe('//server/share/x');
    expect(slashed('/home/a\\b.md')).toBe('/home/a\\b.md');
  });
});
