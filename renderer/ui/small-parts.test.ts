import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/domain/settings.ts';
import { fuzzyScore } from './fuzzy.ts';
import { decodeEntities } from './markdown/entities.ts';
import { recall, remember } from './memory.ts';
import { endWords, summaryWords } from './operation-words.ts';
import { draftOf, isComplete, storeOf } from './store-draft.ts';
import { EMPTY_SUMMARY } from '../../shared/ipc/operation.ts';

describe('fuzzyScore', () => {
  const best = (wanted: string, titles: readonly string[]): string | undefined =>
    titles
      .map((title) => ({ title, score: fuzzyScore(wanted, title) }))
      .filter((one): one is { title: string; score: number } => one.score !== null)
      .sort((a, b) => b.score - a.score)[0]?.title;

  it.each([
    ['gs', ['Logs', 'Git sync', 'Settings'], 'Git sync'],
    ['push', ['Full sync', 'Push now'], 'Push now'],
    ['pn', ['Pause for 1 hour', 'Push now'], 'Push now'],
    ['set', ['Go to settings', 'Reset'], 'Go to settings'],
    ['settings store', ['Save settings to restore', 'Settings: Store'], 'Settings: Store'],
    ['store settings', ['Restore settings', 'Settings: Store'], 'Settings: Store'],
    ['zz', ['Logs'], undefined],
  ])('%s', (wanted, titles, title) => {
    expect(best(wanted, titles)).toBe(title);
  });

  it('fits everything when nothing was typed', () => {
    expect(fuzzyScore('', 'x')).toBe(0);
  });
});

describe('a store draft', () => {
  const store = (url: string) => ({ ...DEFAULT_SETTINGS.store, url });

  it.each([
    '',
    'gs://bucket/prefix',
    'file:///Volumes/team%20logs/a%23b',
    'file:///C:/Users/x',
    'file://server/share/x',
  ])('keeps %j as it is', (url) => {
    expect(storeOf(draftOf(store(url))).url).toBe(url);
  });

  it.each([
    [{ kind: 'gcs', bucket: 'my-bucket' }, 'gs://my-bucket'],
    [{ kind: 'gcs', bucket: '  gs://b ' }, 'gs://b'],
    [{ kind: 'folder', folder: '/a b/c' }, 'file:///a%20b/c'],
    [{ kind: 'folder', folder: 'C:\\logs\\x y' }, 'file:///C:/logs/x%20y'],
    [{ kind: 'folder', folder: '\\\\server\\share' }, 'file://server/share'],
    [{ kind: 'embedded', bucket: 'left-over', folder: '/left/over' }, ''],
  ] as const)('makes an address of %o', (change, url) => {
    expect(storeOf({ ...draftOf(store('')), ...change }).url).toBe(url);
  });

  it('is complete when its kind has its name', () => {
    const draft = draftOf(store(''));
    expect(isComplete(draft)).toBe(true);
    expect(isComplete({ ...draft, kind: 'gcs' })).toBe(false);
    expect(isComplete({ ...draft, kind: 'folder', folder: '/x' })).toBe(true);
  });

  it('takes credentials along for buckets only', () => {
    const draft = { ...draftOf(store('')), credentials: '/key.json', folder: '/x' };
    expect(storeOf({ ...draft, kind: 'folder' }).credentials).toBe('');
    expect(storeOf({ ...draft, kind: 'gcs', bucket: 'b' }).credentials).toBe('/key.json');
  });
});

describe('memory', () => {
  it('gives back what it was given, and the fallback for anything else', () => {
    remember('width', 20);
    expect(recall('width', 10, (value) => value < 30)).toBe(20);
    expect(recall('width', 10, (value) => value < 15)).toBe(10);
    expect(recall('width', true)).toBe(true);
    localStorage.setItem('session-log.broken', '{');
    expect(recall('broken', false)).toBe(false);
  });
});

describe('words', () => {
  it('decodes references once', () => {
    expect(decodeEntities('&lt;&#106;&#x6A;&amp;amp;&nope;&#0;&#xD800;')).toBe('<jj&amp;&nope;\ufffd\ufffd');
  });

  it('says what an operation changed', () => {
    expect(summaryWords('push', EMPTY_SUMMARY)).toBe('Nothing to push');
    expect(summaryWords('push', { ...EMPTY_SUMMARY, uploaded: 1_200, notes: 2, failedTotal: 3 })).toBe(
      '1,200 pushed · 2 notes · 3 failed',
    );
  });
});

describe('what is said beside how a run ended', () => {
  const some = { ...EMPTY_SUMMARY, uploaded: 12, failedTotal: 3 };

  it.each([
    ['done', EMPTY_SUMMARY, 'Nothing to push'],
    ['done', { ...some, failedTotal: 0 }, '12 pushed'],
    ['partial', some, '12 pushed · 3 failed'],
    ['partial', EMPTY_SUMMARY, ''],
    ['deferred', some, '12 pushed; the rest will be retried'],
    ['deferred', { ...EMPTY_SUMMARY, failedTotal: 1 }, ''],
    ['failed', some, '12 pushed before that'],
    ['failed', EMPTY_SUMMARY, ''],
    ['cancelled', some, '12 pushed before that'],
  ] as const)('is true of one that is %s', (outcome, summary, words) => {
    expect(endWords('push', outcome, summary)).toBe(words);
  });
});
