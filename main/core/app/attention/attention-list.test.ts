import { describe, expect, it } from 'vitest';
import { appError } from '../../../../shared/app-error.ts';
import { createRoomWorld, newsOf } from '../../../testing/room-world.ts';
import { createAttentionList, type Concern } from './attention-list.ts';

function concern(subject: string, message = `${subject} was cut.`): Concern {
  const error = appError('attention', message, 'Decide.', { details: { report: 'long', path: subject } });
  return { kind: 'log-shrunk', subject, error, answers: ['take-remote', 'dismiss'] };
}

function world() {
  const { clock, bus, pass } = createRoomWorld();
  const told = bus();
  const reports = newsOf(told, 'attention.reported');
  const changes = newsOf(told, 'attention.changed');
  return { attention: createAttentionList(clock, told), reports, changes, pass };
}

const subjects = ({ attention }: ReturnType<typeof world>): readonly string[] =>
  attention.items.map(({ subject }) => subject);

describe('the list of what a person must decide', () => {
  it('holds what each source said last, the oldest first, and keeps the time of what stays', async () => {
    const w = world();
    w.attention.replace('logs', [concern('a.md')]);
    const since = w.attention.items[0]?.since;
    await w.pass(60_000);
    w.attention.replace('store push', [concern('z')]);
    w.attention.replace('logs', [concern('b.md'), concern('a.md')]);
    expect(subjects(w)).toEqual(['a.md', 'b.md', 'z']);
    expect(w.attention.items[0]?.since).toBe(since);
    w.attention.replace('logs', []);
    expect(subjects(w)).toEqual(['z']);
  });

  it('shows a thing once that two sources report', () => {
    const w = world();
    w.attention.replace('store push', [concern('gs://b')]);
    w.attention.replace('store index', [concern('gs://b')]);
    expect(subjects(w)).toEqual(['gs://b']);
    w.attention.replace('store push', []);
    expect(subjects(w)).toEqual(['gs://b']);
  });

  it('brings back what was put aside only when its words change', () => {
    const w = world();
    w.attention.replace('logs', [concern('a.md')]);
    expect(w.attention.dismiss('log-shrunk:a.md')).toBe(true);
    w.attention.replace('logs', [concern('a.md')]);
    expect(subjects(w)).toEqual([]);
    w.attention.replace('logs', [concern('a.md', 'a.md was cut further.')]);
    expect(subjects(w)).toEqual(['a.md']);
    expect(w.attention.dismiss('log-shrunk:unknown.md')).toBe(false);
  });

  it('tells of each report, also when nothing is wrong as before, and of a change only when there is one', () => {
    const w = world();
    w.attention.replace('logs', []);
    expect([w.reports.length, w.changes.length]).toEqual([1, 0]);
    w.attention.replace('logs', [concern('a.md')]);
    w.attention.clear('log-shrunk:a.md');
    expect(w.reports.map(({ ids }) => [...ids])).toEqual([[], ['log-shrunk:a.md'], []]);
    expect(w.changes).toHaveLength(2);
  });

  it('carries no report of megabytes to the pages', () => {
    const w = world();
    w.attention.replace('logs', [concern('a.md')]);
    expect(w.attention.items[0]?.error.details).toEqual({ path: 'a.md' });
  });
});
