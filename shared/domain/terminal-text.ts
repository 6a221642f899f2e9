/**
 * Characters from a log, a note, git or the store that must not reach a terminal: C0 and C1 controls (and so every ANSI and OSC sequence),
 * lone carriage returns that overwrite a line, direction controls that disguise text, line separators, and the tag and variation characters
 * that can hide text from a person but not from an agent reading the output.
 */
const UNSAFE =
  /\r(?!\n)|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]|\p{Surrogate}/gu;

/**
 * Makes hostile text safe for a terminal: everything that could act instead of being read is shown as `<U+001B>`. Line breaks
 * (including CRLF) and tabs stay. Replacements are pure ASCII, so any code page shows them.
 */
export function forTerminal(text: string): string {
  return text.replaceAll(UNSAFE, visible).replaceAll('\r\n', '\n');
}

/** Like {@link forTerminal}, on one line: line breaks and tabs become spaces. */
export function forTerminalLine(text: string): string {
  return forTerminal(text).replaceAll(/[\n\t]+/g, ' ');
}

const PLAIN: ReadonlyMap<string, string> = new Map([
  ['\u00a0', ' '],
  ['\u2010', '-'],
  ['\u2011', '-'],
  ['\u2012', '-'],
  ['\u2013', '-'],
  ['\u2014', '-'],
  ['\u2015', '-'],
  ['\u2018', "'"],
  ['\u2019', "'"],
  ['\u201c', '"'],
  ['\u201d', '"'],
  ['\u2022', '*'],
  ['\u2026', '...'],
  ['\u2190', '<-'],
  ['\u2192', '->'],
  ['\u2212', '-'],
  ['\u00d7', 'x'],
  ['\u2713', 'ok'],
  ['\u2717', 'x'],
]);

/**
 * For terminals that are not UTF-8 (Windows code pages print such bytes as `?` or worse): typographic characters become ASCII
 * equivalents, letters lose their accents, anything else becomes `<U+1F600>`. Apply to output of {@link forTerminal}.
 */
export function toAscii(text: string): string {
  return text.replaceAll(/[^\u0000-\u007f]/gu, (char) => {
    const plain = PLAIN.get(char) ?? char.normalize('NFKD').replaceAll(/\p{M}/gu, '');
    return /^[\u0020-\u007e]+$/.test(plain) ? plain : visible(char);
  });
}

function visible(char: string): string {
  return `<U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`;
}
