import { join } from 'node:path';
import { err, ok, unwrap, type Result } from '../../../shared/result.ts';
import { appError, type AppError } from '../../../shared/app-error.ts';
import { DEFAULT_SETTINGS } from '../../../shared/domain/settings.ts';
import { parseMachineIdentity } from '../../../shared/domain/machine-identity.ts';
import { createNodeFiles, replaceNow, type NodeFilesDeps } from '../../../main/adapters/disk/node-files.ts';
import {
  formatRawSettings,
  parseRawSettings,
  settingsOver,
} from '../../../main/adapters/settings/raw-settings.ts';
import { createNodeBytes } from '../../../main/adapters/system/node-bytes.ts';
import { createNodeClock } from '../../../main/adapters/system/node-clock.ts';
import type { IdentityDeps } from '../../../main/core/machine/identity-deps.ts';
import { initIdentity } from '../../../main/core/machine/init-identity.ts';

/** A text that is longer than one page of the disk and the same each time. */
export const OLD = new TextEncoder().encode(`old ${'o'.repeat(9000)} old\n`);
/** What comes in its place. */
export const NEW = new TextEncoder().encode(`new ${'n'.repeat(9500)} new\n`);

/** One way in which the product writes something that must survive. */
export interface Writer {
  readonly name: string;
  /** Files that are there before, by path below the folder. */
  readonly before: Readonly<Record<string, Uint8Array>>;
  /** The file that must be old or new, by path below the folder. */
  readonly target: string;
  isOld(content: Uint8Array | null): boolean;
  isNew(content: Uint8Array | null): boolean;
  /** What a crash may leave besides: the torn last record of a journal. Nothing else ever tears. */
  mayTear(content: Uint8Array | null): boolean;
  /** Writes, through whatever disk is given. */
  run(folder: string, disk: NodeFilesDeps): Promise<Result<unknown, AppError>>;
}

const same = (a: Uint8Array | null, b: Uint8Array | null): boolean =>
  a === null || b === null ? a === b : Buffer.compare(a, b) === 0;

interface Plain {
  readonly name: string;
  readonly before?: Writer['before'];
  readonly target: string;
  readonly old: Uint8Array | null;
  readonly fresh: Uint8Array | null;
  readonly run: Writer['run'];
}

function plain({ name, before = {}, target, old, fresh, run }: Plain): Writer {
  return {
    name,
    before,
    target,
    isOld: (content) => same(content, old),
    isNew: (content) => same(content, fresh),
    mayTear: () => false,
    run,
  };
}

/** The writers over the local disk. */
const FILE_WRITERS: readonly Writer[] = [
  plain({
    name: 'replace a file',
    before: { 'state/index.json': OLD },
    target: 'state/index.json',
    old: OLD,
    fresh: NEW,
    run: (folder, disk) => createNodeFiles(disk).replace(join(folder, 'state/index.json'), NEW),
  }),
  plain({
    name: 'make a file in new folders',
    target: 'a/b/c.md',
    old: null,
    fresh: NEW,
    run: (folder, disk) => createNodeFiles(disk).replace(join(folder, 'a/b/c.md'), NEW),
  }),
  plain({
    name: 'create a log',
    before: { 'session-logs/other.md': OLD },
    target: 'session-logs/2026-01-06-hal-topic.md',
    old: null,
    fresh: NEW,
    run: (folder, disk) => createLog(join(folder, 'session-logs/2026-01-06-hal-topic.md'), disk),
  }),
  plain({
    name: 'replace a log from a stream',
    before: { 'cache/x.md': OLD },
    target: 'cache/x.md',
    old: OLD,
    fresh: NEW,
    run: (folder, disk) =>
      createNodeFiles(disk).replaceFrom(join(folder, 'cache/x.md'), inThree(NEW), async () => ok(undefined), {
        mode: 0o400,
      }),
  }),
  plain({
    name: 'move a file aside',
    before: { 'state/index.db': OLD },
    target: 'state/index.db.damaged-1',
    old: null,
    fresh: OLD,
    run: (folder, disk) =>
      createNodeFiles(disk).move(join(folder, 'state/index.db'), join(folder, 'state/index.db.damaged-1')),
  }),
  {
    name: 'append to a journal',
    before: { 'state/journal.jsonl': OLD },
    target: 'state/journal.jsonl',
    isOld: (content) => same(content, OLD),
    isNew: (content) => same(content, Buffer.concat([OLD, NEW])),
    mayTear: (content) => content !== null && same(content.subarray(0, OLD.length), OLD),
    run: (folder, disk) =>
      createNodeFiles(disk).append(join(folder, 'state/journal.jsonl'), NEW, { sync: true }),
  },
];

/** The same `create` where the disk has no hard links: a crash may leave the empty claim, which no log ever is. */
const CREATE_WITHOUT_LINKS: Writer = {
  ...plain({
    name: 'create a log where there are no hard links',
    before: { 'session-logs/other.md': OLD },
    target: 'session-logs/new.md',
    old: null,
    fresh: NEW,
    run: (folder, disk) => createLog(join(folder, 'session-logs/new.md'), withoutLinks(disk)),
  }),
  mayTear: (content) => content !== null && content.length === 0,
};

