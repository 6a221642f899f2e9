import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { screen, type BrowserWindow } from 'electron';
import { formatWindowState, openingBounds, parseWindowState, type Bounds } from './window-bounds.ts';

/** Where and how the window opens. @param file written by {@link keepWindowState}, absolute */
export function rememberedBounds(file: string): { readonly bounds: Bounds; readonly maximized: boolean } {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // Never opened before.
  }
  const state = parseWindowState(text);
  const main = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== main.id);
  const areas = [main, ...others].map(({ workArea }) => workArea);
  return { bounds: openingBounds(state.bounds, areas), maximized: state.maximized };
}

/** Saves the window's state whenever it is hidden or closed. Regenerable: a failure costs only a window's position. */
export function keepWindowState(window: BrowserWindow, file: string): void {
  const save = (): void => {
    const draft = `${file}.${process.pid}`;
    const state = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
    try {
      writeFileSync(draft, formatWindowState(state), { mode: 0o600 });
      renameSync(draft, file);
    } catch {
      // See above.
    }
  };
  window.on('close', save);
}
