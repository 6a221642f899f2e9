import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appError } from '../../../shared/app-error.ts';
import { crc32c } from '../../../shared/domain/checksum.ts';
import { err, ok, unwrap } from '../../../shared/result.ts';
import { ByteSourceChanged } from '../../core/ports/byte-source.ts';
import { createNodeFiles } from './node-files.ts';
import { onPosix } from '../../testing/only.ts';
import { filesContract } from '../../testing/contracts/files-contract.ts';

const posix = process.platform !== 'win32';
const root = process.getuid?.() === 0;
const files = createNodeFiles();
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'node-files-'));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

const at = (name: string): string => join(folder, name);
const listing = (): string[] => fs.readdirSync(folder).sort();

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

describe('reading', () => {
  it('gives every byte as it is on disk, text or not', async () => {
    const body = Buffer.from([0x61, 0xff, 0x62, 0, 0x0d, 0x0a, 0xed, 0xa0, 0x80]);
    fs.writeFileSync(at('a'), body);
    expect(Buffer.from(unwrap(await files.read(at('a')))!)).toEqual(body);
    expect(Buffer.from(unwrap(await files.readHead(at('a'), 3))!)).toEqual(body.subarray(0, 3));
    expect(Buffer.from(unwrap(await files.readHead(at('a'), 99))!)).toEqual(body);
  });

  it('tells nothing there from empty', async () => {
    fs.writeFileSync(at('empty'), '');
    expect(unwrap(await files.read(at('empty')))).toHaveLength(0);
    expect(unwrap(await files.read(at('gone')))).toBeNull();
    expect(unwrap(await files.read(join(at('no'), 'folder')))).toBeNull();
    expect(unwrap(await files.stat(at('gone')))).toBeNull();
  });

  onPosix.it('does not follow a link, wait for a pipe or take a folder for a file', async () => {
    fs.writeFileSync(at('secret'), 'x');
    fs.symlinkSync(at('secret'), at('link'));
    execFileSync('mkfifo', [at('pipe')]);
    fs.mkdirSync(at('folder'));
    for (const [name, word] of [
      ['link', 'symbolic link'],
      ['pipe', 'pipe'],
      ['folder', 'folder'],
    ] as const) {
      const read = await files.read(at(name));
      expect(read).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
      expect(read.ok ? '' : read.error.message).toContain(word);
      expect(await files.measure(at(name))).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
    }
    expect(unwrap(await files.stat(at('link')))?.kind).toBe('symlink');
    expect(unwrap(await files.stat(at('pipe')))?.kind).toBe('other');
  });

  onPosix.it('reads a file whose size the kernel gives as 0', async () => {
    const status = Buffer.from(unwrap(await files.read('/proc/self/status')) ?? []).toString();
    expect(status).toContain('Pid:');
  });

  it('refuses relative paths and NUL before the disk is asked', async () => {
    for (const path of ['a', './a', '../a', `${folder}/a\0b`]) {
      expect(await files.read(path)).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
      expect(await files.replace(path, bytes('x'))).toMatchObject({ ok: false });
      expect(await files.create(path, bytes('x'))).toMatchObject({ ok: false });
    }
    expect(listing()).toEqual([]);
  });
});

