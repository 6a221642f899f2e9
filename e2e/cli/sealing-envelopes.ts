import * as v from 'valibot';

const text = v.pipe(v.string(), v.minLength(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const list = v.array(v.unknown());
const member = v.looseObject({ id: text, name: text, recipient: text, since: count });

/** The values of the commands around a sealed store. */
export const SEALING_VALUES = {
  'machines join': v.looseObject({ words: v.pipe(list, v.length(8)), isMember: v.boolean() }),
  'machines requests': v.looseObject({
    epoch: count,
    words: v.pipe(list, v.length(8)),
    members: v.array(member),
    requests: v.array(
      v.looseObject({
        machine: text,
        name: text,
        recipient: text,
        at: count,
        words: list,
        nameIsTaken: v.boolean(),
      }),
    ),
  }),
  'machines admit': member,
  'machines remove': v.looseObject({
    gone: v.looseObject({ id: text, name: text }),
    epoch: count,
    members: v.array(member),
  }),
  invite: v.looseObject({
    store: text,
    tenant: text,
    endpoint: v.string(),
    link: text,
    lines: v.pipe(list, v.minLength(1)),
  }),
  'store seal': v.looseObject({
    epoch: v.nullable(count),
    sealed: count,
    already: count,
    waiting: count,
    bytes: count,
    failed: list,
    members: list,
    recovery: v.nullable(text),
  }),
  'store unseal': v.looseObject({
    store: text,
    unsealed: count,
    waiting: count,
    bytes: count,
    staySealed: count,
    failed: list,
    former: list,
  }),
  'store policy': v.looseObject({ gcloud: text, terraform: text, gives: list }),
  audit: v.looseObject({
    standing: v.picklist(['clear', 'member', 'outside', 'unknown']),
    store: v.looseObject({ url: text, tenant: text, sameDisk: v.boolean() }),
    leaving: v.looseObject({ logs: count, bytes: count, paths: list }),
    staying: count,
    withheld: count,
    sharedWith: v.array(v.looseObject({ key: text, name: v.nullable(text) })),
    remotes: v.array(v.looseObject({ workspace: text, name: text, url: text, takesSecrets: v.boolean() })),
    epoch: v.nullable(count),
    sealed: count,
    notSealed: count,
    storesPlain: v.boolean(),
    hidesNames: v.boolean(),
    inTheClear: v.array(text),
    members: list,
    account: v.nullable(text),
    bucket: v.nullable(v.looseObject({})),
    otherTenant: v.looseObject({ tenant: text, answer: v.picklist(['refused', 'open', 'unknown']) }),
    provedAt: v.nullable(count),
    problems: list,
  }),
  recover: v.looseObject({ epochs: count }),
  drill: v.looseObject({
    logs: count,
    proved: count,
    pieces: count,
    piecesProved: count,
    failed: list,
    at: count,
  }),
};
