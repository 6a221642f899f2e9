/**
 * Splits a command line as a person writes it: words, with quotes around spaces. No shell ever sees it.
 * @returns the words; null when a quote is unclosed or there are none
 */
export function splitCommand(line: string): readonly string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (const letter of line) {
    if (quote !== '') {
      if (letter === quote) quote = '';
      else word += letter;
    } else if (letter === '"' || letter === "'") {
      quote = letter;
      word ??= '';
    } else if (letter === ' ' || letter === '\t') {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + letter;
  }
  if (word !== null) words.push(word);
  return quote !== '' || words.length === 0 ? null : words;
}

/** Editors that take `--goto file:line`, and those that take `+line file`; by program name. */
const GOTO = /^(?:code|code-insiders|codium|cursor|windsurf)(?:\.cmd|\.exe)?$/i;
const PLUS = /^(?:vim?|nvim|gvim|emacs|emacsclient|nano|micro|gedit|kate|hx)(?:\.exe)?$/i;

/**
 * Returns the command that opens a file at a line. `{file}` and `{line}` in the command line stand for them; without `{file}` the syntax of
 * known editors is used, else the file is the last word.
 * @returns program and arguments; null when the command line is invalid
 */
export function editorCommand(
  line: string,
  file: string,
  at?: number,
): { readonly program: string; readonly args: readonly string[] } | null {
  const words = splitCommand(line);
  const [program, ...args] = words ?? [];
  if (program === undefined || program === '') return null;
  if (args.some((word) => word.includes('{file}'))) {
    const filled = args.map((word) =>
      word.replaceAll('{file}', () => file).replaceAll('{line}', String(at ?? 1)),
    );
    return { program, args: filled };
  }
  const name = program.split(/[\\/]/).at(-1) ?? '';
  if (at !== undefined && GOTO.test(name)) return { program, args: [...args, '--goto', `${file}:${at}`] };
  if (at !== undefined && PLUS.test(name)) return { program, args: [...args, `+${at}`, file] };
  return { program, args: [...args, file] };
}
