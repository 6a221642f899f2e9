/** Disks that are full or not to be written. */
import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { unwrap } from '../../../../shared/result.ts';
import { runIndexProcess } from '../../../testing/index-process.ts';
import { only, onPosix } from '../../../testing/only.ts';
import { found, logToIndex, newSearch, searchFile } from '../../../testing/search-fixture.ts';
import { dropDisk, smallDisk } from '../../../testing/small-disk.ts';

const QUESTION = new URL('../../../../shared/domain/parse-search.ts', import.meta.url).href;
const ENGINE = new URL('./sqlite-search-index.ts', import.meta.url).href;
const disk = smallDisk();
afterAll(() => dropDisk(disk));

describe('a disk that fills up', () => {
  // In a process of its own, so that nothing keeps the disk from being taken away afterwards.
  only(disk !== null, 'needs a small disk of its own (root)').it(
    'is told, what was found before is found, and room again is enough to go on',
    async () => {
      const said = await runIndexProcess(
        `const { createSqliteSearchIndex } = await import(${JSON.stringify(ENGINE)});
         const { parseSearch } = await import(${JSON.stringify(QUESTION)});
         const { rmSync, writeFileSync } = await import('node:fs');
         const index = createSqliteSearchIndex({ file, thread: 'caller' });
         const log = (path, text) => ({ machine: 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa', host: 'h', path, size: 1, mtime: 1,
           sha256: path, origin: 'own', text });
         const put = async (...logs) => { const done = await index.put(logs); return done.ok ? 'ok' : done.error.code; };
         const count = async (word) => {
           const me = { names: [], machine: 'x' };
           const answer = await index.find({ question: parseSearch(word, '2026-01-05'), me, offset: 0, limit: 5 });
           return answer.ok ? answer.value.count : answer.error.code;
         };
         const many = Array.from({ length: 60_000 }, (_, at) => 'filler' + at).join(' ');
         say(await put(log('a.md', 'the ledger')));
         writeFileSync(file + '.filler', Buffer.alloc(400_000));
         say(await put(log('b.md', 'the ledger ' + many)));
         say(await count('ledger'));
         rmSync(file + '.filler');
         say(await put(log('c.md', 'the ledger')));
         say(await count('ledger'));
         await index.close();`,
        join(disk as string, 'search.db'),
      );
      expect(said).toEqual(['ok', 'disk-full', 1, 'ok', 2]);
    },
  );
});

onPosix.describe('a folder that cannot be written', () => {
  // Root may write anywhere, so the process becomes somebody else first.
  const asOther = process.getuid?.() === 0 ? `process.setgid(65534); process.setuid(65534);` : '';
  const useIt = `
    const { createSqliteSearchIndex } = await import(${JSON.stringify(ENGINE)});
    await import(${JSON.stringify(new URL('./search-engine.ts', import.meta.url).href)});
    ${asOther}
    const index = createSqliteSearchIndex({ file, thread: 'caller' });
    const known = await index.known();
    say(known.ok ? known.value.length : known.error.message);
    say((await index.put([])).ok);
    await index.close();`;

  it('is answered from an empty copy where there is no full text yet', async () => {
    const file = searchFile();
    mkdirSync(dirname(file), { recursive: true });
    chmodSync(dirname(dirname(file)), 0o755);
    chmodSync(dirname(file), 0o555);
    expect(await runIndexProcess(useIt, file)).toEqual([0, true]);
    expect(existsSync(file)).toBe(false);
  });

  it('is answered from a copy of the one that is there, which stays as it is', async () => {
    const file = searchFile();
    const index = newSearch(file);
    unwrap(await index.put([logToIndex('a.md', 'ledger')]));
    await index.close();
    chmodSync(dirname(dirname(file)), 0o755);
    // The journal, too, may still be there.
    for (const name of readdirSync(dirname(file))) chmodSync(join(dirname(file), name), 0o444);
    chmodSync(dirname(file), 0o555);
    expect(await runIndexProcess(useIt, file)).toEqual([1, true]);
    chmodSync(dirname(file), 0o700);
    for (const name of readdirSync(dirname(file))) chmodSync(join(dirname(file), name), 0o600);
    expect(await found(newSearch(file), 'ledger')).toEqual(['a.md']);
    expect(existsSync(`${file}.damaged`)).toBe(false);
  });
});
