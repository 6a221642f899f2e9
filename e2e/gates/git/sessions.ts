import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { expect } from 'vitest';
import { howFar } from '../../../main/testing/how-far.ts';
import { createSeededRandom } from '../../../main/testing/seeded-random.ts';
import { checkTidy } from './scenario.ts';
import type { SessionEvent, SessionOrder } from './session.ts';
import { dropWorld, git, makeTemplate, onRemote, put, type World } from './world.ts';

export interface Soak {
  readonly sessions: number;
  readonly saves: number;
  /** One in so many events kills the session that reported it; see `deadly` for a phase that reports often. */
  readonly killOneIn: number;
  readonly seed: number;
  /** How long every other session waits for the lock; the rest give up after a moment and try again later. */
  readonly waitMs: number;
  /** A session that is killed after this many milliseconds is not started again: what stands in its way is told, not waited for. */
  readonly limitMs: number;
}

/** What an impatient session waits: less than one run of another takes. */
const MOMENT_MS = 120;

export interface SoakResult {
  readonly saved: number;
  readonly kills: number;
  readonly runs: number;
  readonly deferred: number;
  readonly seconds: number;
}

interface Session {
  readonly order: SessionOrder;
  readonly saved: Map<string, string>;
  readonly unsynced: Set<string>;
  last: number;
  /** Why its latest sync was put off; null when it was not. For the message of a failure. */
  problem: string | null;
}

/**
 * Several sessions in each of two clones save and sync at once, are killed at random moments and started again, while files of nobody
 * appear beside them. In the end every acknowledged log must be on the remote once, with its bytes, and nothing of nobody's.
 */
export async function soak(options: Soak): Promise<SoakResult> {
  const world = makeTemplate();
  const started = performance.now();
  try {
    const numbers = createSeededRandom(options.seed);
    const random = (): number => numbers.fraction();
    const tally = { kills: 0, runs: 0, deferred: 0 };
    const sessions: Session[] = [];
    for (const [clone, tree] of [
      ['tree', world.tree],
      ['mate', world.mate],
    ] as const) {
      for (let at = 0; at < options.sessions; at++) {
        const order = {
          tree,
          name: `${clone}${at}`,
          from: 1,
          to: options.saves,
          manifest: [],
          waitMs: at % 2 === 0 ? options.waitMs : MOMENT_MS,
        };
        sessions.push({ order, saved: new Map(), unsynced: new Set(), last: 0, problem: null });
      }
    }
    const step = howFar('saves of eight sessions', options.sessions * options.saves * 2);
    await Promise.all(sessions.map((session) => live(world, session, options, random, tally, step)));
    check(world, sessions);
    const saved = sessions.reduce((sum, session) => sum + session.saved.size, 0);
    expect(saved).toBeGreaterThanOrEqual(options.sessions * options.saves * 2);
    return { saved, ...tally, seconds: Math.round((performance.now() - started) / 100) / 10 };
  } finally {
    dropWorld(world);
  }
}

/** Runs a session to its end, starting it again each time it is killed. */
async function live(
  world: World,
  session: Session,
  options: Soak,
  random: () => number,
  tally: { kills: number; runs: number; deferred: number },
  step: () => void,
): Promise<void> {
  const until = performance.now() + options.limitMs;
  for (let start = 0; start < 200 && performance.now() < until; start++) {
    const order: SessionOrder = { ...session.order, from: session.last + 1, manifest: [...session.unsynced] };
    const child = spawn(
      process.execPath,
      [new URL('./session.ts', import.meta.url).pathname, JSON.stringify(order)],
      {
        env: world.env,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let done = false;
    const isDeadly = deadly(options.killOneIn, random);
    for await (const line of createInterface({ input: child.stdout })) {
      const event = JSON.parse(line) as SessionEvent;
      if ('saved' in event) {
        session.saved.set(event.saved, event.text);
        session.unsynced.add(event.saved);
        session.last = event.number;
        step();
        if (random() < 0.2)
          put(session.order.tree, {
            [`of-nobody-${random()}.tmp`]: 'half\n',
            'session-logs/2026-06-06-of-nobody.md': `${random()}`,
          });
      } else if ('synced' in event) {
        tally.runs++;
        session.problem = event.problem;
        if (event.code === 75) tally.deferred++;
        else expect(event.problem, session.order.name).toBe(null);
        for (const path of event.synced) session.unsynced.delete(path);
      } else if ('done' in event) done = true;
      if (!done && isDeadly(event)) {
        tally.kills++;
        child.kill('SIGKILL');
      }
    }
    if (done) return;
  }
  expect.fail(
    `${session.order.name} never came to its end; its last sync: ${session.problem ?? 'went well'}`,
  );
}

/**
 * Decides after which event a session is killed. The n-th report of one phase counts an n-th: a push of many commits reports hundreds
 * of times, and were each as deadly as the first none would ever come through, so the next would have more to push, and so on.
 */
function deadly(killOneIn: number, random: () => number): (event: SessionEvent) => boolean {
  let phase = '';
  let reports = 0;
  return (event) => {
    const now = 'phase' in event ? event.phase : '';
    reports = now !== '' && now === phase ? reports + 1 : 1;
    phase = now;
    return random() * killOneIn * reports < 1;
  };
}

function check(world: World, sessions: readonly Session[]): void {
  const seed = git(world, world.remote, 'rev-list', '--max-parents=0', 'main');
  const added = git(
    world,
    world.remote,
    'log',
    '--format=',
    '--name-only',
    '--diff-filter=A',
    'main',
    `^${seed}`,
    '--',
  )
    .split('\n')
    .filter((path) => path !== '');
  const times = new Map<string, number>();
  for (const path of added) times.set(path, (times.get(path) ?? 0) + 1);
  for (const session of sessions) {
    for (const [path, text] of session.saved) {
      expect(onRemote(world, path), path).toBe(text);
      expect(times.get(path), `${path} was committed once`).toBe(1);
    }
  }
  // A log whose session was killed before it could say so may be there too; nothing else.
  const foreign = added.filter(
    (path) => !/^session-logs\/2026-06-06-(?:tree|mate)\d+-\d+(?:-\d+)?\.md$/.test(path),
  );
  expect(foreign).toEqual([]);
  const touched = git(
    world,
    world.remote,
    'log',
    '--format=',
    '--name-only',
    '--diff-filter=a',
    'main',
    `^${seed}`,
    '--',
  );
  expect(touched).toBe('');
  for (const folder of [world.tree, world.mate, world.remote])
    expect(git(world, folder, 'fsck', '--full', '--strict', '--no-dangling', '--no-progress')).toBe('');
  for (const tree of [world.tree, world.mate]) {
    checkTidy({ ...world, tree });
    expect(git(world, tree, 'symbolic-ref', 'HEAD')).toBe('refs/heads/main');
    expect(git(world, tree, 'status', '--porcelain', '--untracked-files=no')).toBe('');
  }
}
