import type { AppError, Answer } from '../../../shared/app-error.ts';
import { parseMachineUuid, type MachineUuid } from '../../../shared/domain/ids.ts';
import { compareObjectNames } from '../../../shared/domain/object-name.ts';
import { putProblem } from '../../../shared/domain/store-errors.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { CallOptions, ObjectInfo, ObjectStore } from '../ports/object-store.ts';
import type { StoreLayout } from '../store/layout.ts';
import { listPages } from '../store/list-pages.ts';
import type { EpochKey } from './epoch-key.ts';
import { createHiddenNames, type HiddenNames, type HiddenNamesDeps } from './hidden-names.ts';
import { factsBeside } from './open-body.ts';

type Deps = Pick<HiddenNamesDeps, 'keyring' | 'bytes' | 'layout' | 'machine'>;

const LARGEST_PAGE = 1000;
/** Listings held while their pages are read. */
const HELD = 2;
/** Suffix of a name stored in the clear where none may be: it is listed, and never taken for a log. */
const IN_THE_CLEAR = '.in-the-clear';

const WRITE = { isWrite: true };

/** The folders with telling object names of a machine: its partition, and its copies of sessions. */
interface Area {
  readonly machine: MachineUuid;
  readonly prefix: string;
  readonly kind: 'logs' | 'copies';
}

/** A store whose machines may hide their names, and the record of which do. @param inner the raw store */
export function openNames(
  inner: ObjectStore,
  deps: HiddenNamesDeps,
): { readonly store: ObjectStore; readonly names: HiddenNames } {
  const names = createHiddenNames(deps);
  return { store: createNamedStore(inner, names, deps), names };
}

/**
 * The store under opaque names, for machines that want it: a log's path is replaced by a digest that only members can compute, and is among
 * the facts sealed with the object. Callers see real names only.
 */
function createNamedStore(inner: ObjectStore, names: HiddenNames, deps: Deps): ObjectStore {
  const keyOf = createKeyOf(names, deps);
  const under = createUnder(keyOf, deps);
  return {
    url: inner.url,
    sameDisk: inner.sameDisk,
    ...(inner.statesRecords === undefined ? {} : { statesRecords: inner.statesRecords }),
    probe: (options) => inner.probe(options),
    close: () => inner.close(),
    list: createList(inner, keyOf, deps),
    head: (name, options) => under(name, async (at) => named(await inner.head(at, options), name)),
    get: (name, options) =>
      under(name, async (at) => {
        const found = await inner.get(at, options);
        return found.ok && found.value ? ok({ ...found.value, info: { ...found.value.info, name } }) : found;
      }),
    getStream: (name, options) =>
      under(name, async (at) => {
        const found = await inner.getStream(at, options);
        return found.ok && found.value ? ok({ ...found.value, info: { ...found.value.info, name } }) : found;
      }),
    put: async (name, body, options) => {
      const problem = putProblem(name, options);
      if (problem !== null) return err(problem);
      return await under(name, async (at) => named(await inner.put(at, body, options), name), WRITE);
    },
    copy: async (from, to, options) => {
      const problem = putProblem(to, options);
      if (problem !== null) return err(problem);
      return await under(from.name, (source) =>
        under(to, async (at) => named(await inner.copy({ ...from, name: source }, at, options), to), WRITE),
      );
    },
  };
}

interface How {
  readonly isWrite?: boolean;
  readonly isFresh?: boolean;
}

/** The key for an area's names; null where they are in the clear. */
type KeyOf = (area: Area, how?: How) => Answer<EpochKey | null>;

function createKeyOf(names: HiddenNames, { keyring, machine }: Deps): KeyOf {
  return async (area, how = {}) => {
    const isOwn = area.machine === machine;
    const epoch = await (how.isWrite && isOwn ? names.ownEpoch() : names.epochOf(area.machine, how.isFresh));
    if (!epoch.ok || epoch.value === null) return epoch as Result<null, AppError>;
    return await keyring.epoch(epoch.value);
  };
}

/** Runs something on the object of a name, and answers by that name. */
type Under = <T>(name: string, run: (inStore: string) => Answer<T>, how?: How) => Answer<T>;

function createUnder(keyOf: KeyOf, deps: Deps): Under {
  const under: Under = async (name, run, how = {}) => {
    const area = areaOf(deps.layout, name);
    if (area === null) return await run(name);
    const key = await keyOf(area, how);
    if (!key.ok) return key;
    if (key.value !== null) {
      const inStore = hiddenName(deps, key.value, area, name);
      const done = await run(inStore);
      return done.ok ? done : err(told(done.error, inStore, name));
    }
    const done = await run(name);
    const isMissing = done.ok && done.value === null && area.machine !== deps.machine && !how.isFresh;
    // Another machine may have begun to hide its names meanwhile.
    return isMissing ? await under(name, run, { isFresh: true }) : done;
  };
  return under;
}

