import { describe, expect, it } from 'vitest';
import { editorCommand, splitCommand } from './editor-command.ts';

describe('a command line', () => {
  it.each([
    ['code', ['code']],
    ['  code   -n ', ['code', '-n']],
    ['"/opt/My Editor/run" --wait', ['/opt/My Editor/run', '--wait']],
    [`open -a 'Sublime Text'`, ['open', '-a', 'Sublime Text']],
    ['a"b c"d', ['ab cd']],
    ['x ""', ['x', '']],
  ])('%s is split into words', (line, words) => {
    expect(splitCommand(line)).toEqual(words);
  });

  it.each(['', '   ', '"open', `it's`])('%j is none', (line) => {
    expect(splitCommand(line)).toBeNull();
  });
});

describe('the command of an editor', () => {
  it('goes to the line where the editor can', () => {
    expect(editorCommand('code -n', '/l/a.md', 12)).toEqual({
      program: 'code',
      args: ['-n', '--goto', '/l/a.md:12'],
    });
    expect(editorCommand('/usr/bin/vim', '/l/a.md', 12)?.args).toEqual(['+12', '/l/a.md']);
    expect(editorCommand('notepad', '/l/a.md', 12)?.args).toEqual(['/l/a.md']);
    expect(editorCommand('code', '/l/a.md')?.args).toEqual(['/l/a.md']);
  });

  it('fills in what is asked for, and takes names with $& for what they are', () => {
    expect(editorCommand('ed {file} -l {line}', '/l/$& $1.md', 3)?.args).toEqual(['/l/$& $1.md', '-l', '3']);
  });

  it('passes a hostile name as one word', () => {
    expect(editorCommand('ed', '/l/a; rm -rf ~ "$(x)".md')?.args).toEqual(['/l/a; rm -rf ~ "$(x)".md']);
  });
});
