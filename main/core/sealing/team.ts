import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { parseMachineUuid, quote, type MachineUuid, type TenantId } from '../../../shared/domain/ids.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { AdmissionRequest, SealingJoin } from '../../../shared/ipc/sealing.ts';
import { secretIn } from '../machine/key-file.ts';
import { beginEpoch, finishEpoch } from './begin-epoch.ts';
import { epochKey, formatEpoch, parseEpoch, proofBy, type EpochKey } from './epoch-key.ts';
import { KEY_OBJECT_LIMIT, printOf } from './key-names.ts';
import { recipientIn } from './keyring.ts';
import { notSealed } from './sealing-errors.ts';
import { createOnce, enrol, listMembers, parseMember, type Member, type TeamDeps } from './member.ts';

/** A machine asking to join, and the words that two people compare. */
export interface JoinRequest extends AdmissionRequest {
  readonly recipient: string;
}

/** Who seals to whom. */
export interface Team {
  readonly tenant: TenantId;
  readonly self: Member;
}

/** Requests that are read: more than a team has machines. */
const REQUEST_LIMIT = 500;

/**
 * Asks to join the team of a sealed store: a request only its members can read.
 * @returns `precondition` when the store is not sealed; the words are the fingerprint of this machine's key
 */
export async function askToJoin(deps: TeamDeps, { self }: Team): Answer<SealingJoin> {
  const words = await deps.age.words(self.recipient);
  const own = await deps.keyring.newest({ fresh: true });
  if (own.ok && own.value !== null) return ok({ words, isMember: true });
  if (own.ok) return err(notSealed(deps.store.url));
  const newest = await newestRecipient(deps);
  if (!newest.ok) return newest;
  if (newest.value === null) return err(notSealed(deps.store.url));
  const text = new TextEncoder().encode(JSON.stringify(self));
  const name = deps.keyring.names.request(self.id as MachineUuid, printOf(deps.bytes, self.recipient));
  const created = await createOnce(deps.store, name, await deps.age.seal(text, [newest.value]));
  return created.ok ? ok({ words, isMember: false }) : created;
}

/** Lists requests of non-members. Skips what cannot be opened, or lies about its machine. */
export async function listRequests(deps: TeamDeps, { tenant, self }: Team): Answer<readonly JoinRequest[]> {
  const team = await openTeam(deps, { tenant, self });
  if (!team.ok) return team;
  const { members, keys } = team.value;
  const page = await deps.store.list(deps.keyring.names.requests);
  if (!page.ok) return page;
  const found: JoinRequest[] = [];
  for (const { name } of page.value.objects.slice(0, REQUEST_LIMIT)) {
    const object = await deps.store.get(name, { limit: KEY_OBJECT_LIMIT });
    if (!object.ok && object.error.code !== 'corrupt') return object;
    if (!object.ok || object.value === null) continue;
    const opened = await deps.age.open(
      object.value.bytes,
      keys.map(({ secret }) => secret),
    );
    const asked = opened.ok ? parseMember(opened.value.plain) : null;
    const machine = asked === null ? null : parseMachineUuid(asked.id);
    if (asked === null || !machine?.ok) continue;
    if (name !== deps.keyring.names.request(machine.value, printOf(deps.bytes, asked.recipient))) continue;
    if (members.some(({ recipient }) => recipient === asked.recipient)) continue;
    found.push({
      machine: machine.value,
      name: asked.name,
      recipient: asked.recipient,
      at: asked.since,
      words: await deps.age.words(asked.recipient),
      nameIsTaken: members.some((one) => one.name === asked.name || one.id === asked.id),
    });
  }
  return ok(found);
}

/**
 * Admits a machine: seals every epoch's key to it, newest last, so that it is a member only once it has all.
 * @param words read out by the person there; must match the request
 */
export async function admit(
  deps: TeamDeps,
  team: Team,
  request: JoinRequest,
  words: readonly string[],
): Answer<Member> {
  if (words.join(' ').toLowerCase() !== request.words.join(' ')) return err(otherWords(request));
  const opened = await openTeam(deps, team);
  if (!opened.ok) return opened;
  const member: Member = {
    id: request.machine,
    name: request.name,
    recipient: request.recipient,
    since: request.at,
  };
  const enrolled = await enrolInAll(deps, team.tenant, opened.value.keys, member);
  return enrolled.ok ? ok(member) : enrolled;
}

/**
 * Removes a machine: a new epoch for the others. It keeps what it had; what is sealed from now on it cannot read.
 * @returns the new epoch and who is in it
 */
export async function removeMember(
  deps: TeamDeps,
  team: Team,
  gone: Member,
): Answer<{ readonly epoch: number; readonly members: readonly Member[] }> {
  const opened = await openTeam(deps, team);
  if (!opened.ok) return opened;
  const { members, newest } = opened.value;
  const staying = members.filter(({ recipient }) => recipient !== gone.recipient);
  if (!staying.some(({ recipient }) => recipient === team.self.recipient)) return err(notOneself());
  const begun = await beginEpoch(deps, team.tenant, newest, team.self, staying);
  return begun.ok ? ok({ epoch: begun.value.number, members: staying }) : begun;
}

