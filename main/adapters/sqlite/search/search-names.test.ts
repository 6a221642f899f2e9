import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../../shared/result.ts';
import { ask, found, logToIndex, newSearch } from '../../../testing/search-fixture.ts';

describe('names', () => {
  it('are found whole and by their parts', async () => {
    const index = newSearch();
    const text =
      'Calls `ifGenerationMatch` of src/store/foo_bar-baz.ts at 10.0.3.17, commit 9f8e7d6c5b4a39281706.';
    unwrap(
      await index.put([
        logToIndex('names.md', text),
        logToIndex('other.md', 'match the generation of tiles'),
      ]),
    );
    for (const typed of [
      'ifGenerationMatch',
      'ifgenerationmatch',
      'if-generation-match',
      'foo_bar-baz.ts',
      'baz.ts',
      '10.0.3.17',
      'src/store',
      '9f8e7d6',
      'commit:9f8e7d6c',
      'file:foo_bar-baz.ts',
    ])
      expect([typed, (await found(index, typed))[0]]).toEqual([typed, 'names.md']);
    expect(await found(index, '"store foo"')).toEqual(['names.md']);
    expect(await found(index, '"foo store"')).toEqual([]);
  });

  it('are not found by a piece that is quoted: what is quoted is meant as it is written', async () => {
    const index = newSearch();
    unwrap(
      await index.put([
        logToIndex('piece.md', 'Calls `ifGenerationMatch` alone.'),
        logToIndex('word.md', 'The generation of if_generation_match.'),
      ]),
    );
    expect(await found(index, '"generation"')).toEqual(['word.md']);
    expect((await found(index, 'generation')).toSorted()).toEqual(['piece.md', 'word.md']);
    expect(await found(index, 'calls -"generation"')).toEqual(['piece.md']);
    expect(await found(index, '"ifgenerationmatch"')).toEqual(['piece.md']);
    expect(await found(index, '"generation" OR calls')).toEqual(
      expect.arrayContaining(['piece.md', 'word.md']),
    );
  });

  it('of which a piece is quoted are found by the rest of the question alone, which is said', async () => {
    const index = newSearch();
    unwrap(await index.put([logToIndex('piece.md', 'Calls `ifGenerationMatch` of the bucket alone.')]));
    const { rows, explanations } = await ask(index, '"generation" calls');
    expect(rows.map(({ rung }) => rung)).toEqual(['most']);
    expect(explanations).toEqual([expect.stringContaining('No log has what is in quotation marks')]);
    expect(await found(index, '"ifgenerationmatch" bucket')).toEqual(['piece.md']);
  });

  it('of an agent in the User block answer agent:', async () => {
    const index = newSearch();
    const user = (agent: string): string =>
      `# T\n\n## User\n\n- **User:** Ana (ana)\n- **Agent:** ${agent}\n`;
    unwrap(
      await index.put([
        logToIndex('claude.md', user('claude-code 2.1.4 (opus)')),
        logToIndex('codex.md', user('Codex')),
        logToIndex('nobody.md', '# T\n\nagent codex\n'),
      ]),
    );
    expect(await found(index, 'agent:claude-code')).toEqual(['claude.md']);
    expect(await found(index, 'agent:codex')).toEqual(['codex.md']);
    expect(await found(index, 'agent:cl*')).toEqual(['claude.md']);
  });

  it('are found without their case and accents, and in scripts without spaces', async () => {
    const index = newSearch();
    unwrap(await index.put([logToIndex('a.md', 'Größe der Café-Liste, 支払いの再試行')]));
    for (const typed of ['GROSSE', 'cafe', '再試行', 'CAFÉ liste'])
      expect(await found(index, typed)).toEqual(['a.md']);
  });
});
