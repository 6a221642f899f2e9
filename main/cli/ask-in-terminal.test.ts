import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTerminalQuestion } from './ask-in-terminal.ts';

let input: PassThrough;
let output: PassThrough;

beforeEach(() => {
  input = new PassThrough();
  output = new PassThrough();
  // A busy machine may take longer to read what was typed ahead than a person to read the question.
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const asking = (lines: readonly string[], signal = new AbortController().signal): Promise<boolean> =>
  createTerminalQuestion(input, output, () => Promise.resolve(true)).ask(lines, signal);

/** Long after a person could have typed ahead, and all of that was read. */
async function later(): Promise<void> {
  do await new Promise((resolve) => setImmediate(resolve));
  while (input.readableLength > 0);
  vi.advanceTimersByTime(300);
}

const said = (): string => String(output.read() ?? '');

describe('A question of the browser view in its terminal', () => {
  it.each([
    ['y', true],
    ['YES', true],
    ['n', false],
    ['', false],
    ['yellow', false],
  ])('takes "%s" for %s.', async (line, answer) => {
    const asked = asking(['git.wikiCommand: "" -> "make"']);
    await later();
    input.write(`${line}\n`);
    expect(await asked).toBe(answer);
    expect(said()).toContain('git.wikiCommand: "" -> "make"');
  });

  it('is not answered by what was typed before it stood there.', async () => {
    input.write('y\ny\n');
    const asked = asking(['install the command line']);
    await later();
    input.write('n\n');
    expect(await asked).toBe(false);
  });

  it('is no when the terminal goes away.', async () => {
    const asked = asking(['install the command line']);
    input.end();
    expect(await asked).toBe(false);
  });

  it('ends when the page takes it back.', async () => {
    const stop = new AbortController();
    const asked = asking(['install the command line'], stop.signal);
    stop.abort();
    expect(await asked).toBe(false);
    expect(said()).toContain('took the question back');
  });

  it('shows hostile text as text, on one line.', async () => {
    const asked = asking(['app.editor: "" -> "\u001b[2Jx\r\nAllow it? [y/N] y"']);
    await later();
    input.write('n\n');
    await asked;
    const text = said();
    expect(text).not.toContain('\u001b');
    expect(text.split('\n').filter((line) => line.startsWith('Allow it?'))).toHaveLength(1);
  });
});
