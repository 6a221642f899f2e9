import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { shell } from 'electron';
import { appError, type AppError } from '../../../shared/app-error.ts';
import { quote } from '../../../shared/domain/ids.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import type { FileManager } from '../../core/ports/file-manager.ts';
import { editorCommand } from './editor-command.ts';

/** A program that cannot start says so within this time; one that runs says nothing. */
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

function run(program: string, args: readonly string[], path: string): Promise<Result<void, AppError>> {
  return new Promise((resolve) => {
    // Without a shell: a log's name is text of other machines.
    const child = spawn(program, args, { cwd: dirname(path), detached: true, stdio: 'ignore' });
    const timer = setTimeout(() => resolve(ok(undefined)), START_MS);
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      const why = error.code === 'ENOENT' ? 'there is no such program' : (error.code ?? 'it did not start');
      resolve(err(failed(quote(program), why)));
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      resolve(
        code === 0 ? ok(undefined) : err(failed(quote(program), `it ended with ${code ?? 'a signal'}`)),
      );
    });
    // The editor outlives the app.
    child.unref();
  });
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
