import { appError, type AppError, type Answer } from '../../../../shared/app-error.ts';
import { knownAuthor } from '../../../../shared/domain/author.ts';
import type { AgentView, AgentChange } from '../../../../shared/ipc/setup.ts';
import { err, mapOk, ok } from '../../../../shared/result.ts';
import type { AgentState } from '../../agent-hooks/agent-state.ts';
import type { HooksChange } from '../../agent-hooks/claude-hooks.ts';
import { claudeServers } from '../../launcher/mcp-places.ts';
import type { Files } from '../../ports/files.ts';
import { folderPath, parentOf } from '../../files/folder-path.ts';
import { proposeAuthor } from '../../author/author.ts';
import { findWorkspace } from '../../workspaces/workspace.ts';
import { writeIdentity } from '../../author/write-author-file.ts';
import { connectAgent, disconnectAgent } from '../../workflows/connect-agent.ts';
import { agentState } from '../../workflows/look-at-agent.ts';
import type { AppParts } from '../app-core.ts';
import type { SetupService } from '../app-service.ts';
import { createNearbyLogs, type NearbyLogsParts } from './nearby-logs.ts';

export type SetupServiceParts = NearbyLogsParts & Pick<AppParts, 'commandLine'>;

/** The welcome: who somebody is, the agents found here, and existing logs. Settings themselves are changed by `settings.set`. */
export function createSetupService(parts: SetupServiceParts): SetupService {
  const { files, clock } = parts;
  const { commandLine } = parts;
  const deps = { files, clock, bytes: parts.identityDeps.bytes, commandLine };

  const change = async (act: typeof connectAgent, dryRun: boolean): Answer<AgentChange> => {
    const { claudeFolder: folder } = parts.agents;
    if (folder === null) return err(homeless());
    const servers = [claudeServers(folder)];
    const changed = await act(deps, {
      agent: 'claude-code',
      folder,
      servers,
      backups: parts.paths.backups,
      dryRun,
      force: false,
    });
    if (!changed.ok) return changed;
    return ok({ files: filesOf(changed.value), agent: viewOf(await agentState(deps, folder)) });
  };

  return {
    async look() {
      const { claudeFolder: folder, userHome } = parts.agents;
      const agents = folder === null ? [] : [viewOf(await agentState(deps, folder))];
      return ok({
        author: knownAuthor(parts.settings.now.author),
        proposal: await proposeAuthor(parts.git, userHome ?? parts.identityDeps.paths.home),
        agents,
      });
    },
    connectAgent: ({ dryRun }) => change(connectAgent, dryRun),
    disconnectAgent: ({ dryRun }) => change(disconnectAgent, dryRun),
    ...createNearbyLogs(parts),
    makeFolder: ({ path }) => makeShared(files, path),
    async writeIdentity({ workspace: folder }) {
      const workspace = await findWorkspace(files, folder);
      if (!workspace.ok) return workspace;
      if (workspace.value === null) return err(noTree(folder));
      const author = knownAuthor(parts.settings.now.author);
      if (author === null) return err(noAuthor());
      const written = await writeIdentity(
        files,
        workspace.value,
        author,
        parts.identityDeps.probe.hostname(),
      );
      return mapOk(written, (path) => ({ path }));
    },
  };
}

/** Creates a folder with its parent's permissions: a private one would lock the team out. */
async function makeShared(files: Files, path: string): Answer<void> {
  const made = await files.makeFolder(path);
  const parent = parentOf(folderPath(path));
  const around = made.ok && parent !== null ? await files.stat(parent) : null;
  if (!made.ok || around === null || !around.ok || around.value === null) return made;
  return files.setMode(path, 0o700 | (around.value.mode & 0o775));
}

function filesOf({ settings, commands, servers }: HooksChange): AgentChange['files'] {
  return [settings, ...commands, ...servers].map(({ path, action, diff }) => ({ path, action, diff }));
}

function viewOf({ agent, name, folder, isFound, state, problem }: AgentState): AgentView {
  return { agent, name, folder, isFound, state, problem };
}

function homeless(): AppError {
  return appError(
    'not-configured',
    'Your home folder is unknown, so Claude Code cannot be found.',
    'Start Session Log with HOME or CLAUDE_CONFIG_DIR set.',
  );
}

function noTree(folder: string): AppError {
  return appError('not-found', `${folder} is not inside a git repository.`, 'Look again.');
}

function noAuthor(): AppError {
  return appError('not-configured', 'No author is set yet.', 'Say who you are first.');
}
