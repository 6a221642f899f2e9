import type { Command } from 'commander';
import { err, ok } from '../../../shared/result.ts';
import type { Core } from '../../compose/core.ts';
import { commandLineFindings } from '../../core/install/command-line-findings.ts';
import { agentHere } from '../../compose/agent-here.ts';
import { openCommandLine } from '../../compose/command-line.ts';
import { openTimers } from '../../compose/timers.ts';
import { timerFindings } from '../../core/timers/timer-findings.ts';
import { identityCard } from '../../core/machine/identity-card.ts';
import { setupFindings } from '../../core/setup/setup-findings.ts';
import { damagedStateFindings } from '../../core/status/damaged-state.ts';
import type { Finding } from '../../core/status/finding.ts';
import { doctor } from '../../core/workflows/doctor.ts';
import { finish, type CliContext } from '../cli-context.ts';
import { overCore } from '../with-core.ts';

/** `session-log doctor`: finds and explains what is wrong, with the command that fixes it. */
export function registerDoctor(program: Command, context: CliContext): void {
  program
    .command('doctor')
    .description(
      'find and explain what is wrong, with the command that fixes it; touches no log and nothing in the store',
    )
    .option('--json', 'print one JSON envelope')
    .action((options: { readonly json?: boolean }) =>
      overCore(
        context,
        options.json ?? false,
        async (core) => ok(await doctor(core, await aboutThisMachine(core), { signal: context.signal })),
        (looked) => {
          if (!looked.ok) return finish(context, options.json ?? false, looked, () => '');
          const { report: findings, problem } = looked.value;
          const result = problem === null ? ok(findings) : err({ ...problem, details: { findings } });
          const text = (): string => findingsText(findings);
          finish(context, options.json ?? false, result, text, text);
        },
      ),
    );
}

async function aboutThisMachine(core: Core): Promise<Finding[]> {
  const findings: Finding[] = core.dataFolder.problems.map(({ path, problem, remedy }) => ({
    level: 'problem',
    subject: path,
    finding: problem,
    remedy,
  }));
  for (const path of core.dataFolder.repaired)
    findings.push({
      level: 'hint',
      subject: path,
      finding: 'others could read it; its rights were taken back',
      remedy: '',
    });
  const { outcome, notices, evidence } = core.identity;
  if (outcome === 'repaired') {
    findings.push({
      level: 'hint',
      subject: 'identity',
      finding: `machine-id.json was damaged and is restored; the damaged file is kept as ${evidence ?? 'evidence'}`,
      remedy: '',
    });
  }
  for (const notice of notices)
    findings.push({ level: 'hint', subject: 'identity', finding: notice, remedy: '' });
  findings.push(...(await damagedStateFindings(core.sync.files, core.paths.state)));
  findings.push(...setupFindings(core.settings.author, await agentHere()));
  findings.push(...(await commandLineFindings(openCommandLine())));
  findings.push(...(await timerFindings(openTimers(core.paths.home))));
  const card = await identityCard(core.identityDeps);
  if (!card.ok)
    return [
      ...findings,
      { level: 'problem', subject: 'identity', finding: card.error.message, remedy: card.error.remedy },
    ];
  const { match, place, hostnameNow, problems } = card.value;
  const counted = `${match.matching} of ${match.of} parts of the hardware match`;
  if (place === 'elsewhere')
    findings.push({
      level: 'problem',
      subject: 'identity',
      finding: `${counted}: this data folder seems to come from another machine`,
      remedy: 'If that machine is still in use: session-log init --new-identity',
    });
  else
    findings.push({
      level: place === 'same' ? 'ok' : 'hint',
      subject: 'identity',
      finding: counted,
      remedy: '',
    });
  if (hostnameNow !== null)
    findings.push({
      level: 'hint',
      subject: 'identity',
      finding: `this machine is now called ${hostnameNow}; its logs keep the name ${card.value.identity.hostname}`,
      remedy: '',
    });
  for (const problem of problems)
    findings.push({ level: 'hint', subject: 'hardware', finding: problem, remedy: '' });
  return findings;
}

const MARK = { ok: 'ok  ', hint: 'hint', problem: '!!  ' } as const;

function findingsText(findings: readonly Finding[]): string {
  return findings
    .map(
      ({ level, subject, finding, remedy }) =>
        `${MARK[level]}  ${subject}: ${finding}${remedy === '' ? '' : `\n        ${remedy}`}`,
    )
    .join('\n');
}
