import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Answer } from '../../../shared/app-error.ts';
import { ok } from '../../../shared/result.ts';
import type { Core } from '../../compose/core.ts';
import { plural } from '../../../shared/format/amount.ts';
import { openGitTools } from '../../compose/git-tools.ts';
import { cleanStore, type CleanedStore } from '../../core/workflows/clean-store.ts';
import {
  allowValue,
  forgetKept,
  keptDeps,
  listKept,
  secretsIn,
  showKept,
  withholdFile,
  type KeptSecret,
} from '../../core/workflows/kept-secrets.ts';
import { shareKept, sharedByOthers, type SharedReport } from '../../core/workflows/share-kept.ts';
import { scanSecrets, type SecretsScan } from '../../core/workflows/scan-secrets.ts';
import type { CliContext } from '../cli-context.ts';
import { withCore } from '../with-core.ts';

interface SecretsOptions {
  readonly json?: boolean;
  readonly history?: boolean;
}

const JSON_OPTION = ['--json', 'print one JSON envelope'] as const;

/** `session-log secrets`: what is withheld from logs, where secrets are, and what is not one. */
export function registerSecrets(program: Command, context: CliContext): void {
  const secrets = program.command('secrets').description('find secrets in logs, and manage withheld values');
  registerScan(secrets, context);
  secrets
    .command('list')
    .description('list the values kept here behind labels, without showing them')
    .option(...JSON_OPTION)
    .action(({ json = false }: SecretsOptions) => withCore(context, json, listAll, keptText));
  secrets
    .command('show')
    .description('print a kept value; counted in the app log')
    .argument('<id>', 'as `secrets list` shows it')
    .option(...JSON_OPTION)
    .action((id: string, { json = false }: SecretsOptions) =>
      withCore(
        context,
        json,
        async (core) => {
          const own = await showKept(keptDeps(core), id);
          if (own.ok || own.error.code !== 'not-found') return own;
          const others = await sharedByOthers(core);
          return others.ok
            ? showKept(
                keptDeps(core),
                id,
                others.value.flatMap(({ logs }) => logs),
              )
            : others;
        },
        (value) => value,
      ),
    );
  secrets
    .command('forget')
    .description('delete a kept value; logs that still contain it keep it')
    .argument('<id>', 'as `secrets list` shows it')
    .option(...JSON_OPTION)
    .action((id: string, { json = false }: SecretsOptions) =>
      withCore(
        context,
        json,
        (core) => forgetKept(keptDeps(core), id),
        ({ kind, logs }) => `Forgotten: ${kind}, in ${plural(logs.length, 'log')}.`,
      ),
    );
  registerShare(secrets, context);
  registerFiles(secrets, context);
  registerClean(secrets, context);
}

/** What is stored here, and what other machines share with this one. */
async function listAll(core: Core): Answer<readonly KeptSecret[]> {
  const own = await listKept(keptDeps(core));
  if (!own.ok) return own;
  const others = await sharedByOthers(core);
  if (!others.ok) return others;
  const shared = others.value.flatMap(({ host, logs }) => secretsIn(core.sync.bytes, logs, host));
  return ok([...own.value, ...shared]);
}

function registerShare(secrets: Command, context: CliContext): void {
  const how = { share: 'let another machine of yours read the values kept here', unshare: 'end that' };
  for (const name of ['share', 'unshare'] as const)
    secrets
      .command(name)
      .description(how[name])
      .argument(
        name === 'share' ? '[key]' : '<key>',
        'as `secrets share` shows it on the other machine (age1…); without one: this machine\u2019s key, and who can read',
      )
      .option(...JSON_OPTION)
      .action((key: string | undefined, { json = false }: SecretsOptions) =>
        withCore(
          context,
          json,
          (core) => shareKept(core, key ?? null, name === 'share' ? 'share' : 'end'),
          sharedText,
        ),
      );
}

