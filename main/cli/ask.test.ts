import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { askAuthor } from './ask-author.ts';
import { openAsker, type Asker } from './ask.ts';

/** An asker over lines that a person typed, and what they saw. */
function typed(text: string): { readonly asker: Asker; readonly seen: () => string } {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let shown = '';
  output.on('data', (part: Buffer) => (shown += part.toString()));
  const asker = openAsker(input, output);
  input.end(text);
  return { asker, seen: () => shown };
}

const MIKE = { name: 'Mike Swanson', user: 'mike', email: 'mike@example.com' };

describe('questions at the terminal', () => {
  it('take the proposal for an empty line, and lines that were typed ahead', async () => {
    const { asker, seen } = typed('\nsecond\n');
    expect(await asker.line('First', 'one')).toBe('one');
    expect(await asker.line('Second', '')).toBe('second');
    expect(await asker.line('Third', 'x')).toBeNull();
    expect(seen()).toContain('First [one]: ');
  });

  it('ask again until yes or no is said', async () => {
    expect(await typed('perhaps\nY\n').asker.confirm('Really?', false)).toBe(true);
    expect(await typed('\n').asker.confirm('Really?', true)).toBe(true);
    expect(await typed('no\n').asker.confirm('Really?', true)).toBe(false);
    expect(await typed('').asker.confirm('Really?', true)).toBeNull();
  });
});

describe('asking who somebody is', () => {
  it('takes what git says when it is confirmed', async () => {
    expect(await askAuthor(typed('\n\n\n').asker, MIKE)).toEqual({ ok: true, value: MIKE });
  });

  it('proposes the short name of another full name, and no e-mail for a dash', async () => {
    expect(await askAuthor(typed('Zoë Lindqvist\n\n-\n').asker, MIKE)).toEqual({
      ok: true,
      value: { name: 'Zoë Lindqvist', user: 'zoe', email: '' },
    });
  });

  it('asks again for what cannot be used, and gives up when the person does', async () => {
    expect(await askAuthor(typed('Mike Swanson\nmike swanson\n\n\nmike\n\n').asker, MIKE)).toEqual({
      ok: true,
      value: MIKE,
    });
    expect(await askAuthor(typed('Mike\n').asker, MIKE)).toMatchObject({ error: { code: 'cancelled' } });
  });
});
