import type { Actor, Choice, Property, World } from './world.ts';

/** A world in its first state, with everybody standing before the first call. */
export type MakeWorld = () => Promise<World>;

/** Runs a newcomer in an ended world. @returns true when it got the lock and gave it back */
export type Heal = (world: World) => Promise<boolean>;

export interface Report {
  /** Runs from the first state to an end, or to a state that was known already. */
  readonly runs: number;
  readonly states: number;
  readonly ends: number;
  readonly broken: ReadonlySet<Property>;
  /** The steps of the first run that broke something. */
  readonly witness: readonly string[];
  /** How often each kind of outcome was seen, so that a test can tell that something happened at all. */
  readonly outcomes: ReadonlyMap<string, number>;
}

export interface ExploreOptions {
  readonly make: MakeWorld;
  readonly heal: Heal;
  /** How often the turn may be taken from a process that could go on; a crash or the end of a process is free. */
  readonly preemptions?: number;
  /** Stop as soon as this is broken; without it, as soon as anything is. */
  readonly until?: Property;
  /** Called after every run. */
  readonly onRun?: () => void;
  /** Give up (with a throw) after so many runs: a proof that does not end proves nothing. */
  readonly runsMax?: number;
}

/** A turn that was taken, and all before it. */
interface Turn {
  readonly before: Turn | null;
  readonly kind: Choice['kind'];
  /** Of the process, in the order of the world's actors. */
  readonly place: number;
}

/** A turn that is still to be tried, after others that were. */
interface Branch {
  readonly turn: Turn;
  /** What the processes remember just before it. */
  readonly memories: readonly string[];
  readonly pace: Pace;
  /** The state that it leads to, if that is known without going there. */
  readonly to: string | undefined;
}

/** Who moved last, and how many pre-emptions are left. */
interface Pace {
  readonly last: string;
  readonly left: number;
}

interface Collected {
  runs: number;
  ends: number;
  readonly broken: Set<Property>;
  witness: readonly string[];
  readonly outcomes: Map<string, number>;
  readonly healed: Map<string, boolean>;
}

/**
 * Every order of turns, depth first. A run cannot be copied, so each branch replays its choices from the start; a
 * state that was seen (files, clocks, and what every process that goes on has been answered so far) is not entered
 * again: what comes of it is the same.
 */
export async function explore(options: ExploreOptions): Promise<Report> {
  const seen = new Set<string>();
  const stack: (Branch | null)[] = [null];
  const collected = collect();
  const done = (): boolean =>
    options.until === undefined ? collected.broken.size > 0 : collected.broken.has(options.until);
  while (stack.length > 0 && !done()) {
    const branch = stack.pop() ?? null;
    if (branch?.to !== undefined && seen.has(branch.to)) continue;
    collected.runs++;
    if (collected.runs > (options.runsMax ?? 3_000_000)) throw new Error('the exploration did not end');
    await followAndFan(options, branch, { seen, stack, collected });
    options.onRun?.();
  }
  return report(collected, seen.size);
}

interface Frontier {
  readonly seen: Set<string>;
  readonly stack: (Branch | null)[];
  readonly collected: Collected;
}

async function followAndFan(
  options: ExploreOptions,
  branch: Branch | null,
  { seen, stack, collected }: Frontier,
): Promise<void> {
  const world = await options.make();
  if (branch !== null) await replay(world, branch, collected);
  let here = branch?.turn ?? null;
  let pace = branch?.pace ?? { last: '', left: options.preemptions ?? Number.POSITIVE_INFINITY };
  for (;;) {
    const { last, left } = pace;
    const choices = affordable(world.choices(last), last, left);
    const key = keyOf(world, pace);
    if (seen.has(key)) return;
    seen.add(key);
    const [first] = choices;
    if (first === undefined) return end(world, options.heal, collected);
    const memories = choices.length > 1 ? world.memories() : [];
    for (const choice of choices.slice(1).reverse()) {
      const after = paceAfter(choice, choices, pace);
      // A crash does nothing but take a process out of the world.
      const to = choice.kind === 'crash' ? keyOf(world, after, choice.actor) : undefined;
      if (to === undefined || !seen.has(to))
        stack.push({ turn: turnOf(world, here, choice), memories, pace: after, to });
    }
    here = turnOf(world, here, first);
    pace = paceAfter(first, choices, pace);
    await take(world, first, collected);
  }
}

/** Takes the turns of a branch again. Only the last of them is new: the others were looked at when they were. */
async function replay(world: World, { turn, memories }: Branch, collected: Collected): Promise<void> {
  const turns: Turn[] = [];
  for (let at: Turn | null = turn.before; at !== null; at = at.before) turns.push(at);
  world.remembering = false;
  for (const { kind, place } of turns.reverse()) await world.apply(possible(world, kind, place));
  world.remember(memories);
  await take(world, possible(world, turn.kind, turn.place), collected);
}

