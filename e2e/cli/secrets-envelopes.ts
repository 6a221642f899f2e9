import * as v from 'valibot';

const text = v.string();
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const kept = v.looseObject({ id: text, kind: text, logs: v.array(text), host: v.nullable(text) });
const shared = v.looseObject({ key: text, with: v.array(text) });
const machines = v.array(v.looseObject({ machine: text, host: text, confirmed: v.nullable(count) }));
const found = v.looseObject({
  where: v.picklist(['here', 'workspace', 'git', 'store']),
  place: text,
  line: count,
  kind: text,
  id: text,
});

/** As in `envelopes.ts`, of `session-log secrets`. */
export const SECRETS = {
  'secrets scan': v.looseObject({
    found: v.array(found),
    looked: count,
    problems: v.array(v.looseObject({ place: text, problem: text })),
  }),
  'secrets list': v.array(kept),
  'secrets show': text,
  'secrets share': shared,
  'secrets unshare': shared,
  'secrets forget': kept,
  'secrets withhold': v.looseObject({ file: text, secrets: count }),
  'secrets allow': v.looseObject({ id: text }),
  forget: v.union([
    v.array(v.looseObject({ log: text, what: v.picklist(['log', 'secret']), at: count, machines })),
    v.looseObject({
      what: v.picklist(['log', 'secret']),
      logs: v.array(text),
      objects: v.array(text),
      files: v.array(text),
      notReached: v.array(v.looseObject({ place: text, why: text })),
      machines,
    }),
  ]),
  'secrets clean': v.looseObject({ cleaned: v.array(text), secrets: count, looked: count }),
};
