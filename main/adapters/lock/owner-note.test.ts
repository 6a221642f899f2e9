import { assert, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { formatOwnerNote, parseOwnerNote, shortLine } from './owner-note.ts';

const NOTE = { host: 'farm', pid: 7, since: 1_700_000_000_000, command: 'git-sync', who: 'mike' };

describe('what an owner says about itself', () => {
  it('is read back', () => {
    expect(parseOwnerNote(formatOwnerNote(NOTE))).toEqual(NOTE);
  });

  it.each(['', '{', 'null', '[]', '"x"', '{"pid":"7","since":-1,"host":3,"who":null}', '{"since":1e300}'])(
    'is empty when it makes no sense: %s',
    (text) => {
      expect(parseOwnerNote(text)).toEqual({});
    },
  );

  it('cannot steer the terminal it is shown on', () => {
    const hostile = {
      ...NOTE,
      who: '\u001B]52;c;cm0gLXJm\u0007mike\r\nroot',
      command: '\u202Eevil\u2066\u009B31m',
    };
    const { who, command } = parseOwnerNote(formatOwnerNote(hostile));
    expect(who).toBe('<U+001B>]52;c;cm0gLXJm<U+0007>mike root');
    expect(command).toBe('<U+202E>evil<U+2066><U+009B>31m');
  });

  it('is one short line whatever is in it', () => {
    assert(
      property(string({ unit: 'binary', maxLength: 500 }), (text) => {
        const line = shortLine(text);
        return line.length <= 120 && !/[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u.test(line);
      }),
    );
  });
});
