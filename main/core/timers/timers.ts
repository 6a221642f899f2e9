import { fail, type Answer } from '../../../shared/app-error.ts';
import { oneLine } from '../../../shared/domain/log-text/headings.ts';
import { ok } from '../../../shared/result.ts';
import type { Files } from '../ports/files.ts';
import type { TimerHost } from '../ports/timer-host.ts';
import { cron } from './cron.ts';
import { launchd } from './launchd.ts';
import { readNextElapse, systemd } from './systemd.ts';
import { taskScheduler } from './task-scheduler.ts';
import {
  sourceName,
  type Present,
  type PresentTimer,
  type TimerKind,
  type TimerStep,
  type TimerSystem,
} from './timer-system.ts';
import { timerName, type Timer, type TimerPlace } from './timer-task.ts';

export interface TimersDeps {
  readonly files: Files;
  readonly host: TimerHost;
  readonly place: TimerPlace;
}

/** What installing or removing did, or would do. */
export interface TimersChange {
  readonly kind: TimerKind;
  readonly dryRun: boolean;
  /** In order; empty when there was nothing to do. */
  readonly steps: readonly TimerStep[];
  readonly timers: readonly PresentTimer[];
  /** Further information for a person, in sentences. */
  readonly hints: readonly string[];
}

/** An installed timer and its state. */
export interface TimerFact extends PresentTimer {
  /** The missing part of its command; null when it is complete. */
  readonly missing: string | null;
  /** The next due time, in the system's words; null if unknown. */
  readonly next: string | null;
}

export interface TimersStatus {
  /** The kind that `install` would use here. */
  readonly kind: TimerKind | null;
  readonly timers: readonly (TimerFact & { readonly kind: TimerKind })[];
}

const SYSTEMS: readonly TimerSystem[] = [launchd, systemd, cron, taskScheduler];

/**
 * Sets up the system's timers so that exactly these exist, for machines where the app does not run.
 * @param kind default: the machine's own
 * @returns `not-configured` when the machine has no usable one; `io` when a program refused, with its words
 */
export async function installTimers(
  deps: TimersDeps,
  timers: readonly Timer[],
  options: { readonly dryRun: boolean; readonly kind?: TimerKind },
): Answer<TimersChange> {
  const found = await chooseSystem(deps, options.kind ?? null);
  if (!found.ok) return found;
  const changed = await change(deps, found.value, timers, options.dryRun);
  if (!changed.ok) return changed;
  // One kind at a time: old timers of another would do everything twice.
  const others: TimerStep[] = [];
  for (const system of usable(deps.host)) {
    if (system.kind === found.value.kind) continue;
    const removed = await change(deps, system, [], options.dryRun);
    if (removed.ok) others.push(...removed.value.steps);
  }
  return ok({
    ...changed.value,
    steps: [...others, ...changed.value.steps],
    hints: await hintsFor(deps, found.value.kind),
  });
}

/** Removes all timers of this data folder; other entries stay byte for byte. */
export async function removeTimers(deps: TimersDeps, dryRun: boolean): Answer<readonly TimersChange[]> {
  const changes: TimersChange[] = [];
  for (const system of usable(deps.host)) {
    const present = await presentOf(deps, system);
    if (system.read(present, deps.place).length === 0) continue;
    const removed = await change(deps, system, [], dryRun);
    if (!removed.ok) return removed;
    changes.push({ ...removed.value, timers: system.read(present, deps.place) });
  }
  return ok(changes);
}

/** Lists timers, and whether their commands exist. Changes nothing. */
export async function timersStatus(deps: TimersDeps): Promise<TimersStatus> {
  const chosen = await chooseSystem(deps, null);
  const timers: (TimerFact & { readonly kind: TimerKind })[] = [];
  for (const system of usable(deps.host)) {
    const present = await presentOf(deps, system);
    for (const timer of system.read(present, deps.place))
      timers.push({
        ...timer,
        kind: system.kind,
        missing: await missingOf(deps, timer.words),
        next: system.kind === 'systemd' ? await nextOf(deps, timer) : null,
      });
  }
  return { kind: chosen.ok ? chosen.value.kind : null, timers };
}

function usable({ platform }: TimerHost): readonly TimerSystem[] {
  if (platform === 'darwin') return [launchd];
  if (platform === 'win32') return [taskScheduler];
  return SYSTEMS.filter(({ kind }) => kind === 'systemd' || kind === 'cron');
}

