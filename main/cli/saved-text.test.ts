import { describe, expect, it } from 'vitest';
import { appError } from '../../shared/app-error.ts';
import type { SaveReport } from '../core/save/save.ts';
import type { SessionSaved } from '../core/workflows/save-session.ts';
import { arrivedNotes } from './arrived-notes.ts';
import { sessionText, storeText } from './saved-text.ts';

const ESCAPE = '\u001b]0;x\u0007';

/** A save without git sync, with these warnings of the log and of the wiki. */
function saved(warnings: readonly string[], more: Partial<SessionSaved> = {}): SessionSaved {
  const save = {
    workspace: null,
    file: '/home/x.md',
    path: 'x.md',
    action: 'created',
    lines: 3,
    daily: null,
    whole: null,
    warnings,
  } as unknown as SaveReport;
  const wiki = { warnings: ['The article has no front matter.'] };
  return {
    report: { save, wiki, sync: null },
    unsynced: null,
    notes: [],
    problem: null,
    ...more,
  } as unknown as SessionSaved;
}

describe('warnings of a save, one a line', () => {
  it('of the log stand below its file, fit for a terminal', () => {
    expect(sessionText(saved([`The host is called ${ESCAPE} now.`, 'Two lines\nin one.']))).toBe(
      [
        'File: /home/x.md (+3 lines, created)',
        '[WARN] The host is called <U+001B>]0;x<U+0007> now.',
        '[WARN] Two lines in one.\n',
      ].join('\n'),
    );
  });

  it('of the wiki stand below the sentence that the sync is deferred', () => {
    const unsynced = appError('lock-held', 'Somebody holds the lock.', 'Later.');
    expect(sessionText(saved([], { unsynced }))).toBe(
      'Sync deferred - another sync is running; your session log is written locally (x.md) and will sync on the next run.\n[WARN] The article has no front matter.\n',
    );
  });

  it('of the store tell what is retried from what is not', () => {
    expect(storeText(appError('offline', 'No network.', ''))).toBe(
      '[WARN] In the store: not pushed yet, will be retried: No network.',
    );
    expect(storeText(appError('denied', `No right ${ESCAPE}.`, ''))).toBe(
      '[WARN] In the store: not pushed: No right <U+001B>]0;x<U+0007>.',
    );
    expect(storeText(appError('partial', '1 log was not pushed.', ''))).toBeNull();
  });
});

it('Notes that were left out are told below those that came.', () => {
  const none = { unread: [], all: [], mark: async () => ({ ok: true, value: undefined }) } as never;
  expect(arrivedNotes({ ...(none as object), leftOut: 3 } as never, {}).text).toBe(
    '[WARN] 3 notes left out: their machine sends more than anybody reads.\n',
  );
  expect(arrivedNotes({ ...(none as object), leftOut: 0 } as never, {}).text).toBe('');
});
