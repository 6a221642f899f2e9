import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runBuilt, type Ended } from './built-cli.ts';
import { onceHere } from './once-here.ts';

export const LOG = '2026-06-05-hal-one.md';
export const TEXT =
  '# Session Log\n\n## 2026-06-05T10:00:00Z - Session Entry\n\n**Focus**: Zürich DNS, and the rest of it\n';

/** A data folder with a store beside it, in a home of its own. */
export class Box {
  readonly home: string;
  readonly folder: string;
  /** The home folder of its user. */
  readonly userHome: string;
  /** What its user has read on another machine: words to compare, or a recovery key. */
  read = '';
  /** Where its user is. */
  cwd: string;
  /** Further variables of its environment. */
  readonly env: Record<string, string> = {};
  readonly #own: Readonly<Record<string, string>>;

  constructor(folder: string, name = 'a') {
    this.folder = folder;
    this.cwd = folder;
    this.home = join(folder, name);
    this.userHome = join(folder, `os-${name}`);
    mkdirSync(join(this.userHome, '.claude'), { recursive: true });
    mkdirSync(join(folder, 'store'), { recursive: true });
    this.#own = { SESSION_LOG_HOME: this.home, HOME: this.userHome };
    this.write(LOG, TEXT);
  }

  run(...args: readonly string[]): Promise<Ended> {
    return runBuilt('cli.js', args, {
      cwd: this.cwd,
      env: { ...this.#own, ...this.env },
      input: this.read,
    });
  }

  async done(...args: readonly string[]): Promise<void> {
    expect(await this.run(...args), args.join(' ')).toMatchObject({ code: 0 });
  }

  write(log: string, text: string): void {
    mkdirSync(join(this.home, 'session-logs'), { recursive: true });
    writeFileSync(join(this.home, 'session-logs', log), text);
  }

  has(log: string): boolean {
    return existsSync(join(this.home, 'session-logs', log));
  }

  /** Connects the store beside it and pushes. */
  async push(): Promise<void> {
    await this.once('push', async () => {
      await this.done('config', 'set', 'store.url', `file://${this.folder}/store`);
      await this.done('sync', '--push');
    });
  }

  /** Sets up what other boxes at this place are set up with, too: done once where the same files are found, and copied after that. */
  once<T>(what: string, set: () => Promise<T>): Promise<T> {
    const here = [what, this.home, this.cwd, this.read, JSON.stringify(this.env)];
    return onceHere(this.folder, here.join('\n'), set);
  }

  /** The stored file of a log. */
  stored(log: string): string {
    const [path] = readdirSync(join(this.folder, 'store'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith(log),
    );
    return join(this.folder, 'store', path ?? 'missing');
  }

  /** A second machine at the same store, with a log of its own. */
  async other(): Promise<Box> {
    const other = new Box(this.folder, 'b');
    rmSync(join(other.home, 'session-logs', LOG));
    other.write('2026-06-07-mara-two.md', TEXT);
    await other.once('join', async () => {
      await other.done('init', '--new-identity');
      await other.push();
      await other.done('sync', '--index');
    });
    return other;
  }
}

/** What stands in a printed command for something that the person puts there. */
const BLANKS: readonly (readonly [RegExp, (box: Box) => string])[] = [
  [/"Full Name"/, () => '"Hal Berg"'],
  [/file:\/\/\/FOLDER/, ({ folder }) => `file://${folder}/store`],
  [/<folder>,<folder>/, ({ folder }) => `${folder}/repo`],
  [/-- bash sync\.sh/, () => '-- true'],
  [/gs:\/\/BUCKET/, () => 'gs://a-bucket'],
  [/"…"/, ({ read }) => `"${read}"`],
  [/\bFILE\b/, ({ folder }) => `${folder}/key.json`],
  [/"<command>"/, ({ folder }) => `${folder}/editor`],
];

/** The commands of ours in what was printed, each as its words, what a person fills in filled in. */
export function commandsIn({ out, err }: Ended, box: Box | null): readonly (readonly string[])[] {
  const lines = `${out}\n${err}`.matchAll(
    /`session-log ([^`]+)`|(?:^\s*|: )session-log ([a-z][^\n]*?)(?:\.(?=\s)|$)/gm,
  );
  return [...lines].map(([, quoted, plain]) => {
    const filled = BLANKS.reduce(
      (text, [blank, value]) => (box === null ? text : text.replace(blank, value(box))),
      quoted ?? plain ?? '',
    );
    return (filled.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''));
  });
}

export interface Row {
  /** The state, as a sentence goes on. */
  readonly state: string;
  /** Brings the state about, and runs the command that prints the remedy. */
  readonly bring: (box: Box) => Promise<Ended | readonly [Box, Ended]>;
  /** Which of the printed commands is run. */
  readonly command: RegExp;
  /** How it ends; 0 unless it is said. */
  readonly code?: number;
  /** What is better then; left out where the command only shows something. */
  readonly after?: (box: Box, ended: Ended) => Promise<void> | void;
}
