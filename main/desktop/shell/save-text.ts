import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { app, dialog, type BrowserWindow } from 'electron';
import { fail, type Answer } from '../../../shared/app-error.ts';
import { quote } from '../../../shared/domain/ids.ts';
import { en } from '../../../shared/i18n/en.ts';
import { ok } from '../../../shared/result.ts';

/**
 * Asks where to save a text, and writes it there, readable only by its owner.
 * @param name proposed file name
 * @param window parent of the dialog; null for none
 * @returns the path, or `cancelled`
 */
export async function saveText(name: string, text: string, window: BrowserWindow | null): Answer<string> {
  const choice = {
    title: en.desktop.dialogs.save,
    defaultPath: join(app.getPath('downloads'), name),
    filters: [{ name: en.desktop.dialogs.json, extensions: ['json'] }],
  };
  const answer = await (window ? dialog.showSaveDialog(window, choice) : dialog.showSaveDialog(choice));
  if (answer.canceled || answer.filePath === '')
    return fail('cancelled', 'Nothing was saved.', 'Choose a file to save the settings to.');
  try {
    await writeFile(answer.filePath, text, { mode: 0o600 });
    return ok(answer.filePath);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return fail('io', `${quote(answer.filePath)} could not be written (${code}).`, 'Choose another folder.');
  }
}
