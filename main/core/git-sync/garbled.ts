/**
 * Windows paths that a shell turned into file names. MSYS and Cygwin keep what Windows forbids in names as code points of the private
 * use area: U+F03A for `:`, U+F05C for `\`.
 */
const DRIVE = /^[A-Za-z][:\uf03a](?:[\\/\uf05c]|$)/;
const PARTS = /[\uf03a\uf05c]/;
const CONTROL = /[\u0000-\u001f\u007f]/;

/** True when a path, relative to the top of a work tree, is no name that a person gave. */
export function isGarbled(path: string): boolean {
  return DRIVE.test(path) || PARTS.test(path) || CONTROL.test(path);
}
