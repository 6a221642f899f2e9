import { describe, expect, it } from 'vitest';
import { appError } from '../../shared/app-error.ts';
import type { GitSyncReport, TreeReport } from '../core/git-sync/report.ts';
import { exitCodeOfReport, formatReceipt } from './git-receipt.ts';

const SHA = 'a'.repeat(40);
const NEXT = 'b'.repeat(40);

describe('the receipt', () => {
  const tree: TreeReport = {
    role: 'workspace',
    tree: '/w',
    branch: 'main',
    state: 'synced',
    commit: { sha: SHA, subject: 'sync: HAL x.md', author: 'Mike <m@x>' },
    push: { old: NEXT, new: SHA, branch: 'main', remote: 'origin' },
    files: [
      { path: 'session-logs/x.md', change: 'created', added: 12 },
      { path: 'wiki/clients/acme.md', change: 'changed', added: 1 },
      { path: 'wiki/systems/y.md', change: 'created', added: 1 },
      { path: 'wiki/index.md', change: 'changed', added: 1 },
    ],
    arrived: null,
    rescued: [],
    leftUncommitted: 0,
    othersUncommitted: ['session-logs/other.md'],
    notes: [],
    warnings: ['w\u001b[2J.'],
    problem: null,
  };
  const report = (...trees: Partial<TreeReport>[]): GitSyncReport => ({
    trees: trees.map((more) => ({ ...tree, ...more })),
  });
  const held = appError('lock-held', 'Deferred: anna holds the lock.', 'later', { details: { owner: {} } });

  it('is the post-commit summary, fit for a terminal', () => {
    expect(formatReceipt(report({}))).toBe(
      [
        '## Post-commit Summary',
        'Commit: aaaaaaaaaa sync: HAL x.md',
        'Author: Mike <m@x>',
        'Push: bbbbbbbbbb..aaaaaaaaaa main -> main (origin)',
        'File: session-logs/x.md (+12 lines, created)',
        'File: wiki/clients/acme.md (+1 line, changed)',
        'File: wiki/systems/y.md (+1 line, created)',
        'File: wiki/index.md (+1 line, changed)',
        'Wiki updates: 2 articles updated (clients/systems)',
        'Not committed, of another session: session-logs/other.md',
        '[WARN] w<U+001B>[2J.',
        '',
      ].join('\n'),
    );
  });

  it.each([
    [[], '0 session logs'],
    [['session-logs/a.md'], '1 session log'],
    [['session-logs/a.md', 'session-logs/b.md'], '2 session logs'],
  ])('of a run that only brought something counts the logs in it: %j', (logs, count) => {
    const brought = { commit: null, push: null, files: [], othersUncommitted: [], warnings: [] };
    expect(formatReceipt(report({ ...brought, arrived: { from: SHA, to: NEXT, logs } }))).toBe(
      `Up to date with what came from the remote (${count}).\n`,
    );
  });

  it('of a deferred run is one sentence and no summary, whatever else was done', () => {
    const vault = { role: 'vault' as const, state: 'deferred' as const, commit: null, problem: held };
    for (const deferred of [report({ state: 'deferred', commit: null, problem: held }), report({}, vault)]) {
      expect(formatReceipt(deferred)).toBe(
        'Sync deferred - another sync is running; your session log is written locally and will sync on the next run (Deferred: anna holds the lock.)\n',
      );
      expect(exitCodeOfReport(deferred)).toBe(75);
    }
  });

  it('ends with the code of what needs a person, before what waits', () => {
    const conflict = appError('attention', 'A conflict.', 'settle it');
    expect(
      exitCodeOfReport(
        report({ state: 'deferred', problem: held }, { state: 'attention', problem: conflict }),
      ),
    ).toBe(65);
    expect(exitCodeOfReport(report({ state: 'deferred', problem: appError('offline', 'x', 'y') }))).toBe(69);
    expect(exitCodeOfReport(report({}))).toBe(0);
    expect(formatReceipt(report({ state: 'attention', push: null, problem: conflict }))).toContain(
      'Push: none\n',
    );
  });
});
