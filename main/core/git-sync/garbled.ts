/**
 * Windows paths that a shell turned into file names. MSYS and Cygwin map characters that Windows forbids in names to the private use area:
 * U+F03A for `:`, U+F05C for `\`.
 */
const DRIVE = /^[A-Za-z][:\uf03a](?:[\\/\uf05c]|$)/;
const PARTS = /[\uf03a\uf05c]/;
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Whether a path, relative to a work tree's top, is no name chosen by a person. */
export function isGarbled(path: string): boolean {
  return DRIVE.test(path) || PARTS.test(path) || CONTROL.test(path);
}
