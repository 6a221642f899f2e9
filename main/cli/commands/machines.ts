import type { Command } from 'commander';
import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { err } from '../../../shared/result.ts';
import type { SealingJoin } from '../../../shared/ipc/sealing.ts';
import type { Core } from '../../compose/core.ts';
import type { Member } from '../../core/sealing/member.ts';
import { listMachines } from '../../core/workflows/list-machines.ts';
import {
  admitMachine,
  findRequest,
  joinTeam,
  listTeam,
  removeMachine,
  type RemoveReport,
  type TeamReport,
} from '../../core/workflows/team-machines.ts';
import { canAsk, openAsker } from '../ask.ts';
import type { CliContext } from '../cli-context.ts';
import { withCore } from '../with-core.ts';
import { machinesText } from './status.ts';

interface JsonOption {
  readonly json?: boolean;
}

/** `session-log machines`: every machine in the index, and who has the keys of a sealed store. */
export function registerMachines(program: Command, context: CliContext): void {
  const machines = program
    .command('machines')
    .description('every machine in the index: logs, size, when last seen')
    .option('--json', 'print one JSON envelope')
    .action((options: JsonOption) =>
      withCore(
        context,
        options.json ?? false,
        (core) => listMachines(core),
        (rows) => machinesText(rows, Date.now()),
      ),
    );
  machines
    .command('join')
    .description('ask to be let into a sealed store, and show the words for it')
    .option('--json', 'print one JSON envelope')
    .action((_: unknown, command: Command) =>
      withCore(context, isJson(command), (core) => joinTeam(core), joinText),
    );
  machines
    .command('requests')
    .description('who has the keys of a sealed store, and who is asking for them')
    .option('--json', 'print one JSON envelope')
    .action((_: unknown, command: Command) =>
      withCore(context, isJson(command), (core) => listTeam(core), teamText),
    );
  machines
    .command('admit')
    .description('let a machine into a sealed store after comparing its words')
    .argument('<machine>', 'its name or UUID')
    .option('--words <words>', 'the eight words that it shows; asked for at a terminal')
    .option('--json', 'print one JSON envelope')
    .action((name: string, _: unknown, command: Command) =>
      withCore(context, isJson(command), (core) => runAdmit(core, name, command), admitText),
    );
  machines
    .command('remove')
    .description('remove a machine: it cannot read anything sealed from now on')
    .argument('<machine>', 'its name or UUID')
    .option('--json', 'print one JSON envelope')
    .action((name: string, _: unknown, command: Command) =>
      withCore(context, isJson(command), (core) => removeMachine(core, name), removeText),
    );
}

/** Both `machines` and its subcommands take the option, and the parser gives it to the outer one. */
function isJson(command: Command): boolean {
  return command.optsWithGlobals<JsonOption>().json ?? false;
}

async function runAdmit(core: Core, name: string, command: Command): Answer<Member> {
  const request = await findRequest(core, name);
  if (!request.ok) return request;
  const given = command.opts<{ readonly words?: string }>().words ?? (await askWords(request.value));
  if (given === null) return err(noWords(name));
  return await admitMachine(core, request.value, given.trim().split(/\s+/));
}

async function askWords(request: {
  readonly name: string;
  readonly words: readonly string[];
  readonly nameIsTaken: boolean;
}): Promise<string | null> {
  if (!canAsk()) return null;
  const asker = openAsker();
  try {
    if (request.nameIsTaken)
      asker.say(`A machine called ${request.name} is in already, with another key. Be sure that this is it.`);
    asker.say(`${request.name} asks to join with the words\n\n  ${request.words.join(' ')}\n`);
    const same = await asker.confirm('Does that machine show the same words?', false);
    return same === true ? request.words.join(' ') : null;
  } finally {
    asker.close();
  }
}

function noWords(name: string): AppError {
  return appError(
    'attention',
    `${name} was not let in: nobody has compared its words.`,
    `Compare what \`session-log machines join\` shows there, then: session-log machines admit "${name}" --words "…"`,
  );
}

function joinText({ words, isMember }: SealingJoin): string {
  if (isMember) return 'This machine is in: it has the keys of the store.';
  return [
    'The request is in the store. These are the words of this machine\u2019s key:',
    '',
    `  ${words.join(' ')}`,
    '',
    'Read them to a colleague, who runs `session-log machines admit` on a machine that is in. This one may be off meanwhile.',
  ].join('\n');
}

function teamText({ epoch, words, members, requests }: TeamReport): string {
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  return [
    `Epoch ${epoch}. The words of the team\u2019s key: ${words.join(' ')}`,
    'Who has it:',
    ...members.map(
      ({ name, id, since }) => `  ${name}  ${id === 'recovery' ? 'a recovery key' : id}  since ${day(since)}`,
    ),
    requests.length === 0 ? 'Nobody is asking to join.' : 'Who asks to join:',
    ...requests.map(
      ({ name, machine, words: own, nameIsTaken }) =>
        `  ${name}  ${machine}${nameIsTaken ? '  (a member is called the same)' : ''}\n    ${own.join(' ')}`,
    ),
  ].join('\n');
}

function admitText({ name, id }: Member): string {
  return `${name} (${id}) is in. It reads everything from its next pull on.`;
}

function removeText({ gone, epoch, members }: RemoveReport): string {
  return [
    `${gone.name} is out. What is sealed from now on (epoch ${epoch}) is for ${members.map(({ name }) => name).join(', ')}.`,
    'What it could read before it may have kept. To close the bucket to it as well: `session-log store policy` says how its account is disabled.',
    'To seal older logs with the new key, on each machine: `session-log store seal`.',
  ].join('\n');
}
