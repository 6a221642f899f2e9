import type { Answer } from '../../../shared/app-error.ts';
import { claudeFolder } from '../../compose/agent-folders.ts';
import { openCommandLine } from '../../compose/command-line.ts';
import type { HooksChange } from '../../core/agent-hooks/claude-hooks.ts';
import { claudeServers } from '../../core/launcher/mcp-places.ts';
import { connectAgent } from '../../core/workflows/connect-agent.ts';
import { agentState } from '../../core/workflows/look-at-agent.ts';
import { hooksText } from '../hooks-text.ts';
import { done, failed, stopped, type SetupRun, type StepDone } from './setup-run.ts';

/** Values of `--agent`. */
export const AGENTS: readonly string[] = ['claude-code', 'none'];

const UNDO = 'session-log hooks remove';
const BRIEF =
  'A session can also begin with the last three of its project (nothing leaves this machine): session-log config set agents.brief true';

/** Shortens the change for a question: additions to a person's file in full, new files by name. */
function shortened(change: HooksChange): HooksChange {
  const commands = change.commands.map((one) => (one.action === 'created' ? { ...one, diff: '' } : one));
  return { ...change, commands };
}

/** Connects Claude Code: its hooks, `/save`, `/sync` and tools. */
export async function agentStep(run: SetupRun): Answer<StepDone> {
  const { asker, local, options, context } = run;
  const isNamed = options.agent?.includes('claude-code') === true;
  if (options.agent !== undefined && !isNamed) return done('agent', 'skipped', ['No agent was connected.']);
  const folder = claudeFolder(context.env);
  if (!folder.ok) return failed('agent', folder.error);
  const deps = { ...local, commandLine: openCommandLine() };
  const servers = [claudeServers(folder.value)];
  const request = {
    agent: 'claude-code',
    folder: folder.value,
    servers,
    backups: local.paths.backups,
    force: false,
  } as const;
  const agent = await agentState(deps, folder.value);
  if (agent.state === 'connected')
    return done('agent', 'unchanged', [`Claude Code is connected (${agent.folder}).`], UNDO);
  if (!agent.isFound && !isNamed)
    return done('agent', 'skipped', [`Claude Code was not found here (there is no ${agent.folder}).`]);
  const planned = await connectAgent(deps, { ...request, dryRun: true });
  if (!planned.ok) return failed('agent', planned.error);
  if (asker !== null && !isNamed) {
    asker.say(`Connecting Claude Code changes this:\n${hooksText(shortened(planned.value))}`);
    const wanted = await asker.confirm('Connect Claude Code?', true);
    if (wanted === null) return stopped();
    if (!wanted) return done('agent', 'skipped', ['Claude Code was not connected.']);
  } else if (!isNamed && !options.yes)
    return done('agent', 'skipped', ['Claude Code is here and not connected: session-log hooks install']);
  const installed = await connectAgent(deps, { ...request, dryRun: false });
  if (!installed.ok) return failed('agent', installed.error);
  const brief = local.settings.agents.brief ? [] : [BRIEF];
  return done('agent', 'changed', ['Claude Code is connected.', hooksText(installed.value), ...brief], UNDO);
}
