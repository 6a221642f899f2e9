import { zonedTime } from '../../../shared/domain/zoned-time.ts';
import { capturedAgent } from '../../../shared/domain/captured-log.ts';
import type { LogPath, MachineUuid } from '../../../shared/domain/ids.ts';
import type { RetentionOffer } from '../../../shared/transcripts/session-list.ts';
import {
  configFolder,
  readClaudePeriod,
  readGeminiRetention,
  type ManagedSettings,
} from '../capture/agent-settings.ts';
import type { Period } from '../capture/clean-up.ts';
import { findSessions, isGoneNow, type SessionsHere } from '../capture/find-sessions.ts';
import { keyOf, newlyKnown, printOf, readKnown, type KnownSession } from '../capture/known-sessions.ts';
import { sessionRows, sumsOf, type CleanUps } from '../capture/session-rows.ts';
import { runLimited } from '../concurrency/run-limited.ts';
import { inFolder } from '../files/folder-path.ts';
import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import type { SessionPage } from '../../../shared/ipc/sessions.ts';
import type { SweepDeps } from './sweep-sessions.ts';

export interface ListDeps extends Pick<
  SweepDeps,
  | 'sources'
  | 'files'
  | 'bytes'
  | 'locks'
  | 'clock'
  | 'logger'
  | 'settings'
  | 'paths'
  | 'written'
  | 'forgotten'
  | 'withhold'
> {
  /** The logs of each session; called when unknown copies are found. */
  readonly logs: () => Answer<ReadonlyMap<string, readonly LogPath[]>>;
  /** Whether a session's copy is completely stored, as this machine remembers it. */
  readonly stored: () => Answer<(one: KnownSession) => boolean>;
  readonly machine: MachineUuid;
  readonly managed: ManagedSettings;
}

/** All sessions of all agents on this machine, as found in their folders. */
export type SessionList = Omit<SessionPage, 'total'>;

export interface ListOptions {
  /** Milliseconds for reading heads and tails of new sessions; newest first, the rest has no title this time. */
  readonly budgetMs: number;
  readonly signal?: AbortSignal | undefined;
}

const AT_ONCE = 8;
const LATEST_FOLDERS = 500;
const LONG_DAYS = 3_650;

/** Lists all sessions, and when their agents delete them. Copies nothing and makes no log; remembers what it read. */
export async function listSessions(deps: ListDeps, options: ListOptions): Promise<SessionList> {
  const { files, paths, logger, sources, clock } = deps;
  const before = await readKnown(files, paths.captures, logger);
  const here = await findSessions(sources, options.signal);
  const sessions = new Map(before.sessions);
  const end = clock.monotonic() + options.budgetMs;
  const adopted = await adoptNew(deps, sessions, end);
  const changed = (await describeNew(deps, here, sessions, end, options.signal)) + adopted;
  for (const [key, one] of sessions) {
    const isGone = isGoneNow(one, here, sources);
    if (isGone !== one.isGone) sessions.set(key, { ...one, isGone });
  }
  await dropForgotten(deps, sessions);
  const now = clock.now();
  if (changed > 0) {
    const { remember } = await import('../capture/write-known.ts');
    await remember(deps, sessions, before.print, now);
  }
  const listed = [...sessions.values()].filter(
    (one) => here.found.get(keyOf(one))?.session.parent === null || one.isGone,
  );
  const cleanUps = await readCleanUps(deps, listed);
  const written = await deps.written();
  const isCopied = listed.some(({ record }) => record > 0);
  const stored = isCopied ? await deps.stored() : ok(() => false);
  const zone = deps.settings.app.timeZone;
  const rows = sessionRows(
    listed.filter(({ isGone, month, log }) => !isGone || month !== '' || log !== ''),
    {
      cleanUps,
      machine: deps.machine,
      written: written.ok ? written.value : new Set(),
      isStored: stored.ok ? stored.value : () => false,
      now,
      dayOf: (at) => {
        const time = zonedTime(at, zone);
        return time.ok ? time.value.date : '';
      },
    },
  );
  const copyBytes = listed.reduce((sum, { stored }) => sum + stored, 0);
  return {
    rows,
    sums: sumsOf(rows, copyBytes, now),
    notices: here.notices,
    offers: offersOf(cleanUps.claude, new Set(sources.flatMap(({ roots }) => roots))),
    lookedAt: now,
  };
}

