import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ok, unwrap } from '../../../shared/result.ts';
import { takeSettingsTurn } from './settings-turn.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-turn-'));
  path = join(folder, 'settings.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('A turn stands while it lasts and leaves nothing.', () => {
  expect(unwrap(takeSettingsTurn(path, () => ok(existsSync(`${path}.lock`))))).toBe(true);
  expect(readdirSync(folder)).toEqual([]);
});

it('What a killed writer left is set aside once it is older than any turn, whatever is in it.', () => {
  for (const content of ['', 'another turn']) {
    writeFileSync(`${path}.lock`, content);
    const before = Date.now() / 1_000 - 11;
    utimesSync(`${path}.lock`, before, before);
    expect(unwrap(takeSettingsTurn(path, () => ok('ran')))).toBe('ran');
    expect(readdirSync(folder)).toEqual([]);
  }
});

it('Who was asleep for longer than a turn ends nobody else’s.', () => {
  unwrap(
    takeSettingsTurn(path, () => {
      // Set aside as a dead writer's, and taken by another.
      rmSync(`${path}.lock`);
      writeFileSync(`${path}.lock`, 'another turn');
      return ok(null);
    }),
  );
  expect(readFileSync(`${path}.lock`, 'utf8')).toBe('another turn');
});
