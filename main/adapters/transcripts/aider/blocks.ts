import type { ReadLine } from '../reading/line-reader.ts';

/** A contiguous part of an Aider chat. */
export interface Block {
  /** `chat`: a start; the text is its time. `prompt`: typed. `tool`: a line of Aider's own output. `reply`: all other text. */
  readonly kind: 'chat' | 'prompt' | 'tool' | 'reply';
  /** Without the marks; only the beginning of a long one. */
  readonly text: string;
  /** Characters of the whole text; for truncated lines, bytes. */
  readonly length: number;
}

interface OpenBlock {
  readonly kind: Block['kind'];
  readonly offset: number;
  readonly lines: string[];
  kept: number;
  length: number;
  end: number;
}

const LINE_BREAK = 0x0a;
const LONGEST_LINE = 1 << 16;
const MOST_KEPT = 1 << 18;

/** The first line of a chat: local time, without a zone. */
export const CHAT = /^# aider chat started at (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\s*$/;
// Aider ends its own lines with two spaces, which a model's headings and quotations do not have.
const TOOL = /^> ?(.*?) {2}$/;
const PROMPT = /^#### ?(.*?) {2}$/;

/** Splits a chat into blocks, in bounded memory whatever it contains. The same bytes yield the same blocks, however they are chunked. */
export function createBlockReader() {
  let offset = 0;
  let head = Buffer.alloc(0);
  let [length, ending] = [0, Buffer.alloc(0)];
  let block: OpenBlock | null = null;

  const give = (take: (line: ReadLine) => void): void => {
    if (block === null) return;
    const text = block.lines.join('\n');
    const value: Block = { kind: block.kind, text, length: Math.max(text.length, block.length) };
    if (block.kind !== 'reply' || text.trim() !== '')
      take({ value, problem: null, offset: block.offset, length: block.end - block.offset });
    block = null;
  };
  const line = (take: (line: ReadLine) => void): void => {
    const { kind, text } = lineOf(head, length, ending);
    const size = length > LONGEST_LINE ? length : text.length + 1;
    const joins = block !== null && block.kind === kind && (kind === 'prompt' || kind === 'reply');
    if (!joins) give(take);
    block ??= { kind, offset, lines: [], kept: 0, length: -1, end: offset };
    if (block.kept < MOST_KEPT) block.lines.push(text);
    block.kept += text.length;
    block.length += size;
    block.end = offset + length;
  };
  const add = (bytes: Buffer): void => {
    if (head.length < LONGEST_LINE)
      head = Buffer.concat([head, bytes.subarray(0, LONGEST_LINE - head.length)]);
    length += bytes.length;
    ending = Buffer.from(Buffer.concat([ending, bytes.subarray(-3)]).subarray(-3));
  };
  const next = (skipped: number): void => {
    offset += length + skipped;
    [head, length, ending] = [Buffer.alloc(0), 0, Buffer.alloc(0)];
  };
  return {
    push(given: Uint8Array, take: (line: ReadLine) => void): void {
      const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
      let at = 0;
      for (let end = bytes.indexOf(LINE_BREAK); end !== -1; end = bytes.indexOf(LINE_BREAK, at)) {
        add(bytes.subarray(at, end));
        line(take);
        next(1);
        at = end + 1;
      }
      add(bytes.subarray(at));
    },
    end(take: (line: ReadLine) => void): void {
      if (length > 0) line(take);
      next(0);
      give(take);
    },
    offset: () => offset,
  };
}

/** @param ending its last bytes, if the head does not reach that far */
function lineOf(head: Buffer, length: number, ending: Buffer): Pick<Block, 'kind' | 'text'> {
  const kept = head.toString('utf8').replace(/\r$/, '');
  const chat = CHAT.exec(kept);
  if (chat !== null) return { kind: 'chat', text: chat[1] ?? '' };
  const isCut = length > head.length;
  const isOwn = isCut ? /  \r?$/.test(ending.toString('latin1')) : kept.endsWith('  ');
  const whole = isCut && isOwn ? `${kept}  ` : kept;
  const prompt = PROMPT.exec(whole);
  if (prompt !== null) return { kind: 'prompt', text: (prompt[1] ?? '').trimEnd() };
  const tool = TOOL.exec(whole);
  return tool === null ? { kind: 'reply', text: kept } : { kind: 'tool', text: tool[1] ?? '' };
}

/** Converts a local wall clock time to epoch milliseconds: Aider writes no zone. Null for an invalid time. */
export function localTime(value: string): number | null {
  const at = new Date(value.replace(' ', 'T')).getTime();
  return Number.isNaN(at) ? null : at;
}
