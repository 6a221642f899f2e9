/** A line that only says that something follows: "Implement the following plan:". Longer ones say what. */
const OPENING_LENGTH = 60;
const WORDS = /[\p{L}\p{N}]/u;

/**
 * The line by which a prompt is known: its first with words in it. One that only announces the next is followed by that; where it is a
 * heading, the heading alone.
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
/** Letters of the words behind a command that say what is wanted; fewer are a name or a switch. */
const TELLING = 10;

/** What a prompt says beside the command that it begins with; empty for one that names nothing but files and switches. */
export function askedWords(title: string): string {
  const command = COMMAND.exec(title)?.[0];
  if (command === undefined) return title;
  const words = title.slice(command.length);
  const telling = words.split(/\s+/).filter((word) => !/^-|[/\\*]/.test(word));
  return telling.join('').replaceAll(/\P{L}/gu, '').length < TELLING ? '' : words;
}

/** Without the marks of a heading, of a quotation, of a pasted prompt. */
function withoutMarks(line: string): string {
  return line
    .trim()
    .replace(/^(?:[\u276f>]\s*)+/u, '')
    .replace(/^#{1,6}\s+/, '')
    .trim();
}