/** All holders of the newest key. */
export async function openTeam(
  deps: TeamDeps,
  { tenant, self }: Team,
): Answer<{
  readonly newest: EpochKey;
  readonly keys: readonly EpochKey[];
  readonly members: readonly Member[];
}> {
  const finished = await finishEpoch(deps, tenant, self);
  if (!finished.ok) return finished;
  const newest = await deps.keyring.newest({ fresh: true });
  if (!newest.ok) return newest;
  if (newest.value === null) return err(notSealed(deps.store.url));
  const keys: EpochKey[] = [];
  for (let number = newest.value.number; number >= 1; number--) {
    const key = await deps.keyring.epoch(number);
    if (key.ok) keys.push(key.value);
    else if (key.error.code !== 'denied') return key;
  }
  const members = await listMembers(deps, newest.value);
  return members.ok ? ok({ newest: newest.value, keys, members: members.value }) : members;
}

/**
 * Admits this machine by the recovery identity, which was shown when the first key was created.
 * @param text the secret as typed, or the page it was printed on
 * @returns `invalid-input` for an invalid secret, `denied` for one unknown to this team
 */
export async function recoverBy(
  deps: TeamDeps,
  { tenant, self }: Team,
  text: string,
): Answer<{ readonly epochs: number }> {
  const secret = secretIn(new TextEncoder().encode(text));
  const recipient = secret === null ? null : await deps.age.recipientOf(secret);
  if (secret === null || recipient === null) return err(noRecovery());
  const keys: EpochKey[] = [];
  for (let number = 1; ; number++) {
    const said = await deps.store.get(deps.keyring.names.recipient(number), { limit: KEY_OBJECT_LIMIT });
    if (!said.ok) return said;
    if (said.value === null) break;
    const name = deps.keyring.names.memberKey(number, 'recovery', printOf(deps.bytes, recipient));
    const found = await deps.store.get(name, { limit: KEY_OBJECT_LIMIT });
    if (!found.ok) return found;
    if (found.value === null) continue;
    const opened = await deps.age.open(found.value.bytes, [secret]);
    const file = opened.ok ? parseEpoch(opened.value.plain, tenant, number) : null;
    const own = file === null ? null : await deps.age.recipientOf(file.secret);
    if (file === null || own === null || own !== recipientIn(said.value.bytes))
      return err(strangeRecovery(number));
    keys.push(epochKey(deps.bytes, number, { secret: file.secret, recipient: own }));
  }
  const [first] = keys;
  if (first === undefined) return err(unknownRecovery(deps.store.url));
  const enrolled = await enrolInAll(deps, tenant, keys.reverse(), self);
  if (!enrolled.ok) return enrolled;
  return ok({ epochs: keys.length });
}

/** @param keys newest first; each is passed on with the proof by the one before */
async function enrolInAll(
  deps: TeamDeps,
  tenant: TenantId,
  keys: readonly EpochKey[],
  member: Member,
): Answer<void> {
  for (const [at, key] of [...keys.entries()].reverse()) {
    const earlier = keys[at + 1];
    const proof = earlier === undefined ? null : proofBy(deps.bytes, earlier, tenant, key);
    const enrolled = await enrol(deps, key, formatEpoch(tenant, key, proof), member);
    if (!enrolled.ok) return enrolled;
  }
  return ok(undefined);
}

async function newestRecipient({ store, keyring }: TeamDeps): Answer<string | null> {
  let last: string | null = null;
  for (let number = 1; ; number++) {
    const said = await store.get(keyring.names.recipient(number), { limit: KEY_OBJECT_LIMIT });
    if (!said.ok) return said;
    if (said.value === null) return ok(last);
    last = recipientIn(said.value.bytes) ?? last;
  }
}

/** Finds the one that a name, a UUID or its prefix means. */
export function findByName<T extends { readonly name: string }>(
  all: readonly T[],
  idOf: (one: T) => string,
  wanted: string,
  what: string,
): Result<T, AppError> {
  const exact = all.filter((one) => one.name === wanted || idOf(one) === wanted);
  const near =
    exact.length > 0 ? exact : all.filter((one) => wanted.length >= 4 && idOf(one).startsWith(wanted));
  const [one, ...more] = near;
  if (one !== undefined && more.length === 0) return ok(one);
  return err(
    one === undefined
      ? appError(
          'not-found',
          `There is no ${what} ${quote(wanted)}.`,
          'Look with `session-log machines requests`.',
        )
      : appError(
          'ambiguous',
          `${near.length} are called ${quote(wanted)}.`,
          `Name it by its UUID: ${near.map(idOf).join(', ')}.`,
        ),
  );
}

function otherWords(request: JoinRequest): AppError {
  return appError(
    'denied',
    `Those are not the words of the key that ${quote(request.name)} asks with. It was not let in.`,
    'Compare the words again with that machine (`session-log machines join` shows them). If they differ, someone else wrote this request.',
  );
}

function notOneself(): AppError {
  return appError(
    'invalid-input',
    'A machine cannot remove itself: someone has to hold the new key.',
    'Run it on a machine that remains a member.',
  );
}

function noRecovery(): AppError {
  return appError(
    'invalid-input',
    'That is not a recovery key.',
    'It is one line that begins with AGE-SECRET-KEY-1, on the page that was printed when the store was sealed.',
  );
}

function unknownRecovery(url: string): AppError {
  return appError(
    'denied',
    `No key of the store ${url} was sealed to that recovery key.`,
    'Use the one of this team and store; or ask to join: `session-log machines join`.',
  );
}

function strangeRecovery(number: number): AppError {
  return appError(
    'corrupt',
    `What was sealed to the recovery key for epoch ${number} is not the key of that epoch. Nothing was changed.`,
    'Ask who may write to the store; join by way of a colleague: `session-log machines join`.',
  );
}
