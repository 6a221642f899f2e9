import { plural } from '../../../shared/format/amount.ts';
import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import { AGENT_NAMES } from '../../../shared/transcripts/agents.ts';
import type { SessionSums } from '../../../shared/transcripts/session-list.ts';
import type { Core } from '../../compose/core.ts';
import { captureHere } from '../../compose/capture-here.ts';
import { listSessions } from '../../core/workflows/list-sessions.ts';
import { sweepSessions } from '../../core/workflows/sweep-sessions.ts';
import { drawnCapture } from '../drawn-capture.ts';
import { failureOf } from '../cli-context.ts';
import { capturedText } from '../sessions-text.ts';
import { done, failed, settingsNow, stopped, type SetupRun, type StepDone } from './setup-run.ts';

/** File times determine when they are deleted; a title is not needed for that. */
const DESCRIBE_MS = 2_000;
const WAIT_MS = 60_000;
const UNDO = 'session-log config set capture.mode off';
const LATER = 'Keep them later: session-log setup --capture';

/** Shows the agent sessions on this machine, and decides whether they and all new ones are kept. */
export async function sessionsStep(run: SetupRun): Answer<StepDone> {
  const { asker, options, context } = run;
  const opened = await context.core();
  if (!opened.ok) return failed('sessions', opened.error);
  const core = opened.value;
  try {
    const deps = await captureHere(core);
    const { sums } = await listSessions(deps, { budgetMs: DESCRIBE_MS, signal: context.signal });
    const isOn = core.settings.capture.mode !== 'off';
    if (sums.total === 0 && options.capture !== true)
      return done('sessions', isOn ? 'unchanged' : 'skipped', ['No session of an agent was found here.']);
    const found = foundText(sums);
    if (options.capture === undefined && isOn)
      return done('sessions', 'unchanged', [`${found} They are kept.`], UNDO);
    if (options.capture === undefined && asker !== null) {
      asker.say(`${found}\nA log that is made of a session goes where all your logs go.`);
      const wanted = await asker.confirm('Keep them all, and every new one?', true);
      if (wanted === null) return stopped();
      if (!wanted) return done('sessions', 'skipped', ['No session is kept.', LATER]);
    } else if (options.capture !== true) return done('sessions', 'skipped', [found, LATER]);
    return await keepAll(run, core, found);
  } finally {
    await core.close();
  }
}

async function keepAll(run: SetupRun, core: Core, found: string): Answer<StepDone> {
  const settings = settingsNow(run);
  if (!settings.ok) return failed('sessions', settings.error);
  const { mode } = settings.value.capture;
  if (mode !== 'on') {
    const on = { ...settings.value, capture: { ...settings.value.capture, mode: 'on' as const } };
    const set = run.store.set(on, settings.value);
    if (!set.ok) return failed('sessions', set.error);
  }
  const { context, options } = run;
  const swept = await drawnCapture(context, options.json ?? false, async (onProgress) =>
    sweepSessions(await captureHere(core), {
      sessions: 'all',
      asked: true,
      signal: context.signal,
      waitMs: WAIT_MS,
      onProgress,
    }),
  );
  const failure = failureOf(swept);
  const says = [found, ...(swept.ok ? [capturedText(swept.value.report)] : [])];
  const undo = mode === 'on' ? null : `session-log config set capture.mode ${mode}`;
  if (failure === null) return done('sessions', 'changed', [...says, 'New ones are kept, too.'], undo);
  const told = failed('sessions', failure);
  return told.ok ? ok({ ...told.value, says: [...says, ...told.value.says], undo }) : told;
}

/** `Found 412 sessions of Claude Code and 38 of Codex on this machine. 61 will be deleted within a week.` */
export function foundText({ agents, total, due }: Pick<SessionSums, 'agents' | 'total' | 'due'>): string {
  const parts = agents.map(({ agent, sessions }, index) =>
    index === 0
      ? `${plural(sessions, 'session')} of ${AGENT_NAMES[agent]}`
      : `${sessions} of ${AGENT_NAMES[agent]}`,
  );
  const last = parts.at(-1) ?? plural(total, 'session');
  const all = parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${last}` : last;
  return `Found ${all} on this machine.${due === 0 ? '' : ` ${due} will be deleted within a week.`}`;
}
