import * as v from 'valibot';
import type { Answer } from '../../../shared/app-error.ts';
import { parseMachineUuid, type CalendarDate, type MachineUuid } from '../../../shared/domain/ids.ts';
import type { TextPackRef } from '../../../shared/domain/log-entry.ts';
import type { TeamSearch } from '../../../shared/domain/settings.ts';
import { ok } from '../../../shared/result.ts';
import { MIB, recallState, stateObject, writeState } from '../files/state-file.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import { readPackRefs } from './read-refs.ts';

/** The known state of one other machine's text packs. */
export interface MachineTexts {
  readonly host: string;
  /** Generation of the head with the packs. */
  readonly generation: string;
  /** Null when the head's list is unreadable. */
  readonly packs: readonly TextPackRef[] | null;
  /** Digests of packs pulled, or merged into others. */
  readonly held: ReadonlySet<string>;
  /** Packs found unusable under this head, by digest. */
  readonly refused: ReadonlyMap<string, { readonly message: string; readonly remedy: string }>;
}

/** This machine's record of others' text packs. Regenerable: without it all are checked again. */
export type TeamTexts = Map<MachineUuid, MachineTexts>;

/** Other machines' text packs in total. */
export interface TeamTextSize {
  readonly machines: number;
  readonly packs: number;
  readonly logs: number;
  /** Bytes to pull, and bytes of their text. */
  readonly bytes: number;
  readonly text: number;
}

/** Increment when formerly refused packs become readable: then all are checked again. */
const READER = 1;
/** Characters kept for all machines: some ten thousand of them. What a flood of names adds is checked again. */
const KEPT = 48 * MIB;

const FORMAT = {
  maxBytes: 64 * MIB,
  schema: stateObject({
    reader: v.literal(READER),
    store: v.string(),
    tenant: v.string(),
    machines: v.array(
      v.object({
        machine: v.string(),
        host: v.string(),
        generation: v.string(),
        packs: v.nullable(v.array(v.unknown())),
        held: v.array(v.string()),
        refused: v.array(v.object({ sha256: v.string(), message: v.string(), remedy: v.string() })),
      }),
    ),
  }),
};

type Deps = Pick<SyncDeps, 'files' | 'paths' | 'store' | 'layout' | 'logger'>;

/** The record of earlier pulls from this store; empty if missing or damaged. */
export async function readTeamTexts(deps: Deps): Promise<TeamTexts> {
  const read = await recallState(deps.files, fileOf(deps), FORMAT, deps.logger);
  const team: TeamTexts = new Map();
  if (read?.store !== deps.store.url || read.tenant !== deps.layout.tenant) return team;
  for (const { machine, host, generation, packs, held, refused } of read.machines) {
    const uuid = parseMachineUuid(machine);
    if (!uuid.ok) continue;
    team.set(uuid.value, {
      host,
      generation,
      packs: packs === null ? null : readPackRefs(packs),
      held: new Set(held),
      refused: new Map(refused.map(({ sha256, ...why }) => [sha256, why])),
    });
  }
  return team;
}

/** Stores the record. */
export async function keepTeamTexts(deps: Deps, team: TeamTexts): Answer<void> {
  const machines: object[] = [];
  let room = KEPT;
  for (const [machine, { held, refused, ...rest }] of team) {
    const why = [...refused].map(([sha256, said]) => ({ sha256, ...said }));
    const one = { machine, ...rest, held: [...held], refused: why };
    room -= JSON.stringify(one).length;
    if (room < 0) break;
    machines.push(one);
  }
  const whose = { reader: READER, store: deps.store.url, tenant: deps.layout.tenant };
  return await writeState(deps.files, fileOf(deps), { schema: 1, ...whose, machines });
}

/** The packs requested by the setting: all with a log of its period. */
export function wantedPacks(
  packs: readonly TextPackRef[],
  setting: TeamSearch,
  today: CalendarDate,
): readonly TextPackRef[] {
  if (setting === 'off') return [];
  if (setting === 'all') return packs;
  const first = monthsBefore(today, Number(setting));
  return packs.filter(({ to }) => to >= first);
}

/** The first day of a setting's period. */
function monthsBefore(today: CalendarDate, months: number): string {
  const [year = 0, month = 0] = today.split('-').map(Number);
  const count = year * 12 + (month - 1) - months;
  const [y, m] = [Math.floor(count / 12), (count % 12) + 1];
  return `${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}${today.slice(7)}`;
}

/**
 * The size of the team's texts, from the heads: to be shown before the first pull.
 * @param setting `search.team`
 */
export async function teamTextSize(
  deps: Deps,
  setting: TeamSearch,
  today: CalendarDate,
): Answer<TeamTextSize> {
  const team = await readTeamTexts(deps);
  return ok(sizeOf([...team.values()].map(({ packs }) => wantedPacks(packs ?? [], setting, today))));
}

/** @param packs of each machine */
export function sizeOf(packs: readonly (readonly TextPackRef[])[]): TeamTextSize {
  const all = packs.flat();
  const sum = (of: (pack: TextPackRef) => number): number => all.reduce((total, pack) => total + of(pack), 0);
  return {
    machines: packs.filter((list) => list.length > 0).length,
    packs: all.length,
    logs: sum(({ logs }) => logs),
    bytes: sum(({ size }) => size),
    text: sum(({ text }) => text),
  };
}

function fileOf({ paths }: Pick<SyncDeps, 'paths'>): string {
  return `${paths.state}/team-texts.json`;
}
