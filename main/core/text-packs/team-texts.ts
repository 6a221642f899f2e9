import * as v from 'valibot';
import type { AppError } from '../../../shared/app-error.ts';
import { parseMachineUuid, type CalendarDate, type MachineUuid } from '../../../shared/domain/ids.ts';
import type { TextPackRef } from '../../../shared/domain/log-entry.ts';
import type { TeamSearch } from '../../../shared/domain/settings.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { MIB, recallState, stateObject, writeState } from '../files/state-file.ts';
import type { SyncDeps } from '../sync/sync-deps.ts';
import { readPackRefs } from './read-refs.ts';

/** What is known of the text packs of one other machine. */
export interface MachineTexts {
  readonly host: string;
  /** Generation of the head that named the packs. */
  readonly generation: string;
  /** Null when what the head says of them cannot be understood. */
  readonly packs: readonly TextPackRef[] | null;
  /** Digests of packs that were taken, or whose content came in others. */
  readonly held: ReadonlySet<string>;
  /** Packs that were read and are no use under this head, by their digests. */
  readonly refused: ReadonlyMap<string, { readonly message: string; readonly remedy: string }>;
}

/** What this machine knows of the text packs of the others. Regenerable: without it all of them are looked at again. */
export type TeamTexts = Map<MachineUuid, MachineTexts>;

/** Text packs of other machines, summed. */
export interface TeamTextSize {
  readonly machines: number;
  readonly packs: number;
  readonly logs: number;
  /** Bytes to pull, and bytes of text in them. */
  readonly bytes: number;
  readonly text: number;
}

/** Grows when packs come to be read that were refused before: then all are looked at again. */
const READER = 1;
/** Characters of what is kept of all machines: some ten thousand of them. What a flood of names brings above is looked at again. */
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

/** What earlier pulls of this store learned; nothing when there is no file, or a damaged one. */
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

/** Keeps what was learned. */
export async function keepTeamTexts(deps: Deps, team: TeamTexts): Promise<Result<void, AppError>> {
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

/** The packs that the setting asks for: all that hold a log of its time. */
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

/** The first day of the time that a setting names. */
function monthsBefore(today: CalendarDate, months: number): string {
  const [year = 0, month = 0] = today.split('-').map(Number);
  const count = year * 12 + (month - 1) - months;
  const [y, m] = [Math.floor(count / 12), (count % 12) + 1];
  return `${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}${today.slice(7)}`;
}

/**
 * What the text of the team's logs would cost, from what the heads say: to be told before it is pulled for the first time.
 * @param setting `search.team`
 */
export async function teamTextSize(
  deps: Deps,
  setting: TeamSearch,
  today: CalendarDate,
): Promise<Result<TeamTextSize, AppError>> {
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
