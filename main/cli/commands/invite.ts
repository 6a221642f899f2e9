import type { Command } from 'commander';
import { inviteColleague } from '../../core/workflows/invite-colleague.ts';
import type { CliContext } from '../cli-context.ts';
import { withCore } from '../with-core.ts';

/** `session-log invite`: what a colleague runs to join the same store. */
export function registerInvite(program: Command, context: CliContext): void {
  program
    .command('invite')
    .description('print an invitation to this store for a colleague; it contains no secret')
    .option('--json', 'print one JSON envelope')
    .action((options: { readonly json?: boolean }) =>
      withCore(
        context,
        options.json ?? false,
        async (core) => inviteColleague(core),
        ({ link, lines }) =>
          [
            'Send this to a colleague. It holds no secret; rights to the store are given by whoever owns it.',
            '',
            'In the app, pasted into the first step of the welcome:',
            `  ${link}`,
            'Or in a terminal:',
            ...lines.map((line) => `  ${line}`),
          ].join('\n'),
      ),
    );
}