function possible(world: World, kind: Choice['kind'], place: number): Choice {
  const actor = world.actors[place];
  const isPossible =
    actor?.alive === true &&
    (kind === 'crash' || (kind === 'wake' ? actor.sleepingUntil !== null : actor.pending !== null));
  if (!isPossible) throw new Error('a replay went another way: something is not deterministic');
  return { kind, actor };
}

async function take(world: World, choice: Choice, collected: Collected): Promise<void> {
  await world.apply(choice);
  if (world.fault !== undefined) throw world.fault;
  note(world, collected);
}

function turnOf(world: World, before: Turn | null, { kind, actor }: Choice): Turn {
  return { before, kind, place: world.actors.indexOf(actor) };
}

/** A state: seen once, it is not entered again. */
function keyOf(world: World, { last, left }: Pace, crashed?: Actor): string {
  return `${world.key(crashed)} ${left === Number.POSITIVE_INFINITY ? '' : `${left} ${last}`}`;
}

function paceAfter(choice: Choice, choices: readonly Choice[], { last, left }: Pace): Pace {
  return {
    // Who crashed does not go on; who is robbed of a reply does.
    last: choice.kind === 'crash' ? '' : choice.actor.id,
    left: costs(choice, choices, last) ? left - 1 : left,
  };
}

/** Random orders from a seed: for more processes than can be done exhaustively. */
export async function exploreRandomly(
  options: Omit<ExploreOptions, 'preemptions' | 'runsMax'> & { readonly seeds: readonly number[] },
): Promise<Report> {
  const collected = collect();
  for (const seed of options.seeds) {
    const world = await options.make();
    world.remembering = false;
    const random = mulberry32(seed);
    let last = '';
    collected.runs++;
    for (;;) {
      const choices = world.choices(last);
      if (choices.length === 0) break;
      // Crashes and lost replies are rare, so that they can also happen late.
      const usual = choices.filter((choice) => choice.kind === 'run' || choice.kind === 'wake');
      const pool = usual.length === 0 || random() < 0.03 ? choices : usual;
      const stay = pool.find((choice) => choice.actor.id === last);
      // Runs of turns by one process reach deeper states than a coin for every step.
      const choice = stay !== undefined && random() < 0.5 ? stay : pool[Math.floor(random() * pool.length)];
      if (choice === undefined) break;
      last = choice.actor.id;
      await take(world, choice, collected);
    }
    await end(world, options.heal, collected);
    options.onRun?.();
    const found =
      options.until === undefined ? collected.broken.size > 0 : collected.broken.has(options.until);
    if (found) {
      collected.witness = [`seed ${seed}`, ...collected.witness];
      break;
    }
  }
  return report(collected, 0);
}

function collect(): Collected {
  return { runs: 0, ends: 0, broken: new Set(), witness: [], outcomes: new Map(), healed: new Map() };
}

function report(collected: Collected, states: number): Report {
  const { runs, ends, broken, witness, outcomes } = collected;
  return { runs, states, ends, broken, witness, outcomes };
}

function note(world: World, collected: Collected): void {
  for (const property of world.broken) {
    if (collected.broken.has(property)) continue;
    collected.broken.add(property);
    collected.witness = [...world.trace, `broken: ${property}`];
  }
}

async function end(world: World, heal: Heal, collected: Collected): Promise<void> {
  collected.ends++;
  for (const actor of world.actors) {
    const stuck = actor.alive && !actor.finished;
    if (stuck) world.broken.add('L1');
    const outcomes = actor.alive ? actor.outcomes : ['crashed'];
    for (const outcome of outcomes) {
      collected.outcomes.set(outcome, (collected.outcomes.get(outcome) ?? 0) + 1);
    }
  }
  // What a newcomer finds depends on the files, the clock and who is alive, not on how it came about.
  const alive = world.actors.map((actor) => actor.alive);
  const files = [...world.files.entries].map(([path, entry]) => `${path}${entry.mtimeMs}`).sort();
  const key = `${world.nowMs} ${alive.join()} ${files.join('\n')}`;
  world.remembering = false;
  const healed = collected.healed.get(key) ?? (await heal(world));
  collected.healed.set(key, healed);
  if (!healed) world.broken.add('L1');
  note(world, collected);
}

function affordable(choices: Choice[], last: string, left: number): Choice[] {
  return left > 0 ? choices : choices.filter((choice) => !costs(choice, choices, last));
}

/** Taking the turn from a process that could go on is a pre-emption. */
function costs(choice: Choice, choices: readonly Choice[], last: string): boolean {
  if (choice.kind === 'crash' || choice.actor.id === last) return false;
  return choices.some((other) => other.kind === 'run' && other.actor.id === last);
}

function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
