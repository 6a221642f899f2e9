import { readFileSync } from 'node:fs';

/** Stands before the fuses in every Electron program, so that they can be found and flipped. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/** In the order of the wire, version 1. */
const NAMES = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
] as const;

/**
 * Reads the fuses out of a program's bytes.
 * @param program absolute path
 * @throws Error when it is no Electron, or of another kind of wire
 */
export function readFuses(program: string): Readonly<Record<(typeof NAMES)[number], boolean>> {
  const bytes = readFileSync(program);
  const at = bytes.indexOf(SENTINEL);
  if (at === -1) throw new Error(`${program} has no fuses`);
  const [version, length] = [bytes[at + SENTINEL.length], bytes[at + SENTINEL.length + 1] ?? 0];
  if (version !== 1 || length < NAMES.length) throw new Error(`${program} has fuses of version ${version}`);
  const wire = bytes.subarray(at + SENTINEL.length + 2).toString('latin1', 0, length);
  return Object.fromEntries(NAMES.map((name, index) => [name, wire[index] === '1'])) as Readonly<
    Record<(typeof NAMES)[number], boolean>
  >;
}
