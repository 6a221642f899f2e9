import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appError } from '../../../shared/app-error.ts';
import { crc32c } from '../../../shared/domain/checksum.ts';
import { err, ok, unwrap } from '../../../shared/result.ts';
import type { Files } from '../../core/ports/files.ts';
import { collect } from '../byte-source-of.ts';

/** A disk to test, and an empty folder on it. */
export interface FilesUnderTest {
  readonly files: Files;
  /** Absolute. */
  readonly folder: string;
  end?(): void;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (content: Uint8Array | null): string | null =>
  content === null ? null : new TextDecoder().decode(content);
/** SHA-256 of `abc`, by FIPS 180-4. */
const SHA_ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

async function* chunksOf(...parts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield bytes(part);
}

/**
 * The promises of `Files` that core counts on, as tests: the real disk and the one in memory run all of them. What only a real disk can
 * do (links, rights, power cuts) is tested beside the adapter.
 * @param make gives a disk of its own to each test
 */
export function filesContract(name: string, make: () => FilesUnderTest): void {
  describe(`files contract: ${name}`, () => {
    let world: FilesUnderTest;
    let files: Files;
    beforeEach(() => {
      world = make();
      ({ files } = world);
    });
    afterEach(() => world.end?.());
    const at = (path: string): string => `${world.folder}/${path}`;
    const read = async (path: string): Promise<string | null> => text(unwrap(await files.read(at(path))));

    describe('reading', () => readingContract(at));
    describe('writing', () => writingContract(at, read));
    describe('moving and removing', () => movingContract(at, read));

    function readingContract(path: typeof at): void {
      it('tells nothing there from empty', async () => {
        unwrap(await files.replace(path('empty'), bytes('')));
        expect(unwrap(await files.read(path('empty')))).toHaveLength(0);
        for (const gone of ['gone', 'no/folder']) {
          expect(unwrap(await files.read(path(gone)))).toBeNull();
          expect(unwrap(await files.readHead(path(gone), 9))).toBeNull();
          expect(unwrap(await files.readRange(path(gone), 0, 9))).toBeNull();
          expect(unwrap(await files.stat(path(gone)))).toBeNull();
          expect(unwrap(await files.measure(path(gone)))).toBeNull();
        }
        expect(unwrap(await files.names(path('gone')))).toEqual([]);
      });

      it('gives bytes from the middle, fewer at the end and none behind it', async () => {
        unwrap(await files.replace(path('a'), bytes('abcdef')));
        expect(text(unwrap(await files.readRange(path('a'), 2, 3)))).toBe('cde');
        expect(text(unwrap(await files.readRange(path('a'), 4, 9)))).toBe('ef');
        expect(text(unwrap(await files.readRange(path('a'), 9, 9)))).toBe('');
      });

      it('gives the first bytes, and all of a file that is shorter', async () => {
        unwrap(await files.replace(path('a'), bytes('abc')));
        expect(text(unwrap(await files.readHead(path('a'), 2)))).toBe('ab');
        expect(text(unwrap(await files.readHead(path('a'), 9)))).toBe('abc');
      });

      it('refuses a folder where a file should be, and a path that is not absolute', async () => {
        unwrap(await files.makeFolder(path('folder')));
        expect(await files.read(path('folder'))).toMatchObject({ ok: false });
        expect(await files.read('a')).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
        expect(await files.replace('a', bytes(''))).toMatchObject({ ok: false });
      });

      it('tells what a path is', async () => {
        unwrap(await files.replace(path('a'), bytes('abc'), { mode: 0o640 }));
        const facts = unwrap(await files.stat(path('a')));
        expect(facts).toMatchObject({ kind: 'file', size: 3 });
        if (process.platform !== 'win32') expect((facts?.mode ?? 0) & 0o777).toBe(0o640);
        unwrap(await files.makeFolder(path('b')));
        expect(unwrap(await files.stat(path('b')))).toMatchObject({ kind: 'folder' });
      });

      it('measures size, digests and a prefix, and gives the bytes again', async () => {
        unwrap(await files.replace(path('a'), bytes('abc')));
        const measured = unwrap(await files.measure(path('a'), { prefixLength: 2 }));
        expect(measured).toMatchObject({ size: 3, sha256: SHA_ABC, crc32c: crc32c(bytes('abc')) });
        expect(measured?.prefixCrc32c).toBe(crc32c(bytes('ab')));
        expect(text(await collect(measured!.source.stream()))).toBe('abc');
        const longer = unwrap(await files.measure(path('a'), { prefixLength: 4 }));
        expect(longer?.prefixCrc32c).toBeNull();
      });

      it('lists the logs below a folder by path, hidden ones left out', async () => {
        expect(unwrap(await files.scanLogs(path('logs')))).toEqual({ files: [], problems: [] });
        for (const log of ['b.md', 'x/a.MD', 'x/note.txt', '.hidden/c.md', '.d.md'])
          unwrap(await files.replace(path(`logs/${log}`), bytes(log)));
        const { files: found, problems } = unwrap(await files.scanLogs(path('logs')));
        expect(found.map((file) => [file.path, file.size])).toEqual([
          ['b.md', 4],
          ['x/a.MD', 6],
        ]);
        expect(problems).toEqual([]);
        expect(unwrap(await files.names(path('logs')))).toEqual(['.d.md', '.hidden', 'b.md', 'x']);
      });
    }

    function writingContract(path: typeof at, content: typeof read): void {
      it('makes missing folders, replaces as a whole and changes which file it is', async () => {
        unwrap(await files.replace(path('x/y/a'), bytes('one')));
        const before = unwrap(await files.stat(path('x/y/a')));
        unwrap(await files.replace(path('x/y/a'), bytes('2')));
        expect(await content('x/y/a')).toBe('2');
        expect(unwrap(await files.stat(path('x/y/a')))?.ino).not.toBe(before?.ino);
      });

      it('keeps its own copy of what was given', async () => {
        const given = bytes('abc');
        unwrap(await files.replace(path('a'), given));
        given[0] = 0;
        expect(await content('a')).toBe('abc');
      });

      it('makes a file only where there is none', async () => {
        expect(unwrap(await files.create(path('a'), bytes('one')))).toBe('created');
        expect(unwrap(await files.create(path('a'), bytes('two')))).toBe('exists');
        expect(await content('a')).toBe('one');
      });

      it('appends, also to a file that is not there', async () => {
        for (const line of ['one\n', 'two\n']) unwrap(await files.append(path('x/log'), bytes(line)));
        expect(await content('x/log')).toBe('one\ntwo\n');
      });

      it('takes a stream only when the last word agrees', async () => {
        const no = err(appError('corrupt', 'The sum is wrong.', 'Repeat.'));
        const refused = await files.replaceFrom(path('a'), chunksOf('one', 'two'), async () => no);
        expect(refused).toEqual(no);
        expect(unwrap(await files.names(world.folder))).toEqual([]);
        unwrap(await files.replaceFrom(path('a'), chunksOf('one', 'two'), async () => ok(undefined)));
        expect(await content('a')).toBe('onetwo');
      });

      it('refuses to write where a folder lies', async () => {
        unwrap(await files.replace(path('a/b'), bytes('x')));
        expect(await files.replace(path('a'), bytes('y'))).toMatchObject({ ok: false });
        expect(await content('a/b')).toBe('x');
      });

      it('dates a file and sets its rights; neither where there is none', async () => {
        unwrap(await files.replace(path('a'), bytes('x')));
        unwrap(await files.setTime(path('a'), 1_000_000_000_000));
        expect(unwrap(await files.stat(path('a')))?.mtimeMs).toBe(1_000_000_000_000);
        unwrap(await files.setMode(path('a'), 0o400));
        const missing = { ok: false, error: { code: 'not-found' } };
        expect(await files.setTime(path('gone'), 1)).toMatchObject(missing);
        expect(await files.setMode(path('gone'), 0o400)).toMatchObject(missing);
      });

      it('sweeps what a killed writer left at any depth, when it is old enough, and nothing else', async () => {
        const [old, young, other] = ['x/y/.a.0123456789ab.tmp', '.b.0123456789ab.tmp', 'x/a'];
        for (const name of [old, young, other]) unwrap(await files.replace(path(name), bytes('x')));
        for (const name of [old, other]) unwrap(await files.setTime(path(name), 1_000));
        expect(unwrap(await files.sweepTemporary(world.folder, 86_400_000))).toBe(1);
        expect(await content(old)).toBeNull();
        for (const name of [young, other]) expect(await content(name), name).toBe('x');
      });
    }

    function movingContract(path: typeof at, content: typeof read): void {
      it('moves a file and a folder with all that is in it, never over something', async () => {
        unwrap(await files.replace(path('x/a'), bytes('one')));
        unwrap(await files.replace(path('b'), bytes('two')));
        expect(await files.move(path('b'), path('x/a'))).toMatchObject({ error: { code: 'precondition' } });
        expect(await files.move(path('gone'), path('c'))).toMatchObject({ error: { code: 'not-found' } });
        unwrap(await files.move(path('x'), path('y')));
        expect([await content('x/a'), await content('y/a'), await content('b')]).toEqual([
          null,
          'one',
          'two',
        ]);
        expect(unwrap(await files.stat(path('x')))).toBeNull();
      });

      it('removes a file, and is content when it is gone already', async () => {
        unwrap(await files.replace(path('a'), bytes('x')));
        for (let time = 0; time < 2; time++) unwrap(await files.remove(path('a')));
        expect(await content('a')).toBeNull();
      });

      it('removes only an empty folder', async () => {
        unwrap(await files.replace(path('x/a'), bytes('1')));
        expect(unwrap(await files.removeEmptyFolder(path('x')))).toBe(false);
        unwrap(await files.remove(path('x/a')));
        expect(unwrap(await files.removeEmptyFolder(path('x')))).toBe(true);
        expect(unwrap(await files.removeEmptyFolder(path('x')))).toBe(false);
      });

      it('knows what lies within a folder', async () => {
        unwrap(await files.replace(path('x/a'), bytes('1')));
        unwrap(await files.replace(path('xy'), bytes('1')));
        expect(await files.isWithin(path('x/a'), path('x'))).toBe(true);
        expect(await files.isWithin(path('xy'), path('x'))).toBe(false);
      });
    }
  });
}