describe('measuring', () => {
  const digest = (body: Uint8Array) => ({
    size: body.length,
    sha256: createHash('sha256').update(body).digest('hex'),
    crc32c: crc32c(body),
  });

  it.each([0, 1, 4096, 4 * 1024 * 1024, 4 * 1024 * 1024 + 1, 5_000_003])(
    'sums up %i bytes, with prefixes on and beside every border',
    async (size) => {
      const body = randomBytes(size);
      fs.writeFileSync(at('f'), body);
      for (const prefixLength of new Set([0, 1, size - 1, size, 262_144, 262_145, size >> 1])) {
        if (prefixLength < 0) continue;
        const measured = unwrap(await files.measure(at('f'), { prefixLength }));
        expect(measured).toMatchObject(digest(body));
        expect(measured?.prefixCrc32c).toBe(
          prefixLength <= size ? crc32c(body.subarray(0, prefixLength)) : null,
        );
      }
      const { source } = unwrap(await files.measure(at('f')))!;
      expect(source.bytes === undefined).toBe(size > 4 * 1024 * 1024);
      expect((await collect(source.stream())).equals(body)).toBe(true);
      expect((await collect(source.stream())).equals(body)).toBe(true);
    },
  );

  it('asks for no prefix that is longer than the file', async () => {
    fs.writeFileSync(at('f'), 'abc');
    expect(unwrap(await files.measure(at('f'), { prefixLength: 4 }))?.prefixCrc32c).toBeNull();
  });

  it('re-reads the measured bytes of a file that grew, and refuses one that was cut or changed', async () => {
    const body = randomBytes(6 * 1024 * 1024);
    fs.writeFileSync(at('f'), body);
    const { source } = unwrap(await files.measure(at('f')))!;
    fs.appendFileSync(at('f'), 'more');
    expect((await collect(source.stream())).equals(body)).toBe(true);
    fs.truncateSync(at('f'), body.length - 1);
    await expect(collect(source.stream())).rejects.toBeInstanceOf(ByteSourceChanged);
    body[0]! ^= 1;
    fs.writeFileSync(at('f'), body);
    await expect(collect(source.stream())).rejects.toBeInstanceOf(ByteSourceChanged);
    fs.rmSync(at('f'));
    await expect(collect(source.stream())).rejects.toBeInstanceOf(ByteSourceChanged);
  });

  it('stops on a signal', async () => {
    fs.writeFileSync(at('f'), randomBytes(5 * 1024 * 1024));
    const measured = await files.measure(at('f'), { signal: AbortSignal.abort() });
    expect(measured).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  });
});

describe('writing', () => {
  it('makes missing folders private and leaves nothing else behind', async () => {
    const path = join(folder, 'a', 'b', 'c.json');
    unwrap(await files.replace(path, bytes('one')));
    unwrap(await files.replace(path, bytes('two')));
    expect(fs.readFileSync(path, 'utf8')).toBe('two');
    expect(fs.readdirSync(join(folder, 'a', 'b'))).toEqual(['c.json']);
    if (!posix) return;
    expect(fs.statSync(path).mode & 0o777).toBe(0o600);
    expect(fs.statSync(join(folder, 'a')).mode & 0o777).toBe(0o700);
    expect(fs.statSync(join(folder, 'a', 'b')).mode & 0o777).toBe(0o700);
  });

  it('replaces a read-only file, as the cache is', async () => {
    unwrap(await files.replace(at('c.md'), bytes('old'), { mode: 0o400 }));
    unwrap(await files.replace(at('c.md'), bytes('new'), { mode: 0o400 }));
    expect(fs.readFileSync(at('c.md'), 'utf8')).toBe('new');
    if (posix) expect(fs.statSync(at('c.md')).mode & 0o777).toBe(0o400);
  });

  onPosix.it('puts a file in the place of a link, never through it', async () => {
    fs.writeFileSync(at('target'), 'precious');
    fs.symlinkSync(at('target'), at('link'));
    unwrap(await files.replace(at('link'), bytes('new')));
    expect(fs.readFileSync(at('target'), 'utf8')).toBe('precious');
    expect(fs.lstatSync(at('link')).isFile()).toBe(true);
    fs.rmSync(at('link'));
    fs.symlinkSync(at('target'), at('link'));
    expect(unwrap(await files.create(at('link'), bytes('new')))).toBe('exists');
    expect(await files.append(at('link'), bytes('new'))).toMatchObject({ ok: false });
    expect(fs.readFileSync(at('target'), 'utf8')).toBe('precious');
  });

  it('never overwrites with create, and only one of many racers creates', async () => {
    fs.writeFileSync(at('there'), 'theirs');
    expect(unwrap(await files.create(at('there'), bytes('ours')))).toBe('exists');
    expect(fs.readFileSync(at('there'), 'utf8')).toBe('theirs');
    const racers = await Promise.all(
      Array.from({ length: 20 }, async (_, n) =>
        unwrap(await files.create(at('raced'), bytes(`racer ${n}`))),
      ),
    );
    expect(racers.filter((outcome) => outcome === 'created')).toHaveLength(1);
    expect(fs.readFileSync(at('raced'), 'utf8')).toBe(`racer ${racers.indexOf('created')}`);
    expect(listing()).toEqual(['raced', 'there']);
  });

  it('keeps names of the greatest length that a disk allows', async () => {
    const name = `${'ä'.repeat(126)}.md`;
    unwrap(await files.replace(at(name), bytes('x')));
    expect(listing()).toEqual([name]);
    const tooLong = await files.replace(at(`${'x'.repeat(256)}.md`), bytes('x'));
    expect(tooLong).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
    expect(listing()).toEqual([name]);
  });

  it('says what is in the way', async () => {
    fs.mkdirSync(at('folder'));
    fs.writeFileSync(at('file'), 'x');
    expect(await files.replace(at('folder'), bytes('x'))).toMatchObject({
      ok: false,
      error: { code: 'invalid-input', message: expect.stringContaining('folder') },
    });
    expect(await files.replace(join(at('file'), 'below'), bytes('x'))).toMatchObject({
      ok: false,
      error: { code: 'invalid-input', message: expect.stringContaining('a file stands') },
    });
    expect(listing()).toEqual(['file', 'folder']);
  });

  it('appends, making the file if need be', async () => {
    unwrap(await files.append(join(folder, 'new', 'j'), bytes('1\n'), { sync: true }));
    unwrap(await files.append(join(folder, 'new', 'j'), bytes('2\n')));
    expect(fs.readFileSync(join(folder, 'new', 'j'), 'utf8')).toBe('1\n2\n');
  });

  it('keeps every record of many appenders', async () => {
    const record = (n: number): Uint8Array => bytes(`${'r'.repeat(200)} ${n}\n`);
    await Promise.all(
      Array.from({ length: 100 }, async (_, n) => unwrap(await files.append(at('j'), record(n)))),
    );
    const lines = fs.readFileSync(at('j'), 'utf8').split('\n').slice(0, -1);
    expect(new Set(lines).size).toBe(100);
  });
});