/** Lists by real names, in their order; hidden ones must be listed completely for that. */
function createList(inner: ObjectStore, keyOf: KeyOf, deps: Deps): ObjectStore['list'] {
  const held = new Map<string, readonly ObjectInfo[]>();
  return async (prefix, options = {}) => {
    const area = areaOf(deps.layout, prefix);
    const key = area === null ? ok(null) : await keyOf(area);
    if (!key.ok) return key;
    if (area === null || key.value === null) return await inner.list(prefix, options);
    const { pageToken = '', pageSize = LARGEST_PAGE, signal } = options;
    const before = held.get(`${prefix}\n${pageToken}`);
    const all =
      before === undefined
        ? await listArea(inner, deps, { area, key: key.value, prefix }, { signal })
        : ok(before);
    if (!all.ok) return all;
    const rest =
      pageToken === '' ? all.value : all.value.filter(({ name }) => compareObjectNames(name, pageToken) > 0);
    const size = Math.max(1, Math.min(pageSize, LARGEST_PAGE));
    const objects = rest.slice(0, size);
    const last = objects.at(-1)?.name;
    held.delete(`${prefix}\n${pageToken}`);
    if (rest.length === objects.length || last === undefined) return ok({ objects });
    // The rest of the listing is kept for the next page; else each page would list everything again.
    if (held.size >= HELD) held.clear();
    held.set(`${prefix}\n${last}`, rest.slice(size));
    return ok({ objects, nextPageToken: last });
  };
}

async function listArea(
  inner: ObjectStore,
  deps: Deps,
  { area, key, prefix }: { readonly area: Area; readonly key: EpochKey; readonly prefix: string },
  options: CallOptions,
): Answer<ObjectInfo[]> {
  const objects: ObjectInfo[] = [];
  const isSession = area.kind === 'copies' && prefix.slice(area.prefix.length).split('/').length === 4;
  const start = isSession ? hiddenName(deps, key, area, prefix) : area.prefix;
  for await (const page of listPages(inner, start, options)) {
    if (!page.ok) return page;
    for (const info of page.value) {
      const facts = await factsBeside(deps.keyring, deps, info);
      const name = realName(deps, key, area, info.name, facts?.name ?? null);
      if (name.startsWith(prefix)) objects.push({ ...info, name });
    }
  }
  return ok(objects.sort((a, b) => compareObjectNames(a.name, b.name)));
}

function named<T extends ObjectInfo | null>(found: Result<T, AppError>, name: string): Result<T, AppError> {
  return found.ok && found.value !== null ? ok({ ...found.value, name }) : found;
}

/** The area of a name or a prefix of names; null for everything that is not hidden. */
function areaOf(layout: StoreLayout, name: string): Area | null {
  const [, folder, uuid] = /^[^/]+\/(machines|transcripts)\/([^/]+)\//.exec(name) ?? [];
  const machine = parseMachineUuid(uuid ?? '');
  if (!machine.ok || !name.startsWith(`tenant-${layout.tenant}/`)) return null;
  const kind = folder === 'machines' ? 'logs' : 'copies';
  const prefix = kind === 'logs' ? layout.partition(machine.value) : layout.copies(machine.value);
  if (!name.startsWith(prefix) || name === layout.machineId(machine.value)) return null;
  return { machine: machine.value, prefix, kind };
}

/**
 * `machines/<uuid>/<digest of the name>`; for an earlier version, `….gen-<generation>` after it, and for a piece of a session
 * `transcripts/<uuid>/<digest of its folder>/<piece>`, so that related objects can be found.
 */
function hiddenName(
  { bytes }: Pick<Deps, 'bytes'>,
  { namesKey }: EpochKey,
  { prefix, kind }: Area,
  name: string,
): string {
  if (name.endsWith(IN_THE_CLEAR)) return name.slice(0, -IN_THE_CLEAR.length);
  const at = kind === 'copies' ? name.lastIndexOf('/') : name.search(/\.gen-\d{1,20}$/);
  const [base, rest] = at === -1 ? [name, ''] : [name.slice(0, at), name.slice(at)];
  // In folders by first digits: a folder of a hundred thousand files is slow on shares.
  const digest = bytes.hmac(namesKey, base).slice(0, 40);
  return `${prefix}${digest.slice(0, 2)}/${digest.slice(2)}${rest}`;
}

/** Reverses {@link hiddenName} by the name sealed with the object. */
function realName(
  deps: Pick<Deps, 'bytes' | 'layout'>,
  key: EpochKey,
  area: Area,
  inStore: string,
  sealed: string | null,
): string {
  if (inStore === deps.layout.machineId(area.machine)) return inStore;
  const version = /\.gen-\d{1,20}$/.exec(inStore)?.[0] ?? '';
  const names = sealed === null ? [] : [sealed, `${sealed}${version}`];
  const name = names.find((one) => hiddenName(deps, key, area, one) === inStore);
  // An object without a sealed name is listed by its digest; nobody takes that for a log.
  return name ?? (/\/[0-9a-f]{2}\/[0-9a-f]{38}/.test(inStore) ? inStore : `${inStore}${IN_THE_CLEAR}`);
}

/** People know the real name. */
function told(error: AppError, inStore: string, name: string): AppError {
  return { ...error, message: error.message.replaceAll(inStore, name) };
}
