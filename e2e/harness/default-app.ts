import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * The app that a bare Electron runs: it loads the app whose folder or file the command line names, as the official
 * one does. Electron waits for a module's top-level await before it becomes ready, so that the loaded app can still
 * register its schemes.
 */
const MAIN = `
import { app } from 'electron';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const given = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (given === undefined) {
  console.error('usage: electron <folder or file of an app>');
  app.exit(64);
} else {
  const path = resolve(given);
  let main = path;
  if (statSync(path).isDirectory()) {
    const manifest = join(path, 'package.json');
    const about = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')) : {};
    if (about.version) app.setVersion(about.version);
    if (about.productName ?? about.name) app.setName(about.productName ?? about.name);
    if (about.desktopName) app.setDesktopName(about.desktopName);
    app.setAppPath(path);
    main = join(path, about.main ?? 'index.js');
  }
  await import(pathToFileURL(main).href);
}
`;

const FILES = {
  'main.js': MAIN,
  'package.json': JSON.stringify({ name: 'electron', main: 'main.js', type: 'module' }),
};

/**
 * Writes the default app as the archive that Electron looks for.
 * @param file absolute path that ends in `default_app.asar`; its folder is made
 */
export async function writeDefaultApp(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, asarOf(FILES));
}

/**
 * Packs texts into an asar archive. Its head is a Chromium pickle: the size of a pickle, which holds the length of a
 * JSON text, which names every file with its size and its offset behind the head.
 * @param files name -> text
 */
export function asarOf(files: Readonly<Record<string, string>>): Buffer {
  const bodies = Object.values(files).map((text) => Buffer.from(text));
  let offset = 0;
  const entries = Object.keys(files).map((name, index) => {
    const size = bodies[index]?.length ?? 0;
    const entry = [name, { size, offset: String(offset) }] as const;
    offset += size;
    return entry;
  });
  const json = Buffer.from(JSON.stringify({ files: Object.fromEntries(entries) }));
  const padded = Math.ceil(json.length / 4) * 4;
  const head = Buffer.alloc(16 + padded);
  head.writeUInt32LE(4, 0);
  head.writeUInt32LE(padded + 8, 4);
  head.writeUInt32LE(padded + 4, 8);
  head.writeUInt32LE(json.length, 12);
  json.copy(head, 16);
  return Buffer.concat([head, ...bodies]);
}
