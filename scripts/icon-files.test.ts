import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { icnsOf, icoOf } from './icon-files.mjs';

const app = join(import.meta.dirname, '..', 'assets', 'app');
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

describe('the containers of icons', () => {
  it('a Windows icon names each picture with its size and its place', () => {
    const icon = icoOf([
      { size: 16, png: PNG },
      { size: 256, png: Buffer.concat([PNG, PNG]) },
    ]);
    expect([icon.readUInt16LE(2), icon.readUInt16LE(4)]).toEqual([1, 2]);
    expect([icon[6], icon.readUInt32LE(14), icon.readUInt32LE(18)]).toEqual([16, 4, 38]);
    expect([icon[22], icon.readUInt32LE(30), icon.readUInt32LE(34)]).toEqual([0, 8, 42]);
    expect(icon.subarray(38, 42)).toEqual(PNG);
  });

  it('a macOS icon holds each picture behind its type and length, and its own length first', () => {
    const icon = icnsOf(new Map([[128, PNG]]));
    expect(icon.toString('latin1', 0, 4)).toBe('icns');
    expect(icon.readUInt32BE(4)).toBe(icon.length);
    expect([icon.toString('latin1', 8, 12), icon.readUInt32BE(12)]).toEqual(['ic07', 12]);
  });

  it('the committed ones are whole', () => {
    const mac = readFileSync(join(app, 'icon.icns'));
    expect(mac.readUInt32BE(4)).toBe(mac.length);
    const windows = readFileSync(join(app, 'icon.ico'));
    const last = 6 + 16 * (windows.readUInt16LE(4) - 1);
    expect(windows.readUInt32LE(last + 8) + windows.readUInt32LE(last + 12)).toBe(windows.length);
  });
});
