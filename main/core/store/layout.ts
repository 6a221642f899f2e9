import {
  parseMachineUuid,
  type LogPath,
  type MachineUuid,
  type TenantId,
} from '../../../shared/domain/ids.ts';
import { parseLogPath } from '../../../shared/domain/log-path.ts';

/** Names of stored objects, as ADR-058 defines them. Other tools read this layout: it changes only with a new schema number. */
export interface StoreLayout {
  readonly tenant: TenantId;
  /** `tenant-<t>/machines/<uuid>/` */
  partition(machine: MachineUuid): string;
  machineId(machine: MachineUuid): string;
  /** Values behind a machine's labels, sealed to the machines of its owner. */
  sharedSecrets(machine: MachineUuid): string;
  log(machine: MachineUuid, path: LogPath): string;
  /** Name of an edited log's earlier version: beside the log, with its generation. */
  kept(machine: MachineUuid, path: LogPath, generation: string): string;
  /** `tenant-<t>/index/machines/` */
  readonly heads: string;
  head(machine: MachineUuid): string;
  segment(machine: MachineUuid, name: string): string;
  /** `tenant-<t>/index/text/<uuid>/` */
  texts(machine: MachineUuid): string;
  textPack(machine: MachineUuid, name: string): string;
  /** `tenant-<t>/transcripts/<uuid>/`: pieces of safe copies of agents' sessions. */
  copies(machine: MachineUuid): string;
  readonly sessionIndex: string;
  /** Name prefixes of all objects of a machine, and of the folder all write to; its shard's head last. */
  ownPrefixes(machine: MachineUuid): readonly string[];
}

/** The layout of one tenant. */
export function storeLayout(tenant: TenantId): StoreLayout {
  const root = `tenant-${tenant}`;
  const partition = (machine: MachineUuid): string => `${root}/machines/${machine}/`;
  return {
    tenant,
    partition,
    machineId: (machine) => `${partition(machine)}machine-id.json`,
    sharedSecrets: (machine) => `${partition(machine)}secrets.age`,
    log: (machine, path) => `${partition(machine)}${path}`,
    kept: (machine, path, generation) => `${partition(machine)}${path}.gen-${generation}`,
    heads: `${root}/index/machines/`,
    head: (machine) => `${root}/index/machines/${machine}.json.gz`,
    segment: (machine, name) => `${root}/index/segments/${machine}/${name}`,
    texts: (machine) => `${root}/index/text/${machine}/`,
    textPack: (machine, name) => `${root}/index/text/${machine}/${name}`,
    copies: (machine) => `${root}/transcripts/${machine}/`,
    sessionIndex: `${root}/index/session-index.json`,
    ownPrefixes: (machine) => [
      partition(machine),
      `${root}/transcripts/${machine}/`,
      `${root}/index/segments/${machine}/`,
      `${root}/index/text/${machine}/`,
      `${root}/index/session-index.json`,
      `${root}/index/machines/${machine}.json.gz`,
    ],
  };
}

/** The machine of a shard head; null for any other object in the folder. */
export function machineOfHead(layout: StoreLayout, objectName: string): MachineUuid | null {
  if (!objectName.startsWith(layout.heads) || !objectName.endsWith('.json.gz')) return null;
  const uuid = parseMachineUuid(objectName.slice(layout.heads.length, -'.json.gz'.length));
  return uuid.ok && layout.head(uuid.value) === objectName ? uuid.value : null;
}

/** The kind of an object in a partition. Names in a bucket are hostile: everything unknown is `foreign` and never written to disk. */
export type PartitionObject =
  | { readonly kind: 'machine-id' }
  | { readonly kind: 'shared-secrets' }
  | { readonly kind: 'log'; readonly path: LogPath }
  | { readonly kind: 'kept'; readonly path: LogPath; readonly generation: string }
  | { readonly kind: 'foreign'; readonly problem: string };

/** Parses the name of an object in a partition. */
export function readPartitionName(
  layout: StoreLayout,
  machine: MachineUuid,
  objectName: string,
): PartitionObject {
  const prefix = layout.partition(machine);
  if (!objectName.startsWith(prefix)) return { kind: 'foreign', problem: 'it is outside the partition' };
  const name = objectName.slice(prefix.length);
  if (name === 'machine-id.json') return { kind: 'machine-id' };
  if (name === 'secrets.age') return { kind: 'shared-secrets' };
  const kept = /^(.+\.md)\.gen-(\d{1,20})$/i.exec(name);
  const path = parseLogPath(kept ? kept[1] : name);
  if (!path.ok) return { kind: 'foreign', problem: path.error.message };
  return kept
    ? { kind: 'kept', path: path.value, generation: kept[2] as string }
    : { kind: 'log', path: path.value };
}

/** The form of a segment's name, `<YYYY-MM>-<seq>-<writer8>.json.gz`; anything else in a head is refused. */
export const SEGMENT_NAME = /^\d{4}-\d{2}-\d{1,12}-[0-9a-f]{8}\.json\.gz$/;

/** The form of a text pack's name, `pack-<number>.jsonl.gz`; anything else in a head is refused. */
export const TEXT_PACK_NAME = /^pack-[1-9]\d{0,5}\.jsonl\.gz$/;
