/**
 * Gives the line of an offset, from 1. Offsets that ascend, as those of what was found in a text do, are counted on from one another: a
 * text with thousands of findings is read once.
 */
export function lineFinder(bytes: Uint8Array): (offset: number) => number {
  let line = 1;
  let counted = 0;
  return (offset) => {
    if (offset < counted) [line, counted] = [1, 0];
    for (let at = bytes.indexOf(10, counted); at !== -1 && at < offset; at = bytes.indexOf(10, counted)) {
      line++;
      counted = at + 1;
    }
    return line;
  };
}