describe('writing from a stream', () => {
  async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
    for (const text of texts) yield bytes(text);
  }

  it('shows the file only when the commit agrees', async () => {
    fs.writeFileSync(at('f'), 'old');
    const refused = await files.replaceFrom(at('f'), chunks('ne', 'w'), async () => {
      expect(fs.readFileSync(at('f'), 'utf8')).toBe('old');
      return err(appError('corrupt', 'The checksum differs.', 'Pull again.'));
    });
    expect(refused).toMatchObject({ ok: false, error: { code: 'corrupt' } });
    expect(fs.readFileSync(at('f'), 'utf8')).toBe('old');
    unwrap(await files.replaceFrom(at('f'), chunks('ne', 'w'), async () => ok(undefined), { mode: 0o400 }));
    expect(fs.readFileSync(at('f'), 'utf8')).toBe('new');
    expect(listing()).toEqual(['f']);
  });

  it('leaves nothing when the stream breaks', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield bytes('half');
      throw new Error('connection reset');
    }
    await expect(files.replaceFrom(at('f'), broken(), async () => ok(undefined))).rejects.toThrow('reset');
    expect(listing()).toEqual([]);
  });
});

describe('moving, removing, listing', () => {
  it('moves aside, and never over something', async () => {
    fs.writeFileSync(at('a'), 'a');
    fs.writeFileSync(at('b'), 'b');
    expect(await files.move(at('a'), at('b'))).toMatchObject({ ok: false, error: { code: 'precondition' } });
    unwrap(await files.move(at('a'), at('c')));
    expect(listing()).toEqual(['b', 'c']);
    expect(fs.readFileSync(at('b'), 'utf8')).toBe('b');
    expect(await files.move(at('gone'), at('d'))).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });

  it('removes what is there and is content with what is not', async () => {
    fs.writeFileSync(at('a'), 'a');
    unwrap(await files.remove(at('a')));
    unwrap(await files.remove(at('a')));
    fs.mkdirSync(at('folder'));
    expect(await files.remove(at('folder'))).toMatchObject({ ok: false });
    expect(unwrap(await files.names(folder))).toEqual(['folder']);
    expect(unwrap(await files.names(at('gone')))).toEqual([]);
  });

  onPosix.it('knows what is within a folder, links resolved', async () => {
    fs.mkdirSync(at('in'));
    fs.mkdirSync(at('out'));
    fs.mkdirSync(at('in-not'));
    fs.symlinkSync(at('out'), join(at('in'), 'door'));
    fs.symlinkSync(at('nowhere'), join(at('in'), 'dangling'));
    fs.symlinkSync(at('in'), at('alias'));
    const within = (path: string): Promise<boolean> => files.isWithin(join(folder, path), at('in'));
    expect(await within('in')).toBe(true);
    expect(await within('in/not/yet/there.md')).toBe(true);
    expect(await within('alias/x.md')).toBe(true);
    expect(await within('in/door/x.md')).toBe(false);
    expect(await within('in/dangling/x.md')).toBe(false);
    expect(await within('in/../out/x')).toBe(false);
    expect(await within('in-not/x')).toBe(false);
  });

  onPosix.it('sets rights, not through a link', async () => {
    fs.writeFileSync(at('f'), 'x', { mode: 0o600 });
    fs.symlinkSync(at('f'), at('link'));
    expect(await files.setMode(at('link'), 0o777)).toMatchObject({
      ok: false,
      error: { code: 'invalid-input' },
    });
    unwrap(await files.setMode(at('f'), 0o400));
    expect(fs.statSync(at('f')).mode & 0o777).toBe(0o400);
    expect(await files.setMode(at('gone'), 0o400)).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });

  it('dates a file, and a link rather than what it leads to', async () => {
    fs.writeFileSync(at('f'), 'x');
    fs.utimesSync(at('f'), 1_000, 1_000);
    unwrap(await files.setTime(at('f'), 1_767_600_000_500));
    expect(fs.statSync(at('f')).mtimeMs).toBeCloseTo(1_767_600_000_500, -1);
    expect(await files.setTime(at('gone'), 1)).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });

  it('sweeps old temporary files and nothing else', async () => {
    const [old, young] = ['.a.md.0123456789ab.tmp', '.b.md.0123456789ab.tmp'];
    fs.mkdirSync(at('deep'));
    for (const name of [old, young, 'a.md', '.hidden.tmp', 'x.0123456789ab.tmp'])
      fs.writeFileSync(join(at('deep'), name), 'x');
    const longAgo = new Date(Date.now() - 3 * 86_400_000);
    for (const name of [old, '.hidden.tmp', 'x.0123456789ab.tmp'])
      fs.utimesSync(join(at('deep'), name), longAgo, longAgo);
    expect(unwrap(await files.sweepTemporary(folder, 86_400_000))).toBe(1);
    expect(fs.readdirSync(at('deep')).sort()).toEqual(
      [young, 'a.md', '.hidden.tmp', 'x.0123456789ab.tmp'].sort(),
    );
  });

  it('knows how many bytes are free', async () => {
    expect(await files.freeBytes(folder)).toBeGreaterThan(0);
    expect(await files.freeBytes(at('gone'))).toBeNull();
  });
});

onPosix.describe('as an ordinary user', () => {
  it('says that it may not', () => {
    fs.chmodSync(folder, 0o755);
    fs.writeFileSync(at('f'), 'x');
    fs.chmodSync(at('f'), 0);
    fs.mkdirSync(at('closed'));
    fs.chmodSync(at('closed'), 0o555);
    // Root may do anything, so that another process becomes somebody else first.
    const script = `
      const { createNodeFiles } = await import(${JSON.stringify(new URL('./node-files.ts', import.meta.url).href)});
      const files = createNodeFiles();
      ${root ? 'process.setgid(65534); process.setuid(65534);' : ''}
      const said = [await files.read(${JSON.stringify(at('f'))}), await files.replace(${JSON.stringify(join(at('closed'), 'f'))}, new Uint8Array(1))];
      console.log(JSON.stringify(said.map(({ error }) => error?.code ?? null)));`;
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(JSON.parse(said)).toEqual(['denied', 'denied']);
    expect(listing()).toEqual(['closed', 'f']);
  });
});

filesContract('the disk', () => {
  const place = fs.mkdtempSync(join(tmpdir(), 'files-contract-'));
  return { files, folder: place, end: () => fs.rmSync(place, { recursive: true, force: true }) };
});
