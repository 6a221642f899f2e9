import { appError, type AppError, fail } from '../../../shared/app-error.ts';
import { quote } from '../../../shared/domain/ids.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/domain/settings.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { isObject, parseJson } from '../../../shared/json.ts';

type Leaf = string | number | boolean | readonly string[] | Readonly<Record<string, unknown>>;

/** All settings as `group.name` with the value as text, in the file's order. */
export function listSettings(settings: Settings): readonly (readonly [key: string, value: string])[] {
  return keys().map((key) => [key, leafText(leafOf(settings, key))]);
}

/** One setting by `group.name`. */
export function getSetting(settings: Settings, key: string): Result<string, AppError> {
  return keys().includes(key) ? ok(leafText(leafOf(settings, key))) : err(unknownKey(key));
}

/**
 * Changes one setting in a copy. The text is parsed by the setting's type; lists are separated by commas, structured values are JSON. The
 * settings store validates the meaning (a URL, a zone) when it saves.
 */
export function setSetting(settings: Settings, key: string, text: string): Result<Settings, AppError> {
  if (!keys().includes(key)) return err(unknownKey(key));
  const value = readLeaf(leafOf(DEFAULT_SETTINGS, key), text);
  if (value === null)
    return fail(
      'invalid-input',
      `${key} cannot be ${quote(text)}.`,
      `Now it is ${quote(leafText(leafOf(settings, key)))}.`,
      { details: { field: key } },
    );
  const [group = '', name = ''] = key.split('.');
  const groups = settings as unknown as Record<string, Record<string, Leaf>>;
  return ok({ ...groups, [group]: { ...groups[group], [name]: value } } as unknown as Settings);
}

function keys(): readonly string[] {
  return Object.entries(DEFAULT_SETTINGS).flatMap(([group, values]) =>
    typeof values === 'object' ? Object.keys(values).map((name) => `${group}.${name}`) : [],
  );
}

function leafOf(settings: Settings, key: string): Leaf {
  const [group = '', name = ''] = key.split('.');
  return (settings as unknown as Record<string, Record<string, Leaf>>)[group]?.[name] ?? '';
}

function leafText(value: Leaf): string {
  if (isList(value)) return value.join(',');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function readLeaf(like: Leaf, text: string): Leaf | null {
  if (typeof like === 'string') return text;
  if (typeof like === 'number') return /^\d{1,9}$/.test(text) ? Number(text) : null;
  if (typeof like === 'boolean')
    return /^(?:true|yes|on)$/i.test(text) ? true : /^(?:false|no|off)$/i.test(text) ? false : null;
  if (isList(like)) return text === '' ? [] : text.split(',').map((part) => part.trim());
  // A structured value is JSON; its parts are validated when saved.
  const value = parseJson(text === '' ? '{}' : text);
  return isObject(value) ? value : null;
}

function isList(value: Leaf): value is readonly string[] {
  return Array.isArray(value);
}

function unknownKey(key: string): AppError {
  const [group = ''] = key.split('.');
  const near = keys().filter(
    (known) => known === `store.${key}` || known.startsWith(`${group}.`) || known.endsWith(`.${key}`),
  );
  return appError(
    'usage',
    `There is no setting ${quote(key)}.`,
    near.length > 0 ? `Did you mean ${near.join(', ')}?` : '`session-log config list` shows them all.',
  );
}
