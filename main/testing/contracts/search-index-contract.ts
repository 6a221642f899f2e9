import { beforeEach, describe, expect, it } from 'vitest';
import type { CalendarDate } from '../../../shared/domain/ids.ts';
import { parseSearch } from '../../../shared/domain/parse-search.ts';
import { unwrap } from '../../../shared/result.ts';
import type { SearchIndex } from '../../core/ports/search-index.ts';
import { logToIndex } from '../search-fixture.ts';
import { testUuid } from '../sync-world.ts';

/** The promises of `SearchIndex`, as tests: what is known, what replaces what, what is kept. The ladder is tested beside the adapter. */
export function searchIndexContract(name: string, make: () => SearchIndex): void {
  describe(`search index contract: ${name}`, () => {
    const [A, B] = [testUuid('a'), testUuid('b')];
    let index: SearchIndex;
    beforeEach(() => {
      index = make();
    });

    const find = async (typed: string): Promise<readonly string[]> => {
      const question = parseSearch(typed, '2026-06-15' as CalendarDate);
      const me = { names: ['ana'], machine: A };
      return unwrap(await index.find({ question, me, offset: 0, limit: 50 })).rows.map(({ path }) => path);
    };

    it('finds logs by all of their words, the newest first, without regard to case', async () => {
      const logs = [
        logToIndex('2026-01-02-ana-x.md', '# One\n\nretry queue'),
        logToIndex('2026-01-03-ana-y.md', '# Two\n\nRetry queue'),
        logToIndex('2026-01-04-ana-z.md', '# Three\n\nretry'),
      ];
      unwrap(await index.put(logs));
      expect(await find('retry Queue')).toEqual(['2026-01-03-ana-y.md', '2026-01-02-ana-x.md']);
      expect(await find('nosuchword')).toEqual([]);
    });

    it('knows what it holds, of one machine or of all, and forgets what it is told to', async () => {
      const [own, other] = [logToIndex('a.md', 'x'), logToIndex('b.md', 'y', { machine: B })];
      unwrap(await index.put([own, other]));
      expect(unwrap(await index.known()).map(({ path }) => path)).toEqual(['a.md', 'b.md']);
      expect(unwrap(await index.known(B))).toMatchObject([{ path: 'b.md', sha256: other.sha256 }]);
      unwrap(await index.remove([own, { machine: B, path: own.path }]));
      expect(unwrap(await index.known()).map(({ path }) => path)).toEqual(['b.md']);
      unwrap(await index.remove([other]));
      expect(unwrap(await index.facts())).toMatchObject({ logs: 0, keptBytes: 0 });
    });

    it('keeps what it was told of the last sweep', async () => {
      expect(unwrap(await index.swept())).toBe('');
      unwrap(await index.setSwept('7 never'));
      unwrap(await index.put([logToIndex('a.md', 'x')]));
      expect(unwrap(await index.swept())).toBe('7 never');
    });

    it('has one version of a log, and keeps only the texts of packs', async () => {
      const packed = logToIndex('a.md', 'first words', { machine: B, origin: 'pack', sha256: 'one' });
      unwrap(await index.put([packed]));
      expect(unwrap(await index.keptTexts([packed]))).toEqual(['first words']);
      unwrap(await index.put([{ ...packed, origin: 'cached', text: 'other words' }]));
      expect(await find('first')).toEqual([]);
      expect(unwrap(await index.keptTexts([packed]))).toEqual([null]);
      unwrap(await index.put([packed]));
      expect(unwrap(await index.known(B))).toMatchObject([{ origin: 'cached' }]);
    });
  });
}
