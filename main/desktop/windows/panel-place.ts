import type { Bounds } from './window-bounds.ts';

const GAP = 8;

/**
 * Where the panel opens: under or over the tray icon where the platform tells where that is, else in the corner where the tray usually is.
 * @param tray the icon's bounds; all zero (or no area) where the platform does not tell
 * @param workArea of the screen in question: without menu bar, dock or task bar
 * @param screen the same screen, whole
 */
export function panelPlace(
  size: { readonly width: number; readonly height: number },
  tray: Bounds,
  workArea: Bounds,
  screen: Bounds,
): Bounds {
  const width = Math.min(size.width, workArea.width);
  const height = Math.min(size.height, workArea.height - 2 * GAP);
  const [right, bottom] = [workArea.x + workArea.width, workArea.y + workArea.height];
  const within = (x: number, y: number): Bounds => ({
    x: Math.round(Math.min(Math.max(x, workArea.x + GAP), right - width - GAP)),
    y: Math.round(Math.min(Math.max(y, workArea.y + GAP), bottom - height - GAP)),
    width,
    height,
  });
  if (tray.width === 0 || tray.height === 0) {
    // A bar on top (GNOME, macOS) holds the tray; without one it is below.
    const barOnTop = workArea.y > screen.y;
    const barBelow = screen.y + screen.height > bottom;
    return within(right - width - GAP, barOnTop || !barBelow ? workArea.y : bottom - height - GAP);
  }
  const middle = tray.x + tray.width / 2 - width / 2;
  if (tray.y < workArea.y) return within(middle, workArea.y + GAP);
  if (tray.y >= bottom) return within(middle, bottom - height - GAP);
  // A task bar at the side, or the overflow flyout of Windows above the bar.
  return within(tray.x < workArea.x ? workArea.x : middle, tray.y - height - GAP);
}
