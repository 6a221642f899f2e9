/** What is promised of every store is promised of the part of one that hides its names. */
import { objectNameProblem } from '../../../shared/domain/object-name.ts';
import { unwrap } from '../../../shared/result.ts';
import { objectStoreContract } from '../../testing/object-store-contract.ts';
import { createSealedWorld, seal } from '../../testing/sealed-world.ts';
import type { ObjectInfo, ObjectStore } from '../ports/object-store.ts';

/** A store in which everything lies below a prefix. */
function below(prefix: string, store: ObjectStore): ObjectStore {
  const out = <T extends ObjectInfo>(info: T): T => ({ ...info, name: info.name.slice(prefix.length) });
  // One that is no name stays none.
  const full = (name: string): string => (objectNameProblem(name) === null ? prefix + name : name);
  return {
    ...store,
    list: async (name, options) => {
      const token = options?.pageToken === undefined ? {} : { pageToken: prefix + options.pageToken };
      const page = await store.list(prefix + name, { ...options, ...token });
      if (!page.ok) return page;
      const { nextPageToken, objects } = page.value;
      const next = nextPageToken === undefined ? {} : { nextPageToken: nextPageToken.slice(prefix.length) };
      return { ok: true, value: { objects: objects.map(out), ...next } };
    },
    head: async (name, options) => {
      const found = await store.head(full(name), options);
      return found.ok && found.value ? { ok: true, value: out(found.value) } : found;
    },
    get: async (name, options) => {
      const found = await store.get(full(name), options);
      return found.ok && found.value
        ? { ok: true, value: { ...found.value, info: out(found.value.info) } }
        : found;
    },
    getStream: async (name, options) => {
      const found = await store.getStream(full(name), options);
      return found.ok && found.value
        ? { ok: true, value: { ...found.value, info: out(found.value.info) } }
        : found;
    },
    put: async (name, body, options) => {
      const put = await store.put(full(name), body, options);
      return put.ok ? { ok: true, value: out(put.value) } : put;
    },
    copy: async (from, to, options) => {
      const copied = await store.copy({ ...from, name: full(from.name) }, full(to), options);
      return copied.ok ? { ok: true, value: out(copied.value) } : copied;
    },
  };
}

objectStoreContract('hidden names', async () => {
  const world = createSealedWorld({ hidesNames: true });
  const a = world.machine('a');
  await a.write('2026-11-01-mike-first.md', '# First\n');
  await seal(a);
  const prefix = a.sealing.sync.layout.partition(a.deps.self.uuid);
  const { namesKey } = unwrap(await a.sealing.sealing.deps.keyring.newest())!;
  return {
    store: below(prefix, a.sealing.sync.store),
    other: below(prefix, a.restarted().sealing.sync.store),
    damage: async (name) => {
      const digest = a.deps.bytes.hmac(namesKey, prefix + name);
      const bytes = world.bucket.objects.get(`${prefix}${digest.slice(0, 2)}/${digest.slice(2, 40)}`)!.bytes;
      bytes[3] = (bytes[3] ?? 0) ^ 4;
    },
    seals: true,
    dispose: () => world.end(),
  };
});
