import { Killed } from './failing-calls.ts';
import type { SeededRandom } from './seeded-random.ts';

/** Lets the calls of several actors through one at a time, in an order drawn from a seed. */
export interface Turnstile {
  /** The actor's own view of a table of calls: each waits for its turn. */
  through<C extends object>(actor: string, real: C): C;
  /** Runs the actors to their end; `onStep` is told before each call that is let through. Rejects with an actor's own defect. */
  run(actors: readonly Promise<unknown>[], onStep?: (actor: string) => void): Promise<void>;
  /** The actor stands still while the others make this many steps, or until only it is left: a laptop that sleeps. */
  freeze(actor: string, steps: number): void;
  /** The actor dies: each call it makes from now on, and those that wait, throw `Killed`. */
  kill(actor: string): void;
  /** Calls let through so far. */
  readonly steps: number;
}

interface Waiting {
  readonly actor: string;
  readonly go: () => void;
  readonly die: () => void;
}

/** @param random draws who goes next; a burst of one actor is as likely as fairness */
export function createTurnstile(random: SeededRandom): Turnstile {
  const waiting: Waiting[] = [];
  const dead = new Set<string>();
  let frozen = { actor: '', until: 0 };
  let steps = 0;
  let favourite = '';

  const turn = (actor: string): Promise<void> =>
    new Promise((resolve, reject) => {
      if (dead.has(actor)) reject(new Killed());
      else waiting.push({ actor, go: resolve, die: () => reject(new Killed()) });
    });

  function choose(): Waiting | undefined {
    const awake = waiting.filter((entry) => entry.actor !== frozen.actor || steps >= frozen.until);
    const able = awake.length > 0 ? awake : waiting;
    // Half of the time the same actor runs on, so that long stretches of one meet a single step of another.
    const same = able.find((entry) => entry.actor === favourite);
    const next = same !== undefined && random.fraction() < 0.5 ? same : able[random.below(able.length)];
    if (next === undefined) return undefined;
    waiting.splice(waiting.indexOf(next), 1);
    favourite = next.actor;
    return next;
  }

  return {
    through: <C extends object>(actor: string, real: C): C => {
      const wrap =
        (method: (...args: never[]) => Promise<unknown>) =>
        async (...args: never[]): Promise<unknown> => {
          await turn(actor);
          return await method(...args);
        };
      return Object.fromEntries(Object.entries(real).map(([name, method]) => [name, wrap(method)])) as C;
    },
    run: async (actors, onStep) => {
      let running = actors.length;
      let defect: unknown;
      for (const actor of actors) {
        actor
          .catch((error: unknown) => {
            if (!(error instanceof Killed)) defect ??= error;
          })
          .finally(() => running--);
      }
      while (running > 0) {
        // A macrotask lets every actor run up to its next call, or its end.
        await new Promise((resolve) => setImmediate(resolve));
        const next = choose();
        if (next === undefined) continue;
        steps++;
        onStep?.(next.actor);
        if (dead.has(next.actor)) next.die();
        else next.go();
      }
      if (defect !== undefined) throw defect;
    },
    freeze: (actor, forSteps) => {
      frozen = { actor, until: steps + forSteps };
    },
    kill: (actor) => {
      dead.add(actor);
      for (const entry of waiting.filter((entry) => entry.actor === actor)) {
        waiting.splice(waiting.indexOf(entry), 1);
        entry.die();
      }
    },
    get steps() {
      return steps;
    },
  };
}
