import { expect, it } from 'vitest';
import { SETTING_CLASSES } from './setting-classes.ts';
import { DEFAULT_SETTINGS } from './settings.ts';

it('Every setting has a class, and no class is left of a setting that has gone.', () => {
  const { schema: _schema, ...groups } = DEFAULT_SETTINGS;
  const keys = Object.entries(groups).flatMap(([group, fields]) =>
    Object.keys(fields).map((field) => `${group}.${field}`),
  );
  expect(Object.keys(SETTING_CLASSES).toSorted()).toEqual(keys.toSorted());
});

it('What runs programs, holds credentials or names places is never plain.', () => {
  const plain = Object.entries(SETTING_CLASSES).flatMap(([key, kind]) => (kind === 'plain' ? [key] : []));
  for (const key of plain.filter((one) => one !== 'search.credentials'))
    expect(key).not.toMatch(/url|command|path|credential|endpoint|feed|editor|vault/i);
});
