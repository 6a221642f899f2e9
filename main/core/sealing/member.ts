import * as v from 'valibot';
import type { Answer } from '../../../shared/app-error.ts';
import { parseMachineUuid } from '../../../shared/domain/ids.ts';
import { ok } from '../../../shared/result.ts';
import type { KeyHolder } from '../../../shared/ipc/sealing.ts';
import { isRecipient } from '../machine/key-file.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { inMemory } from '../store/in-memory.ts';
import { listPages } from '../store/list-pages.ts';
import type { EpochKey } from './epoch-key.ts';
import { KEY_OBJECT_LIMIT, printOf, type MemberId } from './key-names.ts';
import type { Keyring } from './keyring.ts';
import { openSealed } from './open-body.ts';
import { sealBody, type SealDeps } from './seal-body.ts';

/** A holder of the team's keys. */
export interface Member extends KeyHolder {
  readonly id: MemberId;
}

/** What reading and writing team keys needs. */
export interface TeamDeps extends SealDeps {
  readonly keyring: Keyring;
  /** The store beneath sealing. */
  readonly store: ObjectStore;
}

const id = v.custom<MemberId>((text) => text === 'recovery' || parseMachineUuid(text).ok);
/** Possibly written by strangers: one line, and not long. */
const name = v.pipe(v.string(), v.regex(/^[^\p{Cc}\p{Cf}]{1,253}$/u));

/** A member or a join request, as in its object. */
export const memberSchema = v.object({
  id,
  name,
  recipient: v.pipe(v.string(), v.check(isRecipient)),
  since: v.number(),
});

/** Parses a member's JSON; null for anything else. */
export function parseMember(bytes: Uint8Array): Member | null {
  try {
    const parsed = v.safeParse(memberSchema, JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/** Lists an epoch's members, by name. Skips cards that no member wrote: nobody would seal to them. */
export async function listMembers(deps: TeamDeps, epoch: EpochKey): Answer<readonly Member[]> {
  const { keyring, store } = deps;
  const found: Member[] = [];
  for await (const page of listPages(store, keyring.names.epoch(epoch.number))) {
    if (!page.ok) return page;
    for (const info of page.value.filter((one) => one.name.endsWith('.card'))) {
      const card = await store.get(info.name, { limit: 2 * KEY_OBJECT_LIMIT });
      if (!card.ok) return card;
      if (card.value === null) continue;
      const opened = await openSealed(keyring, deps, info.name, epoch.number, card.value.bytes);
      const member = opened.ok ? parseMember(opened.value) : null;
      if (member !== null && info.name === cardName(deps, epoch.number, member)) found.push(member);
    }
  }
  return ok(found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.since - b.since)));
}

function cardName({ keyring, bytes }: TeamDeps, epoch: number, { id: who, recipient }: Member): string {
  return keyring.names.card(epoch, who, printOf(bytes, recipient));
}

/**
 * Makes somebody a member of an epoch: seals its secret to them, then writes their card. Each is created once; an existing one was made by
 * another member for the same recipient, so two may do it at once, and repeating it finishes an interrupted one.
 * @param file the epoch's file, as members get it
 */
export async function enrol(deps: TeamDeps, epoch: EpochKey, file: Uint8Array, member: Member): Answer<void> {
  const { keyring, store, age, bytes } = deps;
  const print = printOf(bytes, member.recipient);
  const key = await createOnce(
    store,
    keyring.names.memberKey(epoch.number, member.id, print),
    await age.seal(file, [member.recipient]),
  );
  if (!key.ok) return key;
  const cardObject = keyring.names.card(epoch.number, member.id, print);
  const card = new TextEncoder().encode(JSON.stringify(member));
  const sealed = await sealBody(deps, epoch, cardObject, inMemory(card), {});
  if (!sealed.ok) return sealed;
  const put = await store.put(cardObject, sealed.value.body, {
    ifGenerationMatch: '0',
    contentType: 'application/octet-stream',
    metadata: sealed.value.metadata,
  });
  return put.ok || put.error.code === 'precondition' ? ok(undefined) : put;
}

/** @returns whether it is new */
export async function createOnce(store: ObjectStore, name: string, bytes: Uint8Array): Answer<boolean> {
  const put = await store.put(name, inMemory(bytes), {
    ifGenerationMatch: '0',
    contentType: 'application/octet-stream',
  });
  if (put.ok) return ok(true);
  return put.error.code === 'precondition' ? ok(false) : put;
}
