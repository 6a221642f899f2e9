import { posix, win32 } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldPath, logPathProblem, parseLogId, parseLogPath, utf8Length } from './log-path.ts';

const UUID = 'a1b2c3d4-0000-4000-8000-00000000abcd';

describe('logPathProblem', () => {
  it.each([
    'SESSION-LOG-2026-01-06.md',
    '2026-01/2026-01-06-hal-topic-2.md',
    'projects/ACME Corp/SESSION-LOG-2026-01-06.md',
    'clients/müller/Übersicht.md',
    '日本語/ログ.md',
    'console.md',
    'com.md',
    'a..b/c.md',
    '👩‍🚀.md',
    `${'x'.repeat(227)}.md`,
    'aux-notes/x.md',
  ])('takes %j', (path) => {
    expect(logPathProblem(path)).toBeNull();
  });

  it.each([
    ['', 'empty'],
    ['../x.md', 'leaves'],
    ['a/../x.md', 'leaves'],
    ['./x.md', 'leaves'],
    ['..', 'leaves'],
    ['a/..', 'leaves'],
    ['/etc/x.md', 'absolute'],
    ['C:x.md', 'character'],
    ['c:/x.md', 'absolute'],
    ['C:\\x.md', 'absolute'],
    ['a\\..\\x.md', 'character'],
    ['a//x.md', 'empty folder name'],
    ['a/', 'empty folder name'],
    ['a\0.md', 'character'],
    ['a\n.md', 'character'],
    ['a\r.md', 'character'],
    ['a\u001b[2J.md', 'character'],
    ['a\u009b2J.md', 'character'],
    ['a\u2028.md', 'character'],
    ['a\ud800.md', 'character'],
    ['x.md:stream', 'character'],
    ['what?.md', 'character'],
    ['a|b.md', 'character'],
    ['a\u202edm.exe', 'direction'],
    ['.hidden.md', 'hidden'],
    ['.git/x.md', 'hidden'],
    ['a/.b/x.md', 'hidden'],
    ['a ', 'space'],
    [' a.md', 'space'],
    ['a./x.md', 'space'],
    ['con.md', 'reserved'],
    ['CON', 'reserved'],
    ['con .md', 'reserved'],
    ['a/NUL.tar.md', 'reserved'],
    ['com1.md', 'reserved'],
    ['LPT³.md', 'reserved'],
    ['aux/x.md', 'reserved'],
    [`${'x'.repeat(228)}.md`, 'longer than 230'],
    [`${'ä'.repeat(114)}.md`, 'longer than 230'],
    [`${'folder/'.repeat(129)}x.md`, 'longer than 900'],
  ])('refuses %j: %s', (path, why) => {
    expect(logPathProblem(path)).toContain(why);
  });

  it('lets no path out of the folder, on any platform, whatever is thrown at it', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '',
        '/',
        '\\',
        'C:',
        '\0',
        '\n',
        'con',
        'nul.md',
        '~',
        '%2e%2e',
        '．．',
        '\u202e',
        'x.md',
        ' ',
        '?',
        '\\\\?\\',
        '//server',
      ),
      fc.string({ unit: 'binary', maxLength: 12 }),
    );
    const path = fc
      .array(piece, { maxLength: 8 })
      .chain((all) => fc.constantFrom(all.join('/'), all.join('\\'), all.join('')));
    let taken = 0;
    fc.assert(
      fc.property(path, (candidate) => {
        if (logPathProblem(candidate) !== null) return;
        taken += 1;
        expect(posix.join('/root', candidate).startsWith('/root/')).toBe(true);
        expect(win32.join('C:\\root', candidate).startsWith('C:\\root\\')).toBe(true);
        expect(win32.resolve('C:\\root', candidate).startsWith('C:\\root\\')).toBe(true);
        expect(posix.normalize(candidate)).toBe(candidate);
        expect(Buffer.from(candidate, 'utf8').toString('utf8')).toBe(candidate);
      }),
      { numRuns: 20_000 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  it('says of a plain name what it says when it looks at every part', () => {
    const piece = fc.constantFrom(
      'con',
      'CON',
      'nul',
      'com1',
      'lpt',
      'a',
      'Z9',
      '_',
      '-',
      '.',
      '.md',
      '/',
      ' ',
    );
    let taken = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 7 }), (pieces) => {
        const path = `${pieces.join('')}.md`;
        const isFine = logPathProblem(path) === null;
        // The dot in the folder keeps it from being plain.
        expect(logPathProblem(`v1.0/${path}`) === null).toBe(isFine);
        if (isFine) taken += 1;
      }),
      { numRuns: 20_000 },
    );
    expect(taken).toBeGreaterThan(1_000);
  });
});

describe('parseLogPath', () => {
  it('takes Markdown only, and says why it refuses', () => {
    expect(parseLogPath('a/b.MD')).toEqual({ ok: true, value: 'a/b.MD' });
    for (const path of ['a.txt', 'md', '', 7, null, undefined, {}]) {
      expect(parseLogPath(path)).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
    }
    const refused = parseLogPath('../x.md');
    expect(refused.ok ? '' : refused.error.message).toContain('leaves its folder');
  });
});

describe('parseLogId', () => {
  it('splits machine and path', () => {
    expect(parseLogId(`${UUID.toUpperCase()}/2026-01/x.md`)).toEqual({
      ok: true,
      value: { machine: UUID, path: '2026-01/x.md', part: null, id: `${UUID}/2026-01/x.md` },
    });
  });

  it.each([UUID, `${UUID}/`, `${UUID}/../x.md`, `x/${UUID}/x.md`, '/x.md', '', 42, null])(
    'refuses %j',
    (id) => {
      expect(parseLogId(id)).toMatchObject({ ok: false, error: { code: 'invalid-input' } });
    },
  );
});

describe('foldPath', () => {
  it.each([
    ['Ä.md', 'a\u0308.md'],
    ['README.md', 'readme.MD'],
    ['ΟΔΟΣ.md', 'οδος.md'],
    ['οδος.md', 'οδοσ.md'],
    ['ſ.md', 's.md'],
    ['\u212a.md', 'k.md'],
  ])('%j and %j may not meet', (a, b) => {
    expect(foldPath(a)).toBe(foldPath(b));
  });

  it('folds plain names as it folds them beside others', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary-ascii' }),
        (text) => `${foldPath(text)}ä` === foldPath(`${text}Ä`),
      ),
    );
  });

  it('keeps other names apart, and folding twice changes nothing', () => {
    expect(foldPath('a.md')).not.toBe(foldPath('b.md'));
    expect(foldPath('a.md')).not.toBe(foldPath('ä.md'));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => foldPath(foldPath(text)) === foldPath(text)),
    );
  });
});

describe('utf8Length', () => {
  it('counts as an encoder does', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) => utf8Length(text) === new TextEncoder().encode(text).length,
      ),
    );
  });
});
