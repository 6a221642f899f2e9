import type { LockFs } from '../../../../main/adapters/lock/lock-fs.ts';
import type { LockClock } from '../../../../main/adapters/lock/lock-site.ts';
import type { Sighting } from '../../../../main/adapters/lock/verdict.ts';
import { errno, fakeFiles } from './fake-files.ts';
import type { FakeFiles, Removal } from './fake-files.ts';

/**
 * S1 one live holder; S2 no live owner's record or lock is removed by another; S3 no release removes what is another's;
 * L1 after everybody ended or crashed a newcomer still gets the lock; I1 at most one record in the lock; F a fence or
 * a release that says "lost" although nobody was evicted.
 */
export type Property = 'S1' | 'S2' | 'S3' | 'L1' | 'I1' | 'F';

export const FOLDER = '/d';
export const LOCK = '/d/lock';
/** Epoch milliseconds at which every world begins. */
export const EPOCH = 1_700_000_000_000;

interface Pending {
  /** `mkdir /d/lock` */
  readonly label: string;
  readonly run: () => unknown;
  readonly settle: (outcome: { readonly value: unknown } | { readonly error: Error }) => void;
}

/** One process of the world: it stands still before every call until somebody gives it a turn. */
export interface Actor {
  readonly id: string;
  readonly pid: number;
  readonly start: string;
  readonly fs: LockFs;
  readonly clock: LockClock;
  /** Asks whether a process lives, as one step. */
  look(pid: number, start: string): Promise<Sighting>;
  /** One step that touches nothing: the work done under the lock. */
  work(label: string): Promise<void>;
  nonce(): string;
  phase: 'outside' | 'acquiring' | 'inside' | 'releasing';
  alive: boolean;
  /** It has taken a turn. */
  moved: boolean;
  finished: boolean;
  /** Never crashes: for a peer whose own protocol cannot bear it. */
  immortal: boolean;
  pending: Pending | null;
  sleepingUntil: number | null;
  /** How every step of it ended, for whoever reads a trace. */
  readonly outcomes: string[];
}

export type Program = (actor: Actor, world: World) => Promise<void>;

/** One thing that may happen next. */
export interface Choice {
  readonly kind: 'run' | 'wake' | 'crash' | 'lose';
  readonly actor: Actor;
}

export interface World {
  readonly files: FakeFiles;
  readonly actors: Actor[];
  readonly broken: Set<Property>;
  readonly trace: string[];
  /** What a program threw, if one did. */
  fault: unknown;
  nowMs: number;
  /** Added to the wall clock only. */
  wallShiftMs: number;
  crashesLeft: number;
  lossesLeft: number;
  /** How often a sleeper may wake while somebody else could go on; waking is free when nobody can. */
  jumpsLeft: number;
  /** Off while it does not matter what the processes are answered: then nothing of it is kept, and {@link key} is not asked for. */
  remembering: boolean;
  /** What each process has been answered so far, in the order of {@link actors}. */
  memories(): readonly string[];
  /** Remembers from here on, after steps of which another world has these memories. */
  remember(memories: readonly string[]): void;
  spawn(id: string, program: Program): Promise<Actor>;
  /** Everything that may happen now; the process that ran last comes first. */
  choices(last: string): Choice[];
  apply(choice: Choice): Promise<void>;
  enter(actor: Actor): void;
  leave(actor: Actor): void;
  /** Everything that decides what can still happen; with `crashed`, what it would be once that process has crashed. */
  key(crashed?: Actor): string;
}

export interface WorldOptions {
  readonly platform?: 'posix' | 'windows';
  readonly crashes?: number;
  readonly losses?: number;
  readonly jumps?: number;
  /**
   * Leaves out turns that cannot matter. Each process alone touches its own side folder, so those calls commute with
   * everybody's; what is written in a record is for people; and a crash just before a look at a process is the same as
   * one just before the call ahead of that look. Side folders of others are then hidden from listings; the queue and
   * the sweep, which look at them, are explored without this.
   */
  readonly quietSides?: boolean;
  /** With quietSides: listing the parent folder stays a turn, for a lock that finds something there. */
  readonly listsMatter?: boolean;
  /** All processes run the same program, so it does not matter which of them moves first: the first one does. */
  readonly alike?: boolean;
}

