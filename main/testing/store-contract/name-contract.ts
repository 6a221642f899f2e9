import { describe, expect, it } from 'vitest';
import { byteSourceOf } from '../byte-source-of.ts';
import { failureOf, okOf, type ContractBench } from './contract-bench.ts';

/** Names that every store keeps as they are. */
const PLAIN = [
  'machines/0f3c1a2b-0000-4000-8000-1234567890ab/2026-01/SESSION-LOG-2026-01-05.md',
  'projects/Über uns/2026-01-05-maria-café.md',
  "a b + c & d = e %2F %25 # ~ ! $ ( ) [ ] { } ; , @ ` ^ '.md",
  '日本語/ログ.md',
  '😀.md',
  `${'n'.repeat(200)}/${'m'.repeat(200)}.md.gen-1736000000000000`,
  'session-index.json',
  '0f3c1a2b.json.gz',
];

/** Names that no store keeps. */
const NEVER = [
  '',
  '.',
  '..',
  'a\nb',
  'a\rb',
  'a\u0000b',
  'tab\tbed',
  '\ud800',
  'x\udc00y',
  'n'.repeat(1025),
  'ü'.repeat(513),
];

/** Names that some stores keep and some cannot; none may do harm. */
const HOSTILE = [
  '../x.md',
  'a/../../x.md',
  'a/../x.md',
  './x.md',
  'a//b.md',
  '/etc/passwd',
  '//server/share/x.md',
  'C:\\Windows\\x.md',
  'C:/x.md',
  'a\\..\\x.md',
  'CON.md',
  'con',
  'folder/nul.txt',
  'COM1',
  'trailing./x',
  'trailing /x',
  'dot.',
  'space ',
  'a:b',
  'a<b>|c"d*e?f',
  'folder/',
  '.session-log-store/store.json',
  '.SESSION-LOG-STORE/objects/x',
  '.hidden',
  'rtl\u202egnp.md',
  'zero\u200bwidth.md',
  'ends\u00a0',
  'n'.repeat(256),
  'ü'.repeat(128),
  `${'n'.repeat(250)}/`.repeat(4) + 'x'.repeat(20),
  '%2e%2e/x.md',
  '%00',
  '__proto__',
  'constructor',
];

/** What any store does with names. */
export function nameContract(bench: ContractBench): void {
  describe('names', () => {
    it('of logs, shards and kept versions come back as they went', async () => {
      const prefix = bench.fresh('plain');
      for (const name of PLAIN) {
        const info = await bench.put(prefix + name, name);
        expect(info.name).toBe(prefix + name);
        expect(await bench.text(prefix + name)).toBe(name);
      }
      const listed = okOf(await bench.store.list(prefix)).objects.map((object) => object.name);
      expect(new Set(listed)).toEqual(new Set(PLAIN.map((name) => prefix + name)));
    });

    it('that cannot be stored are refused before anything happens', async () => {
      for (const name of NEVER) {
        const put = { ifGenerationMatch: '0', contentType: 'text/plain' };
        failureOf(await bench.store.put(name, byteSourceOf('x'), put), 'invalid-input');
        failureOf(await bench.store.copy({ name: 'a', generation: '1' }, name, put), 'invalid-input');
        failureOf(await bench.store.get(name), 'invalid-input');
        failureOf(await bench.store.head(name), 'invalid-input');
      }
    });

    it('that are hostile are refused, or kept exactly', async () => {
      const before = okOf(await bench.store.list('')).objects.length;
      let kept = 0;
      // Bare, and below a prefix: an adapter that joins paths must not be left by either.
      for (const name of HOSTILE.flatMap((name) => [name, bench.fresh('hostile') + name])) {
        const put = { ifGenerationMatch: '0', contentType: 'text/plain' };
        const result = await bench.store.put(name, byteSourceOf(`body of ${name}`), put);
        if (result.ok) {
          kept++;
          expect(result.value.name).toBe(name);
          expect(await bench.text(name)).toBe(`body of ${name}`);
          expect(okOf(await bench.store.list(name)).objects.map((object) => object.name)).toContain(name);
        } else {
          failureOf(result, 'invalid-input');
          const read = await bench.store.get(name);
          expect(read.ok ? read.value : read.error.code).toBe(read.ok ? null : 'invalid-input');
        }
      }
      // A full first page cannot tell; the runs before this one on a shared bucket may have left that many.
      if (before + kept < 1000) expect(okOf(await bench.store.list('')).objects.length).toBe(before + kept);
    });

    it('that differ only by case or by Unicode form never land on one object', async () => {
      const twins: [string, string][] = [
        ['Log.md', 'log.md'],
        ['caf\u00e9.md', 'cafe\u0301.md'],
        ['STRASSE.md', 'stra\u00dfe.md'],
      ];
      for (const [one, two] of twins) {
        const prefix = bench.fresh('twins');
        await bench.put(prefix + one, 'one');
        const put = { ifGenerationMatch: '0', contentType: 'text/plain' };
        const second = await bench.store.put(prefix + two, byteSourceOf('two'), put);
        if (second.ok) expect(await bench.text(prefix + two)).toBe('two');
        else failureOf(second, 'invalid-input');
        expect(await bench.text(prefix + one)).toBe('one');
        expect(okOf(await bench.store.list(prefix)).objects).toHaveLength(second.ok ? 2 : 1);
      }
    });

    it('that differ only so may follow each other: the new one takes over the generation, or is refused, and the old one stays', async () => {
      const prefix = bench.fresh('respelled');
      const { generation } = await bench.put(`${prefix}Log.md`, 'one');
      const put = { ifGenerationMatch: generation, contentType: 'text/plain' };
      const taken = await bench.store.put(`${prefix}log.md`, byteSourceOf('two'), put);
      const names = okOf(await bench.store.list(prefix)).objects.map(({ name }) => name);
      if (taken.ok) {
        expect(names).toEqual([`${prefix}log.md`]);
        expect(await bench.text(`${prefix}log.md`)).toBe('two');
        expect(okOf(await bench.store.get(`${prefix}Log.md`))).toBe(null);
      } else {
        failureOf(taken, 'precondition');
        expect(names).toEqual([`${prefix}Log.md`]);
        expect(await bench.text(`${prefix}Log.md`)).toBe('one');
      }
    });

    it('that are both an object and a folder never lose either', async () => {
      const prefix = bench.fresh('both');
      await bench.put(`${prefix}x.md`, 'object');
      const put = { ifGenerationMatch: '0', contentType: 'text/plain' };
      const below = await bench.store.put(`${prefix}x.md/y.md`, byteSourceOf('below'), put);
      if (!below.ok) failureOf(below, 'invalid-input');
      await bench.put(`${prefix}z/y.md`, 'below');
      const above = await bench.store.put(`${prefix}z`, byteSourceOf('object'), put);
      if (!above.ok) failureOf(above, 'invalid-input');
      expect(await bench.text(`${prefix}x.md`)).toBe('object');
      expect(await bench.text(`${prefix}z/y.md`)).toBe('below');
    });
  });
}
