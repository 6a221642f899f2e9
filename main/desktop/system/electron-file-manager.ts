import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { shell } from 'electron';
import { appError, type AppError, type Answer } from '../../../shared/app-error.ts';
import { quote } from '../../../shared/domain/ids.ts';
import { err, ok } from '../../../shared/result.ts';
import { startDetached } from '../../compose/programs.ts';
import type { FileManager } from '../../core/ports/file-manager.ts';
import { editorCommand } from './editor-command.ts';

/** A program that cannot start fails within this time. */
const START_MS = 1_500;

/** The person's file manager and editor. */
export function createElectronFileManager(): FileManager {
  return {
    reveal(path) {
      if (!existsSync(path)) return Promise.resolve(err(missing(path)));
      shell.showItemInFolder(path);
      return Promise.resolve(ok(undefined));
    },
    async edit(path, editor, line) {
      if (!existsSync(path)) return err(missing(path));
      if (editor === '') {
        const problem = await shell.openPath(path);
        return problem === '' ? ok(undefined) : err(failed('the system’s editor', problem));
      }
      const command = editorCommand(editor, path, line);
      if (command === null) return err(failed(quote(editor), 'it is no command line'));
      return run(command.program, command.args, path);
    },
  };
}

async function run(program: string, args: readonly string[], path: string): Answer<void> {
  // Without a shell: a log's name is text from other machines. The editor outlives the app.
  const problem = await startDetached(program, args, { cwd: dirname(path), watchMs: START_MS });
  if (problem === null) return ok(undefined);
  const why = problem.startsWith('ended') ? `it ${problem}` : problem;
  return err(failed(quote(program), problem === 'ENOENT' ? 'there is no such program' : why));
}

function missing(path: string): AppError {
  return appError('not-found', `${quote(path)} is not on this machine.`, 'Pull the log first.', {
    details: { path },
  });
}

function failed(program: string, why: string): AppError {
  return appError(
    'not-configured',
    `${program} could not be opened: ${why}.`,
    'Set another editor in the settings (App, Editor).',
  );
}