const SIDE = `${LOCK}.t-`;
const RECORD = `${LOCK}/o-`;

const LOST: Readonly<Record<string, string>> = {
  mkdir: 'EEXIST',
  writeNew: 'EEXIST',
  rename: 'ENOENT',
  unlink: 'ENOENT',
  rmdir: 'ENOENT',
};

export function newWorld(options: WorldOptions = {}): World {
  const files = fakeFiles(options.platform ?? 'posix');
  files.entries.set(FOLDER, { kind: 'folder', mtimeMs: EPOCH, owner: '', text: '' });
  const histories = new Map<string, string>();
  const parked = new Map<string, () => void>();
  const wakers = new Map<string, () => void>();
  const world: World = {
    files,
    actors: [],
    broken: new Set(),
    trace: [],
    fault: undefined,
    nowMs: 0,
    wallShiftMs: 0,
    crashesLeft: options.crashes ?? 0,
    lossesLeft: options.losses ?? 0,
    jumpsLeft: options.jumps ?? Number.POSITIVE_INFINITY,
    remembering: true,
    memories: () => [...histories.values()],
    remember: (memories) => {
      world.remembering = true;
      for (const [place, actor] of world.actors.entries()) histories.set(actor.id, memories[place] ?? '');
    },
    spawn: async (id, program) => {
      const actor = newActor(world, id, park, wakers, histories, options);
      world.actors.push(actor);
      histories.set(id, '');
      const stands = nextPark(id);
      program(actor, world)
        .catch((cause: unknown) => {
          // A program that throws is a bug in the lock, whatever was injected.
          world.fault ??= cause;
        })
        .finally(() => {
          actor.finished = true;
          park(id);
        });
      await stands;
      return actor;
    },
    choices: (last) => listChoices(world, last, options.alike === true),
    apply: async (choice) => {
      const { actor } = choice;
      actor.moved = true;
      world.trace.push(`${actor.id} ${choice.kind} ${actor.pending?.label ?? ''}`.trim());
      if (choice.kind === 'crash') {
        world.crashesLeft--;
        actor.alive = false;
        actor.pending = null;
        actor.sleepingUntil = null;
        return;
      }
      const stands = nextPark(actor.id);
      const outcome = choice.kind === 'wake' ? wake(actor) : step(choice, actor);
      if (world.remembering) histories.set(actor.id, digest(`${histories.get(actor.id)}|${outcome}`));
      await stands;
    },
    enter: (actor) => {
      if (world.actors.some((other) => other !== actor && other.alive && other.phase === 'inside')) {
        world.broken.add('S1');
      }
      actor.phase = 'inside';
    },
    leave: (actor) => {
      actor.phase = 'releasing';
    },
    key: (crashed) => keyOf(world, histories, options.quietSides === true, crashed),
  };

  function park(id: string): void {
    parked.get(id)?.();
  }

  async function nextPark(id: string): Promise<void> {
    return new Promise((resolve) => {
      parked.set(id, resolve);
    });
  }

  function wake(actor: Actor): string {
    if (world.actors.some((other) => other.alive && other.pending !== null)) world.jumpsLeft--;
    world.nowMs = Math.max(world.nowMs, actor.sleepingUntil ?? 0);
    actor.sleepingUntil = null;
    wakers.get(actor.id)?.();
    return 'woke';
  }

  function step(choice: Choice, actor: Actor): string {
    const { pending } = actor;
    if (pending === null) throw new Error(`${actor.id} has no turn to take`);
    actor.pending = null;
    files.by = actor.id;
    files.nowMs = EPOCH + world.nowMs;
    try {
      const value = pending.run();
      if (choice.kind === 'lose') throw lostReply(world, pending);
      pending.settle({ value });
      checkRecords(world);
      return world.remembering ? (JSON.stringify(value) ?? 'done') : '';
    } catch (cause) {
      if (!(cause instanceof Error)) throw cause;
      pending.settle({ error: cause });
      checkRecords(world);
      return cause.message;
    }
  }

  return world;
}

