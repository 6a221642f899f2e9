/** Parses `git cat-file --batch`: `<sha> <type> <size> LF <bytes> LF` per object. @returns null for one that git lacks */
export function parseBatch(output: Uint8Array): readonly (Uint8Array | null)[] {
  const objects: (Uint8Array | null)[] = [];
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(10, at);
    if (end === -1) break;
    const size = sizeIn(new TextDecoder().decode(output.subarray(at, end)), /^[0-9a-f]+ \w+ (\d+)$/);
    objects.push(size === null ? null : output.subarray(end + 1, end + 1 + size));
    at = size === null ? end + 1 : end + 2 + size;
  }
  return objects;
}

/** Parses `git cat-file --batch-check`, one line per object. @returns size of each file in bytes; null for any other */
export function parseSizes(output: Uint8Array): readonly (number | null)[] {
  const lines = new TextDecoder().decode(output).split('\n');
  return lines.slice(0, -1).map((line) => sizeIn(line, /^[0-9a-f]+ blob (\d+)$/));
}

function sizeIn(line: string, form: RegExp): number | null {
  const size = form.exec(line)?.[1];
  return size === undefined ? null : Number(size);
}
