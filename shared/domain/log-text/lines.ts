import { lastThat } from '../../last-that.ts';

/** Line numbers of a text, 1-based, both ends inclusive. */
export type LineRange = readonly [first: number, last: number];

/** A text by lines, split lazily. */
export class Lines {
  readonly #text: string;
  #starts: number[] | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  get count(): number {
    return this.#offsets().length;
  }

  /** Returns a line without its line break; empty when it does not exist. */
  line(number: number): string {
    const starts = this.#offsets();
    const text = this.#text.slice(
      starts[number - 1] ?? this.#text.length,
      starts[number] ?? this.#text.length,
    );
    return text.endsWith('\n') ? text.slice(0, text.endsWith('\r\n') ? -2 : -1) : text;
  }

  /** Returns the text of the ranges, one after another. */
  text(ranges: readonly LineRange[]): string {
    const starts = this.#offsets();
    const [only] = ranges;
    if (ranges.length === 1 && only && only[0] <= 1 && only[1] >= starts.length) return this.#text;
    return ranges
      .map(([first, last]) =>
        this.#text.slice(starts[first - 1] ?? this.#text.length, starts[last] ?? this.#text.length),
      )
      .join('\n');
  }

  /** Returns the number of the line that contains an offset. */
  at(offset: number): number {
    const starts = this.#offsets();
    return (
      Math.max(
        0,
        lastThat(starts.length, (at) => (starts[at] ?? 0) <= offset),
      ) + 1
    );
  }

  /** Finds the first matching line from a given one, testing 200 characters of each; null when there is none. */
  firstMatch(from: number, pattern: RegExp): number | null {
    const starts = this.#offsets();
    for (let line = from; line <= starts.length; line++) {
      const start = starts[line - 1] ?? 0;
      if (pattern.test(this.#text.slice(start, Math.min(start + 200, starts[line] ?? this.#text.length))))
        return line;
    }
    return null;
  }

  #offsets(): readonly number[] {
    if (this.#starts) return this.#starts;
    this.#starts = [0];
    for (let at = this.#text.indexOf('\n'); at !== -1; at = this.#text.indexOf('\n', at + 1))
      this.#starts.push(at + 1);
    return this.#starts;
  }
}

/** Subtracts ranges from other ranges. */
export function withoutLines(
  ranges: readonly LineRange[],
  holes: readonly LineRange[],
): readonly LineRange[] {
  if (holes.length === 0) return ranges;
  const sorted = [...holes].sort(([a], [b]) => a - b);
  return ranges.flatMap(([first, last]) => {
    const left: LineRange[] = [];
    let at = first;
    for (const [from, to] of sorted) {
      if (to < at || from > last) continue;
      if (from > at) left.push([at, from - 1]);
      at = Math.max(at, to + 1);
    }
    if (at <= last) left.push([at, last]);
    return left;
  });
}
