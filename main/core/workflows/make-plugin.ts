import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { err, ok } from '../../../shared/result.ts';
import { isOurManifest, PLUGIN_MANIFEST, pluginFiles, README_FILE } from '../agent-hooks/claude-plugin.ts';
import { readText } from '../agent-hooks/edit-agent-file.ts';
import { inFolder } from '../files/folder-path.ts';
import { lastingLaunchWords } from '../install/command-line.ts';
import { launcherOf } from '../launcher/launcher-words.ts';
import type { AgentDeps } from './look-at-agent.ts';

/** The plugin to make. */
export interface PluginRequest {
  /** Absolute. */
  readonly folder: string;
  /** For colleagues: names `session-log` as found on the PATH, not by its path on this machine. */
  readonly isShared: boolean;
}

/** A plugin that was made. */
export interface PluginMade {
  readonly folder: string;
  /** Relative to the folder. */
  readonly files: readonly string[];
}

/** Teams read and commit them. */
const MODE = 0o644;

/**
 * Creates or updates the folder of a plugin for Claude Code.
 * @returns `attention` for a folder with any other content, which is left as it is; `io`, `denied`, `disk-full`
 */
export async function makePlugin(deps: AgentDeps, { folder, isShared }: PluginRequest): Answer<PluginMade> {
  const there = await deps.files.names(folder);
  if (!there.ok) return there;
  const manifest = await readText(deps.files, inFolder(folder, PLUGIN_MANIFEST));
  if (!manifest.ok) return manifest;
  const isOurs = manifest.value !== null && isOurManifest(manifest.value);
  if (there.value.length > 0 && !isOurs) return err(occupied(folder));
  const words = isShared ? ok(['session-log']) : await lastingLaunchWords(deps.commandLine);
  if (!words.ok) return words;
  const { place } = deps.commandLine;
  const launcher = launcherOf(words.value, place.windows);
  const files = pluginFiles({ words: words.value, launcher, version: place.version });
  // A team edits its README.
  const made = [...files].filter(([name]) => name !== README_FILE || !there.value.includes(name));
  for (const [name, text] of made) {
    const bytes = new TextEncoder().encode(text);
    const written = await deps.files.replace(inFolder(folder, name), bytes, { mode: MODE });
    if (!written.ok) return written;
  }
  return ok({ folder, files: made.map(([name]) => name) });
}

function occupied(folder: string): AppError {
  return appError(
    'attention',
    `${folder} holds other files, and was left as it is.`,
    'Name a folder that is empty or not there yet.',
  );
}
