import { knownAuthor, type Author } from '../../shared/domain/author.ts';
import { plural } from '../../shared/format/amount.ts';
import { agentHere } from '../compose/agent-here.ts';
import type { Core } from '../compose/core.ts';
import type { AgentState } from '../core/agent-hooks/agent-state.ts';
import { unreadNotes } from '../core/workflows/unread-notes.ts';

/** The author, whether agents are connected, and unread notes: the part of the status about the person. */
export interface SetupHere {
  readonly author: Author | null;
  readonly agent: Pick<AgentState, 'agent' | 'isFound' | 'state'> | null;
  /** Unread notes; null when they cannot be read. */
  readonly unread: number | null;
}

/** Reads only this disk. */
export async function setupHere(core: Core, cwd: string): Promise<SetupHere> {
  const { files, clock } = core.sync;
  const [agent, unread] = await Promise.all([agentHere(), unreadNotes({ ...core, files, clock }, cwd)]);
  return {
    author: knownAuthor(core.settings.author),
    agent: agent && { agent: agent.agent, isFound: agent.isFound, state: agent.state },
    unread: unread.ok ? unread.value.length : null,
  };
}

/** Its lines for people, as names and texts: each with the missing step. */
export function setupLines({ author, agent, unread }: SetupHere): readonly (readonly [string, string])[] {
  return [
    [
      'Author',
      author === null
        ? 'not set yet: session-log whoami --set "Full Name"'
        : `${author.name} (${author.user})`,
    ],
    ...(agent === null || (!agent.isFound && agent.state === 'not-connected')
      ? []
      : [['Agents', agentText(agent.state)] as const]),
    ...(unread === null || unread === 0
      ? []
      : [['Notes', `${plural(unread, 'unread note')}: session-log notes`] as const]),
  ];
}

function agentText(state: AgentState['state']): string {
  if (state === 'connected') return 'Claude Code is connected';
  return `Claude Code is ${state === 'not-connected' ? 'not connected' : 'not connected as it should be'}: session-log hooks install`;
}