function lostReply(world: World, pending: Pending): Error {
  world.lossesLeft--;
  return errno(lostCode(pending) ?? 'EIO', 'the reply was lost');
}

/** What a repeated call answers when the reply to the first was lost on a network; null if it cannot be lost. */
function lostCode({ label }: Pending): string | null {
  return LOST[label.slice(0, label.indexOf(' '))] ?? null;
}

function newActor(
  world: World,
  id: string,
  park: (id: string) => void,
  wakers: Map<string, () => void>,
  histories: Map<string, string>,
  options: WorldOptions,
): Actor {
  const { files } = world;
  let nonces = 0;
  const quietSides = options.quietSides === true;
  const quiet = (label: string): boolean =>
    quietSides &&
    (label === 'readdir /d'
      ? options.listsMatter !== true
      : label.startsWith('look ') ||
        (label.startsWith('read ') && label.includes('/o-')) ||
        (label.includes(SIDE) && !label.startsWith('rename')));
  const listed = (path: string): string[] => {
    const names = files.readdir(path);
    return quietSides ? names.filter((name) => !`${path}/${name}`.startsWith(SIDE)) : names;
  };
  const atOnce = async <T>(run: () => T): Promise<T> => {
    files.by = id;
    files.nowMs = EPOCH + world.nowMs;
    return run();
  };
  const turn = <T>(label: string, run: () => T): Promise<T> => {
    if (quiet(label)) return atOnce(run);
    return new Promise((resolve, reject) => {
      // Two calls at once would need two turns: the lock must not do that, or the explorer would miss orders.
      if (actor.pending !== null) throw new Error(`${id} asks for two turns at once`);
      actor.pending = {
        label,
        run,
        settle: (outcome) => ('error' in outcome ? reject(outcome.error) : resolve(outcome.value as T)),
      };
      park(id);
    });
  };
  const reads = (time: number): number => {
    if (world.remembering) histories.set(id, digest(`${histories.get(id)}|${time}`));
    return time;
  };
  const removing = (removed: Removal[]): void => {
    for (const removal of removed) checkRemoval(world, actor, removal);
  };
  const actor: Actor = {
    id,
    pid: 100 + world.actors.length,
    start: String(5000 + world.actors.length),
    phase: 'outside',
    alive: true,
    moved: false,
    finished: false,
    immortal: false,
    pending: null,
    sleepingUntil: null,
    outcomes: [],
    nonce: () => (100 + world.actors.indexOf(actor)).toString(16) + String(++nonces).padStart(14, '0'),
    look: (pid, _start) => turn(`look ${pid}`, () => sightingOf(world, pid)),
    work: (label) => turn(`work ${label}`, () => undefined),
    fs: {
      mkdir: (path) => turn(`mkdir ${path}`, () => files.mkdir(path)),
      writeNew: (path, text) => turn(`writeNew ${path}`, () => files.writeNew(path, text)),
      rename: (from, to) => turn(`rename ${from} ${to}`, () => removing(files.rename(from, to))),
      readdir: (path) => turn(`readdir ${path}`, () => listed(path)),
      unlink: (path) => turn(`unlink ${path}`, () => removing(files.unlink(path))),
      rmdir: (path) => turn(`rmdir ${path}`, () => removing(files.rmdir(path))),
      touch: (path) => turn(`touch ${path}`, () => files.touch(path)),
      lstat: (path) => turn(`lstat ${path}`, () => files.lstat(path)),
      read: (path) => turn(`read ${path}`, () => files.read(path)),
    },
    clock: {
      now: () => reads(world.nowMs),
      wall: () => reads(EPOCH + world.nowMs + world.wallShiftMs),
      sleep: (ms) =>
        new Promise((resolve) => {
          actor.sleepingUntil = world.nowMs + ms;
          wakers.set(id, resolve);
          park(id);
        }),
      every: () => () => undefined,
    },
  };
  return actor;
}