function sharedText({ key, with: keys }: SharedReport): string {
  return [
    `The key of this machine: ${key}`,
    ...(keys.length === 0
      ? ['No other machine can read the values kept here.']
      : ['Machines that can read the values kept here:', ...keys.map((one) => `  ${one}`)]),
    'To read the values of another machine of yours here, name this key there: session-log secrets share KEY',
  ].join('\n');
}

function registerScan(secrets: Command, context: CliContext): void {
  secrets
    .command('scan')
    .description('scan the logs of this machine and its workspaces for secrets')
    .argument('[paths...]', 'files and folders to scan instead')
    .option('--history', 'also in the commits of the workspaces, and in what this machine has in the store')
    .option(...JSON_OPTION)
    .action((paths: string[], { json = false, history = false }: SecretsOptions) =>
      withCore(
        context,
        json,
        (core) =>
          scanSecrets(
            { sync: core.sync, disk: core.disk, watch: core.secrets.watch, git: openGitTools().git },
            {
              ...(paths.length === 0 ? {} : { paths: paths.map((path) => resolve(context.cwd, path)) }),
              history,
              signal: context.signal,
            },
          ),
        scanText,
      ),
    );
}

function registerClean(secrets: Command, context: CliContext): void {
  secrets
    .command('clean')
    .description('replace secrets with labels in what this machine already has in the store')
    .option(...JSON_OPTION)
    .action(({ json = false }: SecretsOptions) =>
      withCore(
        context,
        json,
        (core) => cleanStore({ sync: core.sync, ...core.secrets }, { signal: context.signal }),
        cleanText,
      ),
    );
}

function registerFiles(secrets: Command, context: CliContext): void {
  secrets
    .command('withhold')
    .description('replace the secrets in a file with labels, and keep the values here')
    .argument('<file>', 'a log, usually in a workspace')
    .option(...JSON_OPTION)
    .action((file: string, { json = false }: SecretsOptions) =>
      withCore(
        context,
        json,
        (core) => withholdFile(keptDeps(core), resolve(context.cwd, file)),
        (done) => `${plural(done.secrets, 'secret')} withheld in ${done.file}.`,
      ),
    );
  secrets
    .command('allow')
    .description('mark a value as not a secret: it is not withheld and does not stop a commit')
    .argument('<id>', 'as `secrets scan` shows it')
    .argument('<files...>', 'the files that contain it')
    .option(...JSON_OPTION)
    .action((id: string, files: string[], { json = false }: SecretsOptions) =>
      withCore(
        context,
        json,
        (core) =>
          allowValue(
            keptDeps(core),
            id,
            files.map((file) => resolve(context.cwd, file)),
          ),
        (allowed) => `${allowed.id} is no secret.`,
      ),
    );
}

function cleanText({ cleaned, secrets, looked }: CleanedStore): string {
  if (cleaned.length === 0) return `No secret in ${plural(looked, 'object')} of this machine.`;
  return [
    ...cleaned,
    `${plural(secrets, 'secret')} in ${plural(cleaned.length, 'object')} gave way to labels. Change them where they are valid:`,
    'what the bucket keeps by itself (versions, soft delete), git and copies that others made are not reached.',
  ].join('\n');
}

function keptText(secrets: readonly KeptSecret[]): string {
  if (secrets.length === 0) return 'No value is kept here.';
  return secrets
    .map(
      ({ id, kind, logs, host }) => `${id}  ${kind}  ${host === null ? '' : `(${host})  `}${logs.join(', ')}`,
    )
    .join('\n');
}

function scanText({ found, looked, problems }: SecretsScan): string {
  return [
    ...found.map(({ id, where, place, line, kind }) => `${id}  ${where}  ${place}:${line}  ${kind}`),
    ...problems.map(({ place, problem }) => `${place}: ${problem}`),
    `${plural(found.length, 'secret')} in ${plural(looked, 'text')}.`,
  ].join('\n');
}
