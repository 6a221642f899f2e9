import { join } from 'node:path';
import { fail, type Answer } from '../../shared/app-error.ts';
import { ok } from '../../shared/result.ts';
import type { LocalContext } from '../compose/open-local.ts';
import { runInForeground } from '../compose/programs.ts';
import { editorTemplate, readEditorText } from './editor-text.ts';
import type { SaveRequest } from '../core/save/save-plan.ts';
import type { CliContext } from './cli-context.ts';

/** The text of a save and its origin. */
export interface TakenText {
  readonly bytes: Uint8Array;
  readonly from: SaveRequest['from'];
  /** True when the file is our draft, which is removed once saved. */
  readonly draft: boolean;
  readonly discard: () => Promise<void>;
}

/**
 * Lets a person write the text in their editor. The draft stays on disk until it is saved, so a failed save, a crash or a closed terminal
 * loses nothing.
 * @returns `cancelled` when nothing was written; `not-configured` when there is no editor or it failed
 */
export async function writeInEditor(
  context: CliContext,
  local: LocalContext,
  topic: string | null,
): Answer<TakenText> {
  const path = join(local.paths.unsaved, `draft-${local.clock.now().toString(36)}-${local.random.hex(4)}.md`);
  const made = await local.files.create(path, new TextEncoder().encode(editorTemplate(topic)));
  if (!made.ok) return made;
  const editor =
    local.settings.app.editor || context.env['VISUAL'] || context.env['EDITOR'] || defaultEditor();
  const code = await edit(editor, path);
  if (code !== 0) {
    return fail(
      'not-configured',
      `The editor "${editor}" ended with ${code === null ? 'an error' : `exit code ${code}`}.`,
      `Set EDITOR, or \`session-log config set app.editor "<command>"\`. The draft is in ${path}; save it with --file.`,
    );
  }
  const read = await local.files.read(path);
  if (!read.ok) return read;
  const text = readEditorText(new TextDecoder().decode(read.value ?? new Uint8Array()));
  const discard = async (): Promise<void> => {
    await local.files.remove(path);
  };
  if (text === '') {
    await discard();
    return fail('cancelled', 'Nothing was written, so nothing was saved.', '');
  }
  return ok({ bytes: new TextEncoder().encode(text), from: { kind: 'file', path }, draft: true, discard });
}

function defaultEditor(): string {
  return process.platform === 'win32' ? 'notepad' : 'vi';
}

/** Runs the editor in the foreground. It is the user's own command line, so the shell parses it; the file name is an argument. */
async function edit(editor: string, path: string): Promise<number | null> {
  const { code } = await runInForeground(
    process.platform === 'win32'
      ? { program: `${editor} "${path}"`, args: [], shell: true }
      : { program: '/bin/sh', args: ['-c', `${editor} "$@"`, editor, path] },
  );
  return code;
}