function sightingOf(world: World, pid: number): Sighting {
  const found = world.actors.find((actor) => actor.pid === pid);
  return found?.alive === true ? { kind: 'running', start: found.start } : { kind: 'absent' };
}

/** Removing a live process's record, or the lock folder of one that is inside, breaks S2; in a release also S3. */
function checkRemoval(world: World, by: Actor, { path, entry }: Removal): void {
  if (path !== LOCK && !path.startsWith(`${LOCK}/`)) return;
  const owner = world.actors.find((actor) => actor.id === entry.owner);
  if (owner === undefined || owner === by || !owner.alive) return;
  if (entry.kind === 'folder' && owner.phase !== 'inside') return;
  world.broken.add('S2');
  if (by.phase === 'releasing') world.broken.add('S3');
}

function checkRecords(world: World): void {
  let records = 0;
  for (const path of world.files.entries.keys()) if (path.startsWith(RECORD)) records++;
  if (records > 1) world.broken.add('I1');
}

function listChoices(world: World, last: string, alike: boolean): Choice[] {
  const beginner = alike ? world.actors.findIndex((actor) => !actor.moved) : -1;
  const living = world.actors.filter(
    (actor, place) => actor.alive && !actor.finished && (beginner < 0 || place <= beginner),
  );
  living.sort((a, b) => Number(b.id === last) - Number(a.id === last));
  const choices: Choice[] = [];
  for (const actor of living) if (actor.pending !== null) choices.push({ kind: 'run', actor });
  const jump = choices.length === 0 || world.jumpsLeft > 0;
  if (jump)
    for (const actor of living) if (actor.sleepingUntil !== null) choices.push({ kind: 'wake', actor });
  if (world.crashesLeft > 0) {
    for (const actor of living) if (!actor.immortal) choices.push({ kind: 'crash', actor });
  }
  if (world.lossesLeft > 0) {
    for (const actor of living)
      if (actor.pending && lostCode(actor.pending) !== null && !actor.immortal)
        choices.push({ kind: 'lose', actor });
  }
  return choices;
}

function keyOf(
  world: World,
  histories: ReadonlyMap<string, string>,
  quietSides: boolean,
  crashed: Actor | undefined,
): string {
  const crashesLeft = world.crashesLeft - (crashed === undefined ? 0 : 1);
  const parts = [`${world.nowMs} ${crashesLeft} ${world.lossesLeft} ${world.jumpsLeft}`];
  for (const [path, entry] of [...world.files.entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (quietSides && (path === FOLDER || path.startsWith(SIDE))) continue;
    parts.push(`${path} ${entry.kind} ${entry.mtimeMs} ${entry.owner}`);
  }
  for (const actor of world.actors) {
    // What somebody was told who takes no more turns cannot matter.
    if (!actor.alive || actor === crashed) parts.push('dead');
    else if (actor.finished) parts.push(`ended ${actor.phase} ${actor.outcomes.join()}`);
    else parts.push(`${histories.get(actor.id)} ${actor.phase} ${actor.sleepingUntil}`);
  }
  return parts.join('\n');
}

/** Two 32-bit multiplicative hashes: at a million states two alike are a one in ten million event. */
function digest(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (let n = 0; n < text.length; n++) {
    const unit = text.charCodeAt(n);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x85ebca6b) ^ (b >>> 13);
  }
  return `${(a >>> 0).toString(36)}.${(b >>> 0).toString(36)}`;
}