const SETTINGS_OLD = formatRawSettings({ ...DEFAULT_SETTINGS, future: 'kept' });
const SETTINGS_NEW = formatRawSettings({
  ...DEFAULT_SETTINGS,
  future: 'kept',
  app: { ...DEFAULT_SETTINGS.app, theme: 'dark' },
});

const IDENTITY = unwrap(
  parseMachineIdentity({
    machine_uuid: 'fb4efdd5-63b6-1ade-1f7c-de75c1f05f84',
    hardware_hash: 'sha256:fb4efdd563b61ade1f7cde75c1f05f8459bdcfd6da326af146ea59efc8655a14',
    components: {},
    install_nonce: 'ab'.repeat(16),
    schema: 1,
  }),
);
const DAMAGED_IDENTITY = new TextEncoder().encode(JSON.stringify(IDENTITY).slice(0, 180));

/** The writers above the disk: settings within one tick, and machine-id.json made and repaired. */
const USE_CASES: readonly Writer[] = [
  plain({
    name: 'save the settings',
    before: { 'settings.json': SETTINGS_OLD },
    target: 'settings.json',
    old: SETTINGS_OLD,
    fresh: SETTINGS_NEW,
    run: async (folder, disk) =>
      settingsOver(
        {
          path: join(folder, 'settings.json'),
          target: () => ok(join(folder, 'settings.json')),
          read: () => parseRawSettings('settings.json', SETTINGS_OLD),
          write: (raw) => replaceNow(join(folder, 'settings.json'), formatRawSettings(raw), disk),
        },
        // The copy of the last good settings is a write of its own, whose failure is nobody's.
        () => ok(undefined),
      ).set({ ...DEFAULT_SETTINGS, app: { ...DEFAULT_SETTINGS.app, theme: 'dark' } }),
  }),
  {
    name: 'make the identity',
    before: {},
    target: 'machine-id.json',
    isOld: (content) => content === null,
    isNew: isWholeIdentity,
    mayTear: () => false,
    run: (folder, disk) => initIdentity(identityDeps(folder, disk), { mode: 'ensure' }),
  },
  {
    name: 'repair a damaged identity',
    before: { 'machine-id.json': DAMAGED_IDENTITY },
    target: 'machine-id.json',
    isOld: (content) => same(content, DAMAGED_IDENTITY),
    isNew: isWholeIdentity,
    mayTear: () => false,
    run: (folder, disk) => initIdentity(identityDeps(folder, disk), { mode: 'ensure' }),
  },
];

/** All of them. */
export const WRITERS: readonly Writer[] = [...FILE_WRITERS, CREATE_WITHOUT_LINKS, ...USE_CASES];

function isWholeIdentity(content: Uint8Array | null): boolean {
  if (content === null) return false;
  try {
    const parsed = parseMachineIdentity(JSON.parse(new TextDecoder().decode(content)));
    return (
      parsed.ok && parsed.value.install_nonce !== '' && parsed.value.machine_uuid === IDENTITY.machine_uuid
    );
  } catch {
    return false;
  }
}

/** The lock has its own gates; here nobody contends, and it must not touch the disk that is counted. */
function identityDeps(folder: string, disk: NodeFilesDeps): IdentityDeps {
  let drawn = 0;
  return {
    files: createNodeFiles(disk),
    bytes: createNodeBytes(),
    clock: createNodeClock(),
    random: { hex: (length) => (drawn++).toString(16).padStart(length * 2, '0'), fraction: () => 0 },
    account: 'hal',
    locks: {
      acquire: async () => ok({ fence: async () => ok(undefined), release: async () => 'released' }),
      status: async () => ok(null),
    },
    probe: {
      hostname: () => 'host',
      probe: async () => ({
        parts: [
          { key: 'hw_uuid', value: '5A2F4C81-93D7-5E0B-8A64-1B7C0D9E2F33' },
          { key: 'serial_hash', value: '8fd1c2368259a9a8' },
          { key: 'mac_hash', value: '35532c4ba1bb1a2c' },
          { key: 'cpu', value: 'arm' },
          { key: 'model', value: 'MacBookPro18,3' },
        ],
        problems: [],
        hostname: 'host',
        platform: 'Darwin',
        platformVersion: '14.2.1',
        model: 'MacBookPro18,3',
      }),
    },
    paths: {
      home: folder,
      machineId: join(folder, 'machine-id.json'),
      state: join(folder, 'state'),
      syncLock: join(folder, 'state', 'sync.lock'),
    },
  };
}

/** For the caller, a log that is there already is not a success: it takes the next name. */
async function createLog(path: string, disk: NodeFilesDeps): Promise<Result<void, AppError>> {
  const made = await createNodeFiles(disk).create(path, NEW);
  if (!made.ok) return made;
  if (made.value === 'created') return ok(undefined);
  return err(
    appError('attention', `Could not create ${JSON.stringify(path)}: it exists.`, 'Take another name.'),
  );
}

async function* inThree(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const third = Math.ceil(bytes.length / 3);
  for (let at = 0; at < bytes.length; at += third) yield bytes.subarray(at, at + third);
}

function withoutLinks(deps: NodeFilesDeps): NodeFilesDeps {
  const { disk } = deps;
  if (disk === undefined) throw new Error('give this writer a disk');
  return {
    ...deps,
    disk: {
      ...disk,
      link: async () => {
        throw Object.assign(new Error('EPERM: no hard links here'), { code: 'EPERM' });
      },
    },
  };
}
