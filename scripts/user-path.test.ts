import { expect, it } from 'vitest';
import { changeUserPath, withFolder, withoutFolder } from './user-path.mjs';

const FOLDER = String.raw`C:\Users\Jörg\AppData\Local\Programs\session-log\resources\cli\bin`;

it.each([
  ['', FOLDER],
  [String.raw`C:\tools`, `${String.raw`C:\tools`};${FOLDER}`],
  [String.raw`%USERPROFILE%\bin;`, `${String.raw`%USERPROFILE%\bin;`}${FOLDER}`],
])('adds the folder behind what is there: %j', (before, after) => {
  expect(withFolder(before, FOLDER)).toBe(after);
  expect(withFolder(after, FOLDER)).toBe(after);
  expect(withoutFolder(after, FOLDER)).toBe(before.replace(/;$/, ''));
});

it.each([FOLDER.toLowerCase(), `"${FOLDER}"`, `${FOLDER}\\`, ` ${FOLDER} `])(
  'knows the folder when it is written otherwise: %j',
  (entry) => {
    const path = `C:\\a;${entry};C:\\b`;
    expect(withFolder(path, FOLDER)).toBe(path);
    expect(withoutFolder(path, FOLDER)).toBe('C:\\a;C:\\b');
  },
);

/** A registry with one value, behind the two scripts; anything else it is asked is an error. */
function registry(value: string | null) {
  let held = value;
  const scripts: string[] = [];
  const powershell = (script: string): string => {
    scripts.push(script);
    const written = /FromBase64String\('([^']*)'\)/.exec(script);
    if (written) {
      held = Buffer.from(written[1] ?? '', 'base64').toString('utf8');
      return '';
    }
    if (!script.includes('DoNotExpandEnvironmentNames')) throw new Error('not a reading');
    return held === null ? '-\r\n' : `${Buffer.from(held).toString('base64')}\r\n`;
  };
  return { powershell, scripts, value: () => held };
}

it('keeps every letter of the path that was there, and writes only a change', () => {
  const mine = String.raw`%USERPROFILE%\Programme;C:\Wörkzeug '$x'`;
  const machine = registry(mine);
  expect(changeUserPath('add', FOLDER, machine.powershell)).toBe(true);
  expect(machine.value()).toBe(`${mine};${FOLDER}`);
  expect(changeUserPath('add', FOLDER, machine.powershell)).toBe(false);
  expect(machine.scripts.filter((script) => script.includes('Set-ItemProperty'))).toHaveLength(1);
  expect(changeUserPath('remove', FOLDER, machine.powershell)).toBe(true);
  expect(machine.value()).toBe(mine);
});

it('makes the value where there is none, and changes nothing when it was not read', () => {
  const fresh = registry(null);
  expect(changeUserPath('add', FOLDER, fresh.powershell)).toBe(true);
  expect(fresh.value()).toBe(FOLDER);
  expect(changeUserPath('remove', 'C:\\elsewhere', registry(null).powershell)).toBe(false);
  expect(() => changeUserPath('add', FOLDER, () => 'The term is not recognized.')).toThrow(
    'could not be read',
  );
});
