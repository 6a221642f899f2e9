import { isObject, parseJson } from '../../../shared/json.ts';
import { folderPath, inFolder, nameOf, parentOf } from '../files/folder-path.ts';
import type { Files } from '../ports/files.ts';
import {
  claudePeriod,
  geminiRetention,
  type AgentSettings,
  type Period,
  type Retention,
  type SettingsHere,
} from './clean-up.ts';

/** Where this system's administrators put an agent's settings, absolute. */
export interface ManagedSettings {
  readonly claude: readonly string[];
  readonly gemini: readonly string[];
}

const SETTINGS_BYTES = 4 * 1024 * 1024;
/** A folder on a share whose server is gone must not delay the list. */
const ANSWER_MS = 500;
/** Most recent folders of an agent; older ones are rarely used again. */
const MOST_FOLDERS = 200;

/** How long Claude Code keeps one root's sessions. @param folders where its sessions were started, latest first */
export async function readClaudePeriod(
  files: Files,
  root: string,
  folders: readonly string[],
  managed: ManagedSettings,
): Promise<Period> {
  const home = configFolder(root, 'projects');
  const ruled = await Promise.all(managed.claude.map((path) => readSettings(files, path)));
  const user = await readSettings(files, inFolder(home, 'settings.json'));
  const here: SettingsHere[] = [{ managed: ruled, own: [user] }];
  const own = await inFolders(files, folders, ['.claude/settings.local.json', '.claude/settings.json']);
  for (const settings of own) here.push({ managed: ruled, own: [...settings, user] });
  return claudePeriod(here);
}

/** How long Gemini CLI keeps its sessions: the shortest period of all folders, as any start cleans up. */
export async function readGeminiRetention(
  files: Files,
  root: string,
  folders: readonly string[],
  managed: ManagedSettings,
): Promise<Retention> {
  const home = configFolder(root, 'tmp');
  const ruled = await Promise.all(managed.gemini.map((path) => readSettings(files, path)));
  const user = await readSettings(files, inFolder(home, 'settings.json'));
  const own = await inFolders(files, folders, ['.gemini/settings.json']);
  const all = [
    geminiRetention([...ruled, user]),
    ...own.map((settings) => geminiRetention([...ruled, ...settings, user])),
  ];
  const timed = all.flatMap((one) => (one.kind === 'days' ? [one] : []));
  const [first] = all;
  if (timed.length > 0) return timed.reduce((least, one) => (one.maxAgeMs < least.maxAgeMs ? one : least));
  return all.find(({ kind }) => kind === 'paused') ?? first ?? geminiRetention([]);
}

/** An agent's settings folder: a root may be its sessions folder below that. */
export function configFolder(root: string, sessions: string): string {
  return nameOf(root) === sessions ? (parentOf(root) ?? root) : root;
}

async function inFolders(
  files: Files,
  folders: readonly string[],
  names: readonly string[],
): Promise<readonly (readonly AgentSettings[])[]> {
  const distinct = [...new Set(folders.map(folderPath))].filter((folder) =>
    /^(?:\/|[A-Za-z]:\/)/.test(folder),
  );
  const found = await Promise.all(
    distinct.slice(0, MOST_FOLDERS).map(async (folder) => {
      if (!(await files.answers(folder, ANSWER_MS))) return null;
      const settings = await Promise.all(names.map((name) => readSettings(files, inFolder(folder, name))));
      return settings.every(({ content }) => content === null) ? null : settings;
    }),
  );
  return found.filter((one) => one !== null);
}

async function readSettings(files: Files, path: string): Promise<AgentSettings> {
  const bytes = await files.readHead(path, SETTINGS_BYTES);
  if (!bytes.ok) return { path, content: 'unreadable' };
  if (bytes.value === null) return { path, content: null };
  const value = parseJson(new TextDecoder().decode(bytes.value).replace(/^\ufeff/, ''));
  return { path, content: isObject(value) ? value : 'unreadable' };
}
