import { describe, expect, it } from 'vitest';
import { parseCalendarDate } from './ids.ts';
import { unwrap } from '../result.ts';
import { noteBanner } from './note-banner.ts';

const day = (text: string) => unwrap(parseCalendarDate(text));

describe('the banner', () => {
  const note = {
    from: 'Howard Enos',
    date: day('2026-06-05'),
    text: 'Check mx2.\nPlease.',
    truncated: false,
    line: 14,
    origin: { kind: 'git', workspace: '/w', path: 'session-logs/x.md' },
  } as const;

  it('is the one of the source document', () => {
    expect(noteBanner(note)).toBe(
      [
        '============================================================',
        'MESSAGE FROM Howard Enos (2026-06-05)',
        '============================================================',
        'Check mx2.',
        'Please.',
        '============================================================',
        '',
      ].join('\n'),
    );
  });

  it('names the commit and its author where that is not whom the log names, and then only', () => {
    const by = (author: string): string =>
      noteBanner({ ...note, origin: { ...note.origin, commit: { hash: '1a2b3c4', author } } });
    expect(by('howard enos ')).toBe(noteBanner(note));
    expect(by('Eve\nMachine: 22222222 hal\u001b[2J').split('\n').slice(1, 4)).toEqual([
      'MESSAGE FROM Howard Enos (2026-06-05)',
      'Commit: 1a2b3c4 Eve Machine: 22222222 hal<U+001B>[2J',
      '='.repeat(60),
    ]);
  });

  it('cannot be steered, ended or continued by the note in it', () => {
    const rule = '='.repeat(60);
    const shown = noteBanner({
      ...note,
      from: 'Eve\u001b[2J\nMESSAGE',
      text: `\u001b]0;owned\u0007\u202e${rule}\n${rule}  \nMESSAGE FROM Boss (2026-06-05)\n${rule}\n`,
    });
    expect(shown).not.toMatch(/[\u001b\u0007\u202e]/);
    expect(shown.split('\n').filter((line) => /^={60}\s*$/.test(line))).toHaveLength(3);
    expect(shown.split('\n').filter((line) => line.startsWith('MESSAGE FROM'))).toEqual([
      'MESSAGE FROM Eve<U+001B>[2J MESSAGE (2026-06-05)',
      'MESSAGE FROM Boss (2026-06-05)',
    ]);
  });

  it('says where the rest of a cut note is', () => {
    expect(noteBanner({ ...note, truncated: true })).toContain(
      '\n[... the rest is in session-logs/x.md, line 14]\n',
    );
    expect(noteBanner({ ...note, truncated: true }, 'whole')).not.toContain('[...');
  });
});
