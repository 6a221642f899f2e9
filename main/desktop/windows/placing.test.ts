import { describe, expect, it } from 'vitest';
import { panelPlace } from './panel-place.ts';
import { formatWindowState, openingBounds, parseWindowState } from './window-bounds.ts';

const screen = { x: 0, y: 0, width: 1920, height: 1080 };
const second = { x: 1920, y: 0, width: 1280, height: 1024 };

describe('the place of the browser window', () => {
  it('is the middle of the main screen at first', () => {
    expect(openingBounds(null, [screen, second])).toEqual({ x: 340, y: 140, width: 1240, height: 800 });
  });

  it('is where it was, on whichever screen', () => {
    const left = { x: 2000, y: 100, width: 900, height: 700 };
    expect(openingBounds(left, [screen, second])).toEqual(left);
  });

  it('comes back from a screen that is gone, wholly into view', () => {
    const left = { x: 2000, y: 900, width: 900, height: 700 };
    expect(openingBounds(left, [screen])).toEqual({ x: 1020, y: 380, width: 900, height: 700 });
  });

  it('is no larger than the screen and no smaller than usable', () => {
    expect(openingBounds({ x: 0, y: 0, width: 4000, height: 3000 }, [screen])).toEqual(screen);
    expect(openingBounds({ x: 5, y: 5, width: 10, height: 10 }, [screen])).toMatchObject({
      width: 720,
      height: 480,
    });
    expect(openingBounds(null, [{ x: 0, y: 0, width: 640, height: 400 }])).toEqual({
      x: 0,
      y: 0,
      width: 640,
      height: 400,
    });
  });

  it('survives being written and read, and whatever else is in the file', () => {
    const state = { bounds: { x: 1, y: 2, width: 800, height: 600 }, maximized: true };
    expect(parseWindowState(formatWindowState(state))).toEqual(state);
    const bad = [
      '',
      'null',
      '{',
      '[]',
      '{"bounds":{"x":1e999}}',
      '{"bounds":{"x":1,"y":2,"width":-3,"height":4}}',
    ];
    for (const text of bad) expect(parseWindowState(text), text).toEqual({ bounds: null, maximized: false });
  });
});

describe('the place of the panel', () => {
  const size = { width: 380, height: 560 };
  const nowhere = { x: 0, y: 0, width: 0, height: 0 };

  it('is under an icon in a bar on top', () => {
    const area = { ...screen, y: 25, height: 1055 };
    const tray = { x: 1500, y: 0, width: 24, height: 24 };
    expect(panelPlace(size, tray, area, screen)).toEqual({ x: 1322, y: 33, ...size });
  });

  it('is over an icon in a bar below, never past the edge', () => {
    const area = { ...screen, height: 1040 };
    const tray = { x: 1880, y: 1050, width: 24, height: 24 };
    expect(panelPlace(size, tray, area, screen)).toEqual({ x: 1532, y: 472, ...size });
  });

  it('is in the corner of the bar where the platform tells nothing', () => {
    expect(panelPlace(size, nowhere, { ...screen, y: 32, height: 1048 }, screen)).toMatchObject({
      x: 1532,
      y: 40,
    });
    expect(panelPlace(size, nowhere, { ...screen, height: 1040 }, screen)).toMatchObject({ x: 1532, y: 472 });
    expect(panelPlace(size, nowhere, screen, screen)).toMatchObject({ x: 1532, y: 8 });
  });

  it('shrinks to a small screen', () => {
    const small = { x: 0, y: 0, width: 800, height: 480 };
    expect(panelPlace(size, nowhere, small, small)).toEqual({ x: 412, y: 8, width: 380, height: 464 });
  });
});