async function chooseSystem(deps: TimersDeps, wanted: TimerKind | null): Answer<TimerSystem> {
  const candidates = usable(deps.host).filter(({ kind }) => wanted === null || kind === wanted);
  for (const system of candidates) if (await works(deps.host, system.kind)) return ok(system);
  return fail(
    'not-configured',
    wanted === null
      ? 'Neither a systemd user session nor cron is available on this machine.'
      : `${wanted} cannot be used on this machine.`,
    'Install cron, or run `session-log sync --push` by a timer of your own.',
  );
}

async function works(host: TimerHost, kind: TimerKind): Promise<boolean> {
  if (kind === 'systemd') return (await host.run('systemctl', ['--user', 'show-environment'])).code === 0;
  if (kind !== 'cron') return true;
  const { code, stderr } = await host.run('crontab', ['-l']);
  return code === 0 || (code === 1 && /no crontab for/i.test(stderr));
}

async function change(
  deps: TimersDeps,
  system: TimerSystem,
  timers: readonly Timer[],
  dryRun: boolean,
): Answer<TimersChange> {
  const steps = system.steps(timers, await presentOf(deps, system), deps.place);
  if (!dryRun)
    for (const step of steps) {
      const done = await carryOut(deps, step);
      if (!done.ok) return done;
    }
  const there = dryRun ? [] : system.read(await presentOf(deps, system), deps.place);
  return ok({ kind: system.kind, dryRun, steps, timers: there, hints: [] });
}

async function carryOut(deps: TimersDeps, step: TimerStep): Answer<void> {
  if (step.do === 'remove') return deps.files.remove(step.path);
  if (step.do === 'write') return deps.files.replace(step.path, encoded(step.text, step.encoding));
  const ended = await deps.host.run(step.file, step.args, step.stdin);
  if (ended.code === 0 || step.mayFail === true) return ok(undefined);
  const said = oneLine(ended.stderr || ended.stdout, 300);
  return fail(
    'io',
    `${step.file} ${step.args.slice(0, 2).join(' ')} failed${said === '' ? '' : `: ${said}`}.`,
    'Look at `session-log schedule status`; what was set up before this step is still there.',
    { details: { command: [step.file, ...step.args], code: ended.code } },
  );
}

function encoded(text: string, encoding: 'utf8' | 'utf16'): Uint8Array {
  if (encoding === 'utf8') return new TextEncoder().encode(text);
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  return Uint8Array.from([0xfeff, ...units].flatMap((unit) => [unit & 0xff, unit >> 8]));
}

async function presentOf(deps: TimersDeps, system: TimerSystem): Promise<Present> {
  const present = new Map<string, string>();
  for (const source of system.sources(deps.place)) {
    if (source.from === 'file') {
      const read = await deps.files.read(source.path);
      if (read.ok && read.value !== null) present.set(source.path, new TextDecoder().decode(read.value));
    } else {
      const ended = await deps.host.run(source.file, source.args);
      if (ended.code === 0) present.set(sourceName(source), ended.stdout);
    }
  }
  return present;
}

/** The program and, for Node, its script. */
async function missingOf({ files }: TimersDeps, words: readonly string[]): Promise<string | null> {
  const [program = '', script = ''] = words;
  for (const path of [program, ...(/\.[cm]?js$/.test(script) ? [script] : [])]) {
    const facts = await files.stat(path);
    if (!facts.ok || facts.value === null) return path;
  }
  return null;
}

async function nextOf({ host, place }: TimersDeps, { task }: PresentTimer): Promise<string | null> {
  const unit = `${timerName(task, place)}.timer`;
  const shown = await host.run('systemctl', ['--user', 'show', unit, '-p', 'NextElapseUSecRealtime']);
  return shown.code === 0 ? readNextElapse(shown.stdout) : null;
}

/** A user's timers end with their last session unless the system is told to keep them. */
async function hintsFor({ host, place }: TimersDeps, kind: TimerKind): Promise<readonly string[]> {
  if (kind !== 'systemd') return [];
  const linger = await host.run('loginctl', ['show-user', place.user, '-p', 'Linger']);
  if (linger.code === 0 && linger.stdout.trim() === 'Linger=yes') return [];
  return [
    `These timers run only while ${place.user} is signed in. On a server, keep them running: loginctl enable-linger ${place.user}`,
  ];
}