/** Adopts unknown copies. @returns their number; 0 for now if the disk refuses */
async function adoptNew(deps: ListDeps, sessions: Map<string, KnownSession>, end: number): Promise<number> {
  const { files, paths, clock } = deps;
  const agents = await files.names(paths.transcripts);
  if (!agents.ok || agents.value.length === 0) return 0;
  const { newPlaces } = await import('../capture/places-here.ts');
  const places = await newPlaces(files, paths.transcripts, sessions, clock.monotonic() < end);
  if (!places.ok || places.value.length === 0) return 0;
  const { adoptCopies } = await import('../capture/adopt-copies.ts');
  const adopted = await adoptCopies(deps, places.value, sessions, end);
  const logs = await deps.logs();
  for (const place of logs.ok ? places.value : []) {
    const one = sessions.get(keyOf(place));
    const log = logs.ok && logs.value.get(place.id)?.find((path) => capturedAgent(path) === place.agent);
    // Gone from its agent, so nothing will be added to its log.
    if (one?.isGone && one.log === '' && log)
      sessions.set(keyOf(place), { ...one, log, outcome: 'captured' });
  }
  return adopted.ok ? adopted.value : 0;
}

/** A log forgotten since the last sweep no longer counts: its session then has none. */
async function dropForgotten(deps: ListDeps, sessions: Map<string, KnownSession>): Promise<void> {
  const logged = [...sessions].filter(([, { log }]) => log !== '');
  const forgotten = logged.length === 0 ? null : await deps.forgotten();
  if (!forgotten?.ok || forgotten.value.size === 0) return;
  for (const [key, one] of logged) {
    if (!forgotten.value.has(one.id)) continue;
    const there = await deps.files.stat(inFolder(deps.paths.sessionLogs, one.log));
    if (there.ok && there.value === null)
      sessions.set(key, { ...one, outcome: 'forgotten', log: '', logSha: '' });
  }
}

/** @returns the number of newly described sessions */
async function describeNew(
  deps: ListDeps,
  { found }: SessionsHere,
  sessions: Map<string, KnownSession>,
  end: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const fresh: string[] = [];
  for (const [key, { session }] of found) {
    const known = sessions.get(key);
    if (known?.factsPrint === printOf(session)) continue;
    fresh.push(key);
    const sizes = session.files.map(({ size }) => size);
    const mtimeMs = Math.max(...session.files.map((file) => file.mtimeMs));
    const size = sizes.reduce((sum, one) => sum + one, 0);
    sessions.set(key, {
      ...(known ?? newlyKnown(session)),
      root: session.root,
      print: printOf(session),
      size,
      mtimeMs,
      isGone: false,
    });
  }
  if (fresh.length === 0 || deps.clock.monotonic() > end) return 0;
  const { describeSession } = await import('../capture/describe-session.ts');
  const newest = (key: string): number => sessions.get(key)?.mtimeMs ?? 0;
  let better = 0;
  await runLimited(
    fresh.sort((a, b) => newest(b) - newest(a)),
    AT_ONCE,
    signal,
    async (key) => {
      if (deps.clock.monotonic() > end) return false;
      const one = found.get(key);
      const known = sessions.get(key);
      if (one === undefined || known === undefined) return true;
      const described = await describeSession(deps, one.source, one.session, known);
      if (described.ok) sessions.set(key, described.value);
      better += described.ok ? 1 : 0;
      return true;
    },
  );
  return better;
}

async function readCleanUps(deps: ListDeps, known: readonly KnownSession[]): Promise<CleanUps> {
  const of = (agent: KnownSession['agent']): readonly KnownSession[] =>
    known.filter((one) => one.agent === agent);
  const rootsOf = (agent: KnownSession['agent']): readonly string[] => [
    ...new Set(of(agent).map(({ root }) => root)),
  ];
  const folders = (agent: KnownSession['agent']): readonly string[] =>
    [...of(agent)]
      .sort((a, b) => b.mtimeMs - a.mtimeMs)
      .slice(0, LATEST_FOLDERS)
      .flatMap(({ folder }) => (folder === null ? [] : [folder]));
  const { files, managed } = deps;
  const [claude, gemini] = await Promise.all([
    Promise.all(
      rootsOf('claude-code').map(
        async (root) => [root, await readClaudePeriod(files, root, folders('claude-code'), managed)] as const,
      ),
    ),
    Promise.all(
      rootsOf('gemini').map(
        async (root) => [root, await readGeminiRetention(files, root, folders('gemini'), managed)] as const,
      ),
    ),
  ]);
  return { claude: new Map(claude), gemini: new Map(gemini) };
}

/** The exact edit that keeps sessions longer, for each root that lacks it. */
function offersOf(
  periods: ReadonlyMap<string, Period>,
  roots: ReadonlySet<string>,
): readonly RetentionOffer[] {
  return [...periods].flatMap(([root, period]) =>
    roots.has(root) && period.kind === 'days' && period.days < LONG_DAYS / 10
      ? [
          {
            agent: 'claude-code' as const,
            path: inFolder(configFolder(root, 'projects'), 'settings.json'),
            days: period.days,
            edit: `"cleanupPeriodDays": ${LONG_DAYS}`,
          },
        ]
      : [],
  );
}
