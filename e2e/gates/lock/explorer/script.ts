import type { Actor, Program, World } from './world.ts';

/** A world led by hand: one named order of turns instead of all of them. */
export interface Script {
  readonly world: World;
  readonly spawn: (id: string, program: Program) => Promise<Actor>;
  /** Lets a process run until its next call would be this one (name, or name and path); it is not made. */
  readonly until: (actor: Actor, label: string) => Promise<void>;
  /** Makes exactly the call the process stands before. */
  readonly step: (actor: Actor) => Promise<void>;
  /** Makes that call and loses its reply. */
  readonly loseReply: (actor: Actor) => Promise<void>;
  readonly crash: (actor: Actor) => Promise<void>;
  /** Lets a process run until it sleeps or ends. */
  readonly rest: (actor: Actor) => Promise<void>;
  /** Lets time pass to the end of a process's nap. */
  readonly wake: (actor: Actor) => Promise<void>;
  /** Lets a process run to its end, waking it whenever it sleeps. */
  readonly finish: (actor: Actor) => Promise<void>;
}

/** @param world a world with whatever is to be found already in it */
export function script(world: World): Script {
  const once = async (actor: Actor, kind: 'run' | 'wake' | 'crash' | 'lose'): Promise<void> => {
    await world.apply({ kind, actor });
    if (world.fault !== undefined) throw world.fault;
  };
  const stands = (actor: Actor): string =>
    actor.pending?.label ?? (actor.finished ? 'nothing: it has ended' : 'a nap');
  return {
    world,
    spawn: (id, program) => world.spawn(id, program),
    until: async (actor, label) => {
      while (!`${actor.pending?.label} `.startsWith(`${label} `)) {
        if (actor.pending === null)
          throw new Error(`${actor.id} never came to ${label}; before ${stands(actor)}`);
        await once(actor, 'run');
      }
    },
    step: (actor) => once(actor, 'run'),
    loseReply: async (actor) => {
      world.lossesLeft++;
      await once(actor, 'lose');
    },
    crash: (actor) => once(actor, 'crash'),
    rest: async (actor) => {
      while (actor.pending !== null) await once(actor, 'run');
    },
    wake: (actor) => once(actor, 'wake'),
    finish: async (actor) => {
      while (!actor.finished) await once(actor, actor.pending === null ? 'wake' : 'run');
    },
  };
}
