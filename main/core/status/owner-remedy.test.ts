import { expect, it } from 'vitest';
import { appError } from '../../../shared/app-error.ts';
import { withOwnerRemedy } from './owner-remedy.ts';

const found = {
  problems: [
    {
      path: '/home/a/data/state/schedule.json',
      problem: 'It belongs to root, not to you.',
      remedy: 'Run `sudo chown -R "$(id -u)" /home/a/data`.',
    },
  ],
};
const denied = (path: string) =>
  appError('denied', `Could not read ${path}.`, 'Look.', { details: { path } });

it('What is denied in a data folder with files of root names the owner and the command that repairs it.', () => {
  const error = withOwnerRemedy(denied('/home/a/data/state/inbox.json'), found, '/home/a/data');
  expect(error.message).toContain('belongs to root');
  expect(error.remedy).toContain('sudo chown');
});

it('So does a database in it that cannot be written.', () => {
  const shut = appError('io', 'search.db cannot be written.', 'Look.', {
    details: { path: '/home/a/data/state/search.db', isShut: true },
  });
  const error = withOwnerRemedy(shut, found, '/home/a/data');
  expect([error.code, error.remedy]).toEqual(['denied', found.problems[0]?.remedy]);
});

it('Anything else keeps its own remedy.', () => {
  const elsewhere = denied('/srv/tree/session-logs');
  expect(withOwnerRemedy(elsewhere, found, '/home/a/data')).toBe(elsewhere);
  const clean = denied('/home/a/data/state/inbox.json');
  expect(withOwnerRemedy(clean, { problems: [] }, '/home/a/data')).toBe(clean);
  const full = appError('disk-full', 'Full.', 'Free space.', { details: { path: '/home/a/data/x' } });
  expect(withOwnerRemedy(full, found, '/home/a/data')).toBe(full);
});
