import { describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/app-error.ts';
import type { InboxNote } from '../../../../shared/ipc/payloads.ts';
import type { AttentionItem } from '../../../../shared/ipc/status.ts';
import {
  lossAnnouncement,
  noteAnnouncements,
  problemAnnouncements,
  routeOfProblem,
} from './announcements.ts';

describe('the words of a problem', () => {
  const item = (subject: string): AttentionItem => ({
    id: `log-shrunk:${subject}`,
    since: 1,
    kind: 'log-shrunk',
    subject,
    error: appError('attention', `${subject} was cut.`, 'Decide.'),
    answers: ['take-remote', 'push-as-is', 'dismiss'],
    route: '#/logs',
  });

  it('lead to the buttons that answer it, or to where it is set right', () => {
    expect(problemAnnouncements([item('a.md')])).toMatchObject([
      { title: 'A log is shorter than its backup', body: 'a.md was cut.', route: '#/sync', tone: 'warning' },
    ]);
    expect(routeOfProblem({ answers: ['retry', 'dismiss'], route: '#/settings/store' })).toBe(
      '#/settings/store',
    );
    expect(routeOfProblem({ answers: ['retry'], route: null })).toBe('#/sync');
  });

  it('do not fill the screen', () => {
    const many = Array.from({ length: 40 }, (_, n) => item(`${n}.md`));
    const announced = problemAnnouncements(many);
    expect(announced).toHaveLength(3);
    expect(announced.at(-1)).toMatchObject({ title: '38 more things need your attention', route: '#/sync' });
    const hostile = { ...item('x'), error: appError('attention', `‮${'x'.repeat(10_000)}`, '') };
    expect(problemAnnouncements([hostile])[0]?.body.length).toBeLessThanOrEqual(290);
  });
});

it.each([
  [{ sessions: 1, days: 0 }, '1 session will be lost within 3 days', 'the first at any moment'],
  [{ sessions: 7, days: 2 }, '7 sessions will be lost within 3 days', 'the first in 2 days'],
])('the words of what will be lost lead to it: %j', (losses, title, when) => {
  const told = lossAnnouncement(losses);
  expect(told).toMatchObject({ title, tone: 'warning', route: '#/sessions?at-risk' });
  expect(told.body).toContain(when);
});

describe('the words of a note', () => {
  it('lead to its log, or, for one that came by git and whose log may not be here, to the note', () => {
    const note = {
      hash: 'f'.repeat(64),
      machine: 'm',
      host: 'build-box',
      path: 'x.md',
      to: 'hal',
      from: 'Priya N',
      date: '2026-01-05',
      line: 3,
      text: '**Rotate** the `key`:\n\n- [ ] staging\n- [ ] prod',
      truncated: false,
      receipts: [],
      log: 'a9dba759-e2ee-4be1-8c4c-6d0fb8ecd45c/x.md',
      state: 'unread',
      stateAt: null,
    } as unknown as InboxNote;
    expect(noteAnnouncements([note], 'other')).toMatchObject([
      {
        title: 'Priya N left you a note on build-box',
        body: 'Rotate the key: · staging · prod',
        route: expect.stringMatching(/^#\/logs\/.*line=3/),
      },
    ]);
    const byGit = { ...note, commit: { hash: '1a2b3c4', author: 'Eve' } };
    expect(noteAnnouncements([byGit], 'm')[0]?.title).toBe('Priya N left you a note, committed by Eve');
    const own = { ...note, commit: { hash: '1a2b3c4', author: 'Priya N' } };
    expect(noteAnnouncements([own], 'm')[0]?.title).toBe('Priya N left you a note');
    expect(noteAnnouncements([note], 'm')[0]?.route).toBe(`#/notes/${note.hash}`);
  });
});
