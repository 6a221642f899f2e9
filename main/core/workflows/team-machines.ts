import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { SealingJoin, SealingTeam } from '../../../shared/ipc/sealing.ts';
import type { Member } from '../sealing/member.ts';
import {
  admit,
  askToJoin,
  findByName,
  listRequests,
  openTeam,
  removeMember,
  type JoinRequest,
} from '../sealing/team.ts';
import { isNotAdmitted } from '../sealing/sealing-errors.ts';
import type { SealingBase } from './sealing-base.ts';

type Base = Pick<SealingBase, 'sealing'>;

/** Asks the team of a sealed store to admit this machine. Safe to repeat. */
export async function joinTeam({ sealing }: Base): Answer<SealingJoin> {
  const team = await sealing.team();
  return team.ok ? await askToJoin(sealing.deps, team.value) : team;
}

/**
 * Asks to join if that resolves a failure.
 * @returns null for other failures
 */
export async function joinBecauseOf(
  base: Base,
  failure: AppError,
): Promise<Result<SealingJoin, AppError> | null> {
  return isNotAdmitted(failure) ? joinTeam(base) : null;
}

/** Members and requests. */
export interface TeamReport extends SealingTeam {
  readonly members: readonly Member[];
  readonly requests: readonly JoinRequest[];
}

/** Lists the newest epoch's members and the requests of non-members. */
export async function listTeam({ sealing }: Base): Answer<TeamReport> {
  const team = await sealing.team();
  if (!team.ok) return team;
  const opened = await openTeam(sealing.deps, team.value);
  if (!opened.ok) return opened;
  const requests = await listRequests(sealing.deps, team.value);
  if (!requests.ok) return requests;
  const { newest, members } = opened.value;
  const words = await sealing.deps.age.words(newest.recipient);
  return ok({ epoch: newest.number, words, members, requests: requests.value });
}

/** Join requests, and which names were checked. */
export interface RequestsLook {
  readonly requests: readonly JoinRequest[];
  /** Names of stored requests; those of admitted machines stay there. */
  readonly seen: readonly string[];
}

/**
 * Checks for join requests, with one call where nothing has changed.
 * @param before what the last check saw, while nobody asked; null checks everything
 * @returns nobody where the store is in the clear, or this machine is no member
 */
export async function lookForRequests(base: Base, before: readonly string[] | null): Answer<RequestsLook> {
  const { keyring, store } = base.sealing.deps;
  const newest = await keyring.newest();
  if (!newest.ok && !isNotAdmitted(newest.error)) return newest;
  if (!newest.ok || newest.value === null) return ok({ requests: [], seen: [] });
  const page = await store.list(keyring.names.requests);
  if (!page.ok) return page;
  const seen = page.value.objects.map(({ name }) => name);
  if (seen.length === 0 || (before !== null && seen.every((name) => before.includes(name))))
    return ok({ requests: [], seen });
  const listed = await listTeam(base);
  return listed.ok ? ok({ requests: listed.value.requests, seen }) : listed;
}

/** Finds the request of that name. */
export async function findRequest({ sealing }: Base, name: string): Answer<JoinRequest> {
  const team = await sealing.team();
  if (!team.ok) return team;
  const requests = await listRequests(sealing.deps, team.value);
  return requests.ok ? findByName(requests.value, ({ machine }) => machine, name, 'request of') : requests;
}

/**
 * Admits a machine, to all that is sealed.
 * @param words as read out on that machine
 */
export async function admitMachine(
  { sealing }: Base,
  request: JoinRequest,
  words: readonly string[],
): Answer<Member> {
  const team = await sealing.team();
  return team.ok ? await admit(sealing.deps, team.value, request, words) : team;
}

/**
 * Admits the machine whose words were compared, as several requests may share its name or UUID.
 * @returns `not-found` when it no longer asks, `denied` when it asks with other words
 */
export async function admitByWords(
  base: Base,
  machine: MachineUuid,
  words: readonly string[],
): Answer<Member> {
  const listed = await listTeam(base);
  if (!listed.ok) return listed;
  const asking = listed.value.requests.filter((request) => request.machine === machine);
  const request = asking.find((one) => one.words.join(' ') === words.join(' ')) ?? asking[0];
  return request === undefined ? err(asksNoMore()) : await admitMachine(base, request, words);
}

function asksNoMore(): AppError {
  return appError(
    'not-found',
    'That machine is no longer asking to join: it was already let in, or its request was removed.',
    'Look again with `session-log machines requests`.',
  );
}

/** The result of removing a machine. */
export interface RemoveReport {
  readonly gone: Pick<Member, 'id' | 'name'>;
  readonly epoch: number;
  readonly members: readonly Member[];
}

/**
 * Removes a machine: it cannot read what is sealed from now on.
 * @param name its name, UUID or recipient
 */
export async function removeMachine({ sealing }: Base, name: string): Answer<RemoveReport> {
  const team = await sealing.team();
  if (!team.ok) return team;
  const opened = await openTeam(sealing.deps, team.value);
  if (!opened.ok) return opened;
  const found = findByName(
    opened.value.members,
    ({ id, recipient }) => (id === 'recovery' || name === recipient ? recipient : id),
    name,
    'member',
  );
  if (!found.ok) return found;
  const removed = await removeMember(sealing.deps, team.value, found.value);
  if (!removed.ok) return removed;
  const { id, name: host } = found.value;
  return ok({ gone: { id, name: host }, ...removed.value });
}
