import { describe, expect, it } from 'vitest';
import { missingPackages, parseInstalled, reasonsByStage } from './system-packages.mjs';

const gtk = { names: ['libgtk-3-0', 'libgtk-3-0t64'], for: ['electron'] };
const chromium = { names: ['chromium'], for: ['web'] };

describe('parseInstalled', () => {
  it('knows a removed package with left-over settings from an installed one', () => {
    const text = 'xvfb installed\nchromium config-files\nlibgtk-3-0 not-installed\n';
    expect([...parseInstalled(text)]).toEqual(['xvfb']);
    expect(parseInstalled('').size).toBe(0);
  });
});

describe('missingPackages', () => {
  it('takes any of the names that one package has in different releases', () => {
    expect(missingPackages([gtk, chromium], new Set(['libgtk-3-0t64']))).toEqual([chromium]);
    expect(missingPackages([gtk, chromium], new Set())).toEqual([gtk, chromium]);
  });
});

describe('reasonsByStage', () => {
  it('blocks only the stages that need what is missing', () => {
    expect([...reasonsByStage([gtk], ['unit', 'electron', 'web'])]).toEqual([
      ['electron', 'system packages not installed: libgtk-3-0'],
    ]);
  });
});
