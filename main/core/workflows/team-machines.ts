import { appError, type AppError } from '../../../shared/app-error.ts';
import type { MachineUuid } from '../../../shared/domain/ids.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
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

/** What came of asking to join. */
export interface JoinReport {
  /** Eight words that the person who lets this machine in has to see too. */
  readonly words: readonly string[];
  /** True when there is nothing to ask for: this machine is in. */
  readonly isMember: boolean;
}

/** Asks the team of a sealed store to let this machine in. Safe to repeat. */
export async function joinTeam({ sealing }: Base): Promise<Result<JoinReport, AppError>> {
  const team = await sealing.team();
  return team.ok ? await askToJoin(sealing.deps, team.value) : team;
}

/**
 * Asks to join where that is what a failure is about.
 * @returns null when it is about something else
 */
export async function joinBecauseOf(
  base: Base,
  failure: AppError,
): Promise<Result<JoinReport, AppError> | null> {
  return isNotAdmitted(failure) ? joinTeam(base) : null;
}

/** Who is in, and who asks to be. */
export interface TeamReport {
  readonly epoch: number;
  /** The fingerprint of the team's key: the same on every machine that is in. */
  readonly words: readonly string[];
  readonly members: readonly Member[];
  readonly requests: readonly JoinRequest[];
}

/** The members of the newest epoch and the requests of those who are not in. */
export async function listTeam({ sealing }: Base): Promise<Result<TeamReport, AppError>> {
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

/** Who asks to join, and what was looked at to know it. */
export interface RequestsLook {
  readonly requests: readonly JoinRequest[];
  /** Names of the requests in the store; those of machines that came in stay there. */
  readonly seen: readonly string[];
}

/**
 * Looks whether somebody asks to join, with one call where nothing has changed.
 * @param before what the last look has seen, while nobody asked; null looks at everything
 * @returns nobody where the store is in the clear, or this machine is not in
 */
export async function lookForRequests(
  base: Base,
  before: readonly string[] | null,
): Promise<Result<RequestsLook, AppError>> {
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

/** The request that a person means. */
export async function findRequest({ sealing }: Base, name: string): Promise<Result<JoinRequest, AppError>> {
  const team = await sealing.team();
  if (!team.ok) return team;
  const requests = await listRequests(sealing.deps, team.value);
  return requests.ok ? findByName(requests.value, ({ machine }) => machine, name, 'request of') : requests;
}

/**
 * Lets a machine in, to all that is sealed.
 * @param words as they were read out on that machine
 */
export async function admitMachine(
  { sealing }: Base,
  request: JoinRequest,
  words: readonly string[],
): Promise<Result<Member, AppError>> {
  const team = await sealing.team();
  return team.ok ? await admit(sealing.deps, team.value, request, words) : team;
}

/**
 * Lets in the machine whose words were compared, when several requests may bear its name or UUID.
 * @returns `not-found` when it asks no more, `denied` when it asks with other words
 */
export async function admitByWords(
  base: Base,
  machine: MachineUuid,
  words: readonly string[],
): Promise<Result<Member, AppError>> {
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

/** What taking a machine out came to. */
export interface RemoveReport {
  readonly gone: Pick<Member, 'id' | 'name'>;
  readonly epoch: number;
  readonly members: readonly Member[];
}

/**
 * Takes a machine out: what is sealed from now on it cannot read.
 * @param name its name, UUID or recipient
 */
export async function removeMachine(
  { sealing }: Base,
  name: string,
): Promise<Result<RemoveReport, AppError>> {
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
