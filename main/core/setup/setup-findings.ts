import { knownAuthor, type Author } from '../../../shared/domain/author.ts';
import type { Finding } from '../status/finding.ts';
import type { AgentState } from '../agent-hooks/agent-state.ts';

/**
 * `doctor`'s findings about the author and the agents, with the missing step.
 * @param agent null where its folder is unknown
 */
export function setupFindings(author: Author, agent: AgentState | null): readonly Finding[] {
  return [authorFinding(author), ...(agent === null ? [] : agentFindings(agent))];
}

function authorFinding(author: Author): Finding {
  const known = knownAuthor(author);
  return known === null
    ? {
        level: 'hint',
        subject: 'author',
        finding: 'nobody has said who writes here; saves outside a workspace with an identity.json stop',
        remedy: 'session-log whoami --set "Full Name"',
      }
    : { level: 'ok', subject: 'author', finding: `${known.name} (${known.user})`, remedy: '' };
}

function agentFindings({ name, folder, isFound, state, hooks, problem }: AgentState): readonly Finding[] {
  const say = (level: Finding['level'], finding: string, remedy = ''): readonly Finding[] => [
    { level, subject: name, finding, remedy },
  ];
  const again = 'session-log hooks install';
  switch (state) {
    case 'connected':
      return say('ok', `connected in ${folder}`);
    case 'partly':
      return say('hint', 'its hooks, /save or /sync are not those of this program, or lack a part', again);
    case 'not-connected':
      return isFound ? say('hint', 'found and not connected', again) : [];
    case 'broken':
      return problem === null
        ? say(
            'problem',
            `its hooks start ${hooks?.missing.join(' and ') ?? ''}, which no longer exists`,
            again,
          )
        : say('problem', problem.message, problem.remedy);
  }
}
