import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { DEFAULT_SETTINGS, type Settings } from '../../shared/domain/settings.ts';

const CLI = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'out', 'main', 'cli.js');

/** Settings as a test names them: only what is not the default. */
export type SomeSettings = { readonly [G in Exclude<keyof Settings, 'schema'>]?: Partial<Settings[G]> };

/** For the commands of benchmarks, in milliseconds. */
export const HOUR_MS = 3_600_000;

/** One machine's data folder, and its command line. */
export interface DataFolder {
  readonly home: string;
  /** Writes settings.json whole. */
  settings(some: SomeSettings): void;
  /** Writes a log of this machine. @param path relative to `session-logs/` */
  log(path: string, text: string): void;
  /** Runs a command of the product over this folder. @returns the value of its envelope */
  cli(...args: string[]): Promise<unknown>;
}

/**
 * A data folder with the product's own command beside it.
 * @param home absolute path; made by the first use
 * @param store absolute path of a folder store; the embedded one unless given
 * @param answerMs milliseconds for a command: less than a test has, so that the failure names the command
 */
export function dataFolder(home: string, store?: string, answerMs = 30_000): DataFolder {
  const folder: DataFolder = {
    home,
    settings(some) {
      mkdirSync(home, { recursive: true, mode: 0o700 });
      const groups = Object.entries(DEFAULT_SETTINGS).map(([name, value]) => [
        name,
        typeof value === 'object'
          ? { ...(value as object), ...(some as Readonly<Record<string, object>>)[name] }
          : value,
      ]);
      writeFileSync(join(home, 'settings.json'), JSON.stringify(Object.fromEntries(groups)), { mode: 0o600 });
    },
    log(path, text) {
      const file = join(home, 'session-logs', path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    },
    cli: (...args) => runCli(home, args, answerMs),
  };
  folder.settings({
    app: { firstRunDone: true },
    ...(store === undefined ? {} : { store: { url: pathToFileURL(store).href } }),
  });
  return folder;
}

function runCli(home: string, args: readonly string[], timeout: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, SESSION_LOG_HOME: home };
    const options = { env, timeout };
    execFile(process.execPath, [CLI, ...args, '--json'], options, (error, stdout, stderr) => {
      const envelope = parse(stdout);
      if (envelope?.ok === true) resolve(envelope.value);
      else
        reject(new Error(`session-log ${args.join(' ')}: ${stdout}${stderr} (${error?.signal ?? 'ended'})`));
    });
  });
}

function parse(text: string): { readonly ok: boolean; readonly value?: unknown } | null {
  try {
    return JSON.parse(text) as { readonly ok: boolean };
  } catch {
    return null;
  }
}

/**
 * Makes a data folder the one of another machine: an identity of its own, as other hardware would have given it.
 * @param host the machine's name
 */
export async function asOtherMachine(folder: DataFolder, host: string): Promise<string> {
  await folder.cli('init');
  const file = join(folder.home, 'machine-id.json');
  const identity = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const hash = createHash('sha256').update(`host:${host}`).digest('hex');
  const uuid = [
    hash.slice(0, 8),
    hash.slice(8, 12),
    hash.slice(12, 16),
    hash.slice(16, 20),
    hash.slice(20, 32),
  ];
  writeFileSync(
    file,
    JSON.stringify({
      ...identity,
      machine_uuid: uuid.join('-'),
      hardware_hash: `sha256:${hash}`,
      hostname: host,
      components: { machine_id_hash: hash.slice(32, 48) },
      install_nonce: randomBytes(16).toString('hex'),
    }),
  );
  return uuid.join('-');
}

/** A session log with what the list and the reader show. */
export function logText(about: {
  readonly title: string;
  readonly user?: string;
  readonly body?: string;
  readonly note?: { readonly to: string; readonly text: string };
}): string {
  const user = about.user ?? 'Hal Casey';
  return [
    `# Session Log: ${about.title}`,
    '',
    '## User',
    '',
    `- **User:** ${user}`,
    '- **Machine:** build-box',
    '',
    ...(about.note ? [`## Note for ${about.note.to}`, '', about.note.text, ''] : []),
    '## Session Summary',
    '',
    about.body ?? 'Everything went well.',
    '',
    '## Key Decisions',
    '',
    '- Keep it simple.',
    '',
  ].join('\n');
}
