import { emptyAttribution, readField, takeField } from '../../../shared/domain/log-text/attribution.ts';
import { nameOf } from '../files/folder-path.ts';
import { sameHost, type Identity } from '../author/author-file.ts';

/** Renders the User block, constant for an identity: heading, then one bold key per line. */
export function renderUserBlock(identity: Identity): string {
  const lines = [`- **User:** ${identity.fullName} (${identity.user})`, `- **Machine:** ${identity.machine}`];
  if (identity.role !== null) lines.push(`- **Role:** ${identity.role}`);
  return `## User\n\n${lines.join('\n')}`;
}

export interface GivenBlock {
  /** Lines of a hand-written block other than User, Machine or Role (e.g. a session span). */
  readonly rest: string;
  /** Its claims that contradict the identity. */
  readonly contradictions: readonly string[];
}

/** Parses a User section that came with the text: its attribution is never used, but nothing else in it is dropped. */
export function readGivenBlock(body: string, identity: Identity): GivenBlock {
  const claimed = emptyAttribution();
  const rest: string[] = [];
  for (const line of body.split('\n')) {
    const field = readField(line, 0, line.length);
    if (field && ['user', 'machine', 'role'].includes(field[0])) takeField(claimed, field);
    else rest.push(line);
  }
  const contradictions: string[] = [];
  const user = claimed.user ?? claimed.author;
  if (
    user !== null &&
    ![identity.user, identity.fullName].some((name) => name.toLowerCase() === user.toLowerCase())
  )
    contradictions.push(`the text said User ${user}, ${nameOf(identity.path)} says ${identity.user}`);
  if (claimed.machineName !== null && !sameHost(claimed.machineName, identity.machine))
    contradictions.push(`the text said Machine ${claimed.machineName}, but this is ${identity.machine}`);
  return { rest: rest.join('\n').trim(), contradictions };
}
