/** The two container formats of app icons on Windows and macOS; both contain PNG pictures unchanged. */

/**
 * Builds a Windows icon: a header, one entry of 16 bytes per picture, the pictures.
 * @param {readonly { size: number, png: Buffer }[]} pictures square, at most 256 pixels
 * @returns {Buffer}
 */
export function icoOf(pictures) {
  const head = Buffer.alloc(6 + 16 * pictures.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let offset = head.length;
  for (const [index, { size, png }] of pictures.entries()) {
    const at = 6 + 16 * index;
    // 256 is written as 0: the field is one byte.
    head.writeUInt8(size % 256, at);
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(png.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += png.length;
  }
  return Buffer.concat([head, ...pictures.map(({ png }) => png)]);
}

/** Part type of a macOS icon -> pixels; `ic11` to `ic14` are the doubled ones. */
const ICNS_TYPES = Object.freeze({
  icp4: 16,
  icp5: 32,
  ic07: 128,
  ic08: 256,
  ic09: 512,
  ic10: 1024,
  ic11: 32,
  ic12: 64,
  ic13: 256,
  ic14: 512,
});

/**
 * Builds a macOS icon: a header, then each picture after its type and length.
 * @param {ReadonlyMap<number, Buffer>} pictures pixels -> PNG
 * @returns {Buffer}
 */
export function icnsOf(pictures) {
  const parts = Object.entries(ICNS_TYPES).flatMap(([type, size]) => {
    const png = pictures.get(size);
    if (png === undefined) return [];
    const head = Buffer.from(`${type}\0\0\0\0`, 'latin1');
    head.writeUInt32BE(png.length + 8, 4);
    return [head, png];
  });
  const body = Buffer.concat(parts);
  const head = Buffer.from('icns\0\0\0\0', 'latin1');
  head.writeUInt32BE(body.length + 8, 4);
  return Buffer.concat([head, body]);
}
