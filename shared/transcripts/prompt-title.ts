/** Longest line that only introduces what follows: "Implement the following plan:". Longer ones are specific. */
const OPENING_LENGTH = 60;
const WORDS = /[\p{L}\p{N}]/u;

/**
 * Returns the title line of a prompt: its first line with words. An introductory line is joined with the next, or replaced by it if
 * that is a heading.
 * @returns an empty text when the prompt has no words
 */
export function promptTitle(text: string): string {
  const lines = text.split('\n').filter((line) => WORDS.test(line));
  const [first = '', next] = lines.map(withoutMarks);
  const isOpening = first.endsWith(':') && first.length <= OPENING_LENGTH;
  if (!isOpening || next === undefined) return first;
  return /^\s*#/.test(lines[1] ?? '') ? next : `${first} ${next}`;
}

const COMMAND = /^\/[\w:.-]+(?:\s+|$)/;
/** Minimum letters after a command that describe the request; fewer are a name or a switch. */
const TELLING = 10;

/** Returns what a prompt says after its leading command; empty if only files and switches. */
export function askedWords(title: string): string {
  const command = COMMAND.exec(title)?.[0];
  if (command === undefined) return title;
  const words = title.slice(command.length);
  const telling = words.split(/\s+/).filter((word) => !/^-|[/\\*]/.test(word));
  return telling.join('').replaceAll(/\P{L}/gu, '').length < TELLING ? '' : words;
}

/** Strips heading and quotation marks and a pasted shell prompt. */
function withoutMarks(line: string): string {
  return line
    .trim()
    .replace(/^(?:[\u276f>]\s*)+/u, '')
    .replace(/^#{1,6}\s+/, '')
    .trim();
}
